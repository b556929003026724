/** The one page: which screen is up, and what it says at its head. */

import { say } from "./words.js";

const SCREENS = ["setup", "ready", "work", "locked", "standby", "own"];

export function byId(id) {
  return document.getElementById(id);
}

/** Shows one screen; the root says which, for styles and whoever looks on. */
export function showScreen(name) {
  for (const each of SCREENS) byId(each).hidden = each !== name;
  byId("scanner").dataset.screen = name;
  byId("phone-menu").hidden = ["setup", "standby"].includes(name);
  byId("phone-menu").open = false;
}

export function screen() {
  return byId("scanner").dataset.screen;
}

/** A trouble in a sentence, until the next is told; nothing takes it away. */
export function tell(trouble = "") {
  byId("trouble").textContent = trouble;
  byId("trouble").hidden = !trouble;
}

export function status(words = "") {
  byId("status").textContent = words;
}

/** A note that stays while it is true: a wrong clock, a new version. */
export function notice(id, words) {
  byId(id).hidden = !words;
  byId(id).querySelector("span").textContent = words;
}

/** An element with a class and text. */
export function element(tag, className, text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

/** An icon of the sprite, as the template draws them. */
export function icon(name) {
  const drawn = byId("icon-pattern").content.firstElementChild.cloneNode(true);
  const use = drawn.querySelector("use");
  use.setAttribute("href", use.getAttribute("href").replace(/#.*$/, `#${name}`));
  return drawn;
}

/** How long ago, in words. */
export function ago(ms, now = Date.now()) {
  const minutes = Math.max(0, Math.floor((now - ms) / 60_000));
  if (minutes < 1) return say("ago_now");
  if (minutes < 60) return say("ago_minutes", { n: minutes });
  return say("ago_hours", { n: Math.floor(minutes / 60) });
}
