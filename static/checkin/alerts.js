// The sound of the alerts page: off until somebody switches it on, as browsers and offices want it.

const button = document.querySelector("[data-alert-sound]");
let audio = null;
let newest = newestShown();

/** Returns the number of the newest alert on the page. */
function newestShown() {
  return Number(document.getElementById("alerts-live")?.dataset.newest ?? 0);
}

/** Two short rising tones. */
function ring() {
  for (const [start, pitch] of [[0, 660], [0.18, 880]]) {
    const tone = audio.createOscillator();
    const loudness = audio.createGain();
    const at = audio.currentTime + start;
    tone.frequency.value = pitch;
    loudness.gain.setValueAtTime(0.0001, at);
    loudness.gain.exponentialRampToValueAtTime(0.25, at + 0.02);
    loudness.gain.exponentialRampToValueAtTime(0.0001, at + 0.16);
    tone.connect(loudness).connect(audio.destination);
    tone.start(at);
    tone.stop(at + 0.18);
  }
}

if (button && "AudioContext" in window) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const wanted = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(wanted));
    button.classList.toggle("btn-primary", wanted);
    if (!wanted) return audio?.suspend();
    audio ??= new AudioContext();
    await audio.resume();
    return ring();
  });
}

document.addEventListener("htmx:afterSettle", () => {
  const shown = newestShown();
  if (shown > newest && audio?.state === "running") ring();
  newest = Math.max(newest, shown);
});
