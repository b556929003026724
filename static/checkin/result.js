/** The light: one verdict that fills the screen, by colour, shape, words, sound and vibration. */

import { signal } from "./feedback.js";
import { otherText, say, text, when } from "./words.js";

const GREEN = new Set(["admit", "exit_ok"]);
const RED = new Set(["wrong_zone", "expired", "revoked", "wrong_conference", "unknown"]);
const GREEN_STAYS_MS = 2_500;

/** The light of a code; what is not known here is red. */
export function lightOf({ code, admit }) {
  if (RED.has(code)) return "red";
  if (GREEN.has(code)) return admit ? "green" : "red";
  return say(code) ? "amber" : "red";
}

/** The sentence that tells why, with the facts of the verdict. */
export function reasonOf({ code, params }, { zone, gateName, timeZone, language }) {
  const key = ["why", code, params.why ?? params.rule ?? params.what].filter(Boolean).join("_");
  const instant = params.since_ms ?? params.from_ms ?? params.until_ms;
  return say(key, {
    when: instant === undefined ? "" : when(instant, timeZone, language),
    gate: gateName(params.gate),
    zone: text(zone?.name, language),
  });
}

export class Result {
  /**
   * @param {HTMLElement} screen
   * @param {() => void} done called when the guard goes on
   */
  constructor(screen, done) {
    Object.assign(this, { screen, done, timer: null });
    this.byId("next").addEventListener("click", () => this.hide());
    screen.addEventListener("click", (event) => {
      if (!event.target.closest("button") && this.isGreen) this.hide();
    });
  }

  get isShown() {
    return !this.screen.hidden;
  }

  get isGreen() {
    return this.isShown && this.screen.dataset.light === "green";
  }

  /**
   * @param {object} verdict
   * @param {object|null} person name, native_name, title, delegation, class and flags, as far as known
   * @param {object} place what the sentences need: rules, zone, time zone, language, silent
   */
  show(verdict, person, place) {
    const light = lightOf(verdict);
    const { language } = place;
    this.screen.dataset.light = light;
    this.put("result-order", say(verdict.admit || light !== "green" ? light : "red"));
    this.put("result-title", say(verdict.code) || verdict.code);
    this.put("result-reason", reasonOf(verdict, place));
    this.put("result-name", person?.name ?? "");
    this.put("result-native", person?.native_name ?? "");
    this.put("result-post", both(person?.title, language));
    this.put("result-delegation", both(place.delegation(person?.delegation), language));
    this.put("result-class", className(person, place));
    const also = verdict.also.map((code) => say(code)).join(" · ");
    this.put("result-also", also && say("also", { reasons: also }));
    this.screen.hidden = false;
    this.byId("next").focus();
    signal(light, place);
    clearTimeout(this.timer);
    if (light === "green") this.timer = setTimeout(() => this.hide(), GREEN_STAYS_MS);
  }

  hide() {
    clearTimeout(this.timer);
    if (this.screen.hidden) return;
    this.screen.hidden = true;
    this.done();
  }

  byId(id) {
    return document.getElementById(id);
  }

  put(id, words) {
    this.byId(id).textContent = words;
  }
}

function both(words, language) {
  return [text(words, language), otherText(words, language)].filter(Boolean).join(" · ");
}

function className(person, place) {
  if (!person) return "";
  const name = both(place.badgeClass(person.class), place.language);
  const vip = person.flags?.includes("vip") ? say("vip") : "";
  return [name, vip].filter(Boolean).join(" · ");
}
