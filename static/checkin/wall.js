// The wall screen: panels that take turns, the venue's clock, full screen, and a display that stays awake.
import { askAgainWhenSeen, stayAwake } from "./screens/awake.js";

const TURN_MS = 12_000;
const STILL_MS = 4_000;
const LATEST_SHARE = 0.14; // of the height of the screen
const FITS = [1, 0.94, 0.88, 0.82, 0.76, 0.7, 0.64, 0.58, 0.52, 0.46, 0.4];

const live = document.querySelector(".wall__live");
const buttons = {
  pause: document.querySelector("[data-wall-pause]"),
  next: document.querySelector("[data-wall-next]"),
  full: document.querySelector("[data-wall-full]"),
};
const isWide = matchMedia("(min-width: 64rem)");
let turn = 0;
let timer;

const panels = () => [...live.querySelectorAll("[data-panel]")];

function show() {
  const all = panels();
  all.forEach((panel, place) => {
    panel.hidden = place !== turn % all.length;
  });
  document.documentElement.classList.add("takes-turns");
  // From below: what the latest arrivals leave is for the others.
  fit(document.getElementById("wall-latest"), (latest) => latest.clientHeight <= LATEST_SHARE * innerHeight || !isWide.matches);
  fit(document.getElementById("wall-figures"));
  if (all.length > 0) fit(all[turn % all.length]);
}

/** Nothing is cut: where there are more words than room, their type gets smaller until they fit. */
function fit(part, fits = ({ scrollHeight, clientHeight }) => scrollHeight <= clientHeight) {
  for (const size of FITS) {
    part.style.setProperty("--fit", size);
    if (fits(part)) return;
  }
}

function next() {
  turn = (turn + 1) % Math.max(panels().length, 1);
  show();
}

function keepTurning() {
  clearInterval(timer);
  if (buttons.pause.getAttribute("aria-pressed") !== "true") timer = setInterval(next, TURN_MS);
}

function pauseOrGoOn() {
  const paused = buttons.pause.getAttribute("aria-pressed") !== "true";
  buttons.pause.setAttribute("aria-pressed", String(paused));
  keepTurning();
}

const clock = document.querySelector("[data-wall-clock]");
const written = new Intl.DateTimeFormat("en-GB", {
  hour: "2-digit", minute: "2-digit", timeZone: clock.dataset.wallClock,
});
const tick = () => {
  clock.textContent = written.format(new Date());
};

let stillness;
function moved() {
  document.documentElement.classList.remove("is-still");
  clearTimeout(stillness);
  stillness = setTimeout(() => document.documentElement.classList.add("is-still"), STILL_MS);
}

live.addEventListener("live:swapped", show);
addEventListener("resize", show);
document.fonts.ready.then(show);
askAgainWhenSeen();
addEventListener("pointermove", moved);
addEventListener("keydown", (event) => {
  moved();
  if (event.target.closest("button, a")) return;
  if (event.key === " ") pauseOrGoOn();
  else if (event.key === "ArrowRight") next();
  else if (event.key === "f") toggleFull();
});

function toggleFull() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen();
}

buttons.full.hidden = !document.fullscreenEnabled;
buttons.full.addEventListener("click", toggleFull);
buttons.pause.hidden = buttons.next.hidden = panels().length < 2;
buttons.pause.addEventListener("click", pauseOrGoOn);
buttons.next.addEventListener("click", next);
show();
keepTurning();
tick();
setInterval(tick, 1000);
stayAwake(true);
moved();
