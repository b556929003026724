/** The light: one verdict that fills the screen, by colour, shape, words, sound and vibration. */

import { signal } from "./feedback.js";
import { otherText, say, text, when } from "./words.js";

const GREEN = new Set(["admit", "exit_ok", "override_admit"]);
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
   * @param {{done: () => void, override: (outcome: object) => void}} parts `done` is called when the
   *   guard goes on, `override` when a supervisor is to let somebody in
   */
  constructor(screen, parts) {
    Object.assign(this, { screen, timer: null, outcome: null }, parts);
    this.byId("next").addEventListener("click", () => this.hide());
    this.byId("wave").addEventListener("click", () => this.override(this.outcome));
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
   * @param {import("../shift/door.js").Outcome} outcome
   * @param {object} place what the sentences need: rules, zone, time zone, language, silent, and
   *   `mayOverride`, whether a supervisor may be called here
   */
  show(outcome, place) {
    const { verdict, person, record, offline } = outcome;
    const light = lightOf(verdict);
    const { language } = place;
    this.outcome = outcome;
    Object.assign(this.screen.dataset, { light, code: verdict.code, scan: record.scan_id, offline: offline ? "yes" : "no" });
    this.put("result-order", say(verdict.admit && light === "amber" ? "green" : light));
    this.put("result-title", say(verdict.code) || verdict.code);
    this.put("result-reason", reasonOf(verdict, place));
    this.put("result-name", person?.name ?? "");
    this.put("result-native", person?.native_name ?? "");
    this.put("result-post", both(person?.title, language));
    this.put("result-delegation", both(place.delegation(person?.delegation), language));
    this.put("result-class", person ? both(place.badgeClass(person.class), language) : "");
    this.put("result-vip", person?.flags?.includes("vip") ? say("vip") : "");
    this.put("result-attention", both(place.attention(person?.attention), language));
    const also = verdict.also.map((code) => say(code)).join(" · ");
    this.put("result-also", also && say("also", { reasons: also }));
    this.put("result-where", [text(place.zone?.name, language), offline ? say("judged_offline") : ""].filter(Boolean).join(" · "));
    this.byId("wave").hidden = !place.mayOverride(outcome);
    // What must be read stays until it was.
    this.#open(light, place, light === "green" && !person?.attention);
  }

  /** Says that nothing was recorded: never green, and stays until it is read. */
  showTrouble(code, place) {
    this.outcome = null;
    Object.assign(this.screen.dataset, { light: "red", code, scan: "", offline: "" });
    for (const id of ["name", "native", "post", "delegation", "class", "vip", "attention", "also", "where"]) this.put(`result-${id}`, "");
    this.put("result-order", say("red"));
    this.put("result-title", say("not_recorded"));
    this.put("result-reason", say(code));
    this.byId("wave").hidden = true;
    this.#open("red", place, false);
  }

  hide() {
    clearTimeout(this.timer);
    if (this.screen.hidden) return;
    this.screen.hidden = true;
    this.done();
  }

  #open(light, place, isBrief) {
    this.screen.hidden = false;
    this.byId("next").focus();
    signal(light, place);
    clearTimeout(this.timer);
    if (isBrief) this.timer = setTimeout(() => this.hide(), GREEN_STAYS_MS);
  }

  byId(id) {
    return document.getElementById(id);
  }

  put(id, words) {
    this.byId(id).textContent = words;
  }
}

/** A text in the page's language, and in the other one beside it. */
export function both(words, language) {
  return [text(words, language), otherText(words, language)].filter(Boolean).join(" · ");
}
