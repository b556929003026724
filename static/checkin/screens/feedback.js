/** What a guard hears and feels: each light has its own, so that no eye is needed. */

const TONES = {
  green: [[880, 0, 0.12], [1320, 0.12, 0.18]],
  amber: [[520, 0, 0.16], [520, 0.24, 0.16]],
  red: [[200, 0, 0.5]],
};
const SHAKES = { green: [60], amber: [80, 80, 80], red: [400] };

let audio = null;

/**
 * Wakes the sound at each touch and key: a browser lets a page sound only from then on, and a call
 * or another app may silence it again. A finger counts as a touch when it is lifted.
 */
export function wakeSoundByHand() {
  for (const hand of ["pointerup", "click", "keydown"]) document.addEventListener(hand, wakeSound);
}

function wakeSound() {
  const Context = window.AudioContext ?? window.webkitAudioContext;
  if (!Context) return;
  audio ??= new Context();
  if (audio.state !== "running") audio.resume().catch(() => {}); // on an iPhone also "interrupted"
}

/** Whether this phone can sound at all. */
export function canSound() {
  return Boolean(window.AudioContext ?? window.webkitAudioContext);
}

export function signal(light, { silent }) {
  navigator.vibrate?.(SHAKES[light]);
  if (silent || audio === null || audio.state !== "running") return;
  for (const [hertz, after_s, for_s] of TONES[light]) {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    const start = audio.currentTime + after_s;
    tone.type = light === "red" ? "square" : "sine";
    tone.frequency.value = hertz;
    volume.gain.setValueAtTime(0.25, start);
    volume.gain.exponentialRampToValueAtTime(0.001, start + for_s);
    tone.connect(volume).connect(audio.destination);
    tone.start(start);
    tone.stop(start + for_s);
  }
}
