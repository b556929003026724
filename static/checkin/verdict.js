/**
 * The verdict at the door (CP1, section 4): a pure function, the same here and on the server.
 *
 * Numbers in comments are the lines of section 4. The twin of checkin/verdict.py.
 */

import { contains, period } from "./clock.js";

const ADMITTING = new Set(["admit", "exit_ok", "admit_provisional", "override_admit"]);
const OVERRIDABLE = new Set([
  "refer",
  "unconfirmed",
  "not_yet",
  "expired",
  "wrong_zone",
  "already_inside",
]);
const NEAR_AN_EDGE_MS = 900_000;

/** Whether a code lets people pass; one that is not known does not. */
export function admits(code) {
  return ADMITTING.has(code);
}

/** Whether a supervisor may wave a refusal of this code through: lines 8 to 15. */
export function mayOverride(code) {
  return OVERRIDABLE.has(code);
}

/**
 * @typedef {object} Attempt somebody at a door: all that the verdict depends on
 * @property {"ok"|"unreadable"|"wrong_conference"} read
 * @property {"valid"|"invalid"|"unknown_key"|"none"|null} signature
 * @property {number|null} qr_class
 * @property {"in"|"out"} direction
 * @property {number} now effective time of the record, ms
 * @property {boolean} uncertain
 * @property {{status: string}|null} entry the snapshot's row
 * @property {object|null} card opened
 * @property {object|null} presence of this badge in this zone (localPresence)
 * @property {object} zone of the snapshot's rules
 *
 * @param {Attempt} attempt
 * @returns {{code: string, admit: boolean, params: object, also: string[]}}
 */
export function judge(attempt) {
  const final = finalOf(attempt);
  if (final !== null) return verdict(final);
  const reasons = [...reasonsOf(attempt)];
  if (reasons.length === 0) return verdict([attempt.entry ? "admit" : "admit_provisional"]); // 16
  const others = reasons.map(([code]) => code).filter((code) => code !== reasons[0][0]);
  return verdict(reasons[0], [...new Set(others)]);
}

function verdict([code, params = {}], also = []) {
  return { code, admit: admits(code), params, also };
}

/** What ends the matter at once, lines 1 to 7; else null. */
function finalOf({ read, signature, entry = null, direction }) {
  if (read === "unreadable") return ["unknown", { why: "unreadable" }]; // 1
  if (read === "wrong_conference") return ["wrong_conference"]; // 2
  if (signature === "invalid") return ["unknown", { why: "signature" }]; // 3
  if (entry === null && signature !== "valid") {
    return ["unknown", { why: signature === "unknown_key" ? "unknown_key" : "not_found" }]; // 4
  }
  const status = entry?.status;
  if (status === "revoked") return ["revoked"]; // 5
  if (direction === "out") return ["exit_ok", status === "blocked" ? { alert: "blocked" } : {}]; // 6
  return status === "blocked" ? ["blocked"] : null; // 7
}

/** Every reason against an entry, the strongest first, lines 8 to 15. */
function* reasonsOf(attempt) {
  const { entry = null, presence = null, qr_class, zone, now, uncertain } = attempt;
  const card = entry === null ? null : (attempt.card ?? null);
  if (entry === null && !zone.provisional.includes(qr_class)) yield ["refer", { why: "not_listed" }]; // 8
  if (entry?.status === "unconfirmed") yield ["unconfirmed"]; // 9
  if (entry !== null && card === null) yield ["refer", { why: "card" }]; // 10
  if (card !== null) {
    yield* outside([card.valid ?? [null, null]], "badge", now, uncertain); // 11
    const isOpen = zone.open_to.includes(card.class) || card.zones?.includes(zone.id);
    if (!isOpen) yield ["wrong_zone"]; // 12
  }
  yield* outside(zone.windows, "zone", now, uncertain); // 13
  if (card !== null) yield* referred(card.flags ?? [], zone); // 14
  if (presence !== null) yield* repeated(presence, zone, now); // 15
}

/** Why `now` is in none of the windows, or too near to an edge to tell (W). */
function* outside(windows, what, now, uncertain) {
  const edges = windows.flat().filter((edge) => edge !== null);
  if (uncertain && edges.some((edge) => Math.abs(now - edge) < NEAR_AN_EDGE_MS)) {
    yield ["refer", { why: "time" }];
    return;
  }
  if (edges.length === 0 || windows.some((window) => contains(window, now))) return;
  const later = windows.map(([from]) => from).filter((from) => from !== null && from > now);
  if (later.length > 0) {
    yield ["not_yet", { what, from_ms: Math.min(...later) }];
  } else {
    const ends = windows.map(([, until]) => until).filter((until) => until !== null);
    yield ["expired", { what, until_ms: Math.max(...ends) }];
  }
}

/** Why the card sends its bearer to the desk. */
function* referred(flags, zone) {
  if (flags.includes("desk")) yield ["refer", { why: "desk" }];
  else if (flags.includes("escort") && zone.escort) yield ["refer", { why: "escort" }];
}

/** Why this entry would be a repeat in the zone's present period. */
function* repeated({ in_ms, inside, gate }, { reentry, resets }, now) {
  if (in_ms === null || period(resets, in_ms) !== period(resets, now)) return;
  const told = { since_ms: in_ms, gate };
  if (reentry === "never") yield ["already_inside", { rule: "once", ...told }];
  else if (reentry === "after_exit" && inside) {
    yield ["already_inside", { rule: "anti_passback", ...told }];
  }
}
