/**
 * Whether this phone could work a whole shift without a line. Pure: facts in, a list of checks out.
 *
 * `good` is fine, `warn` should be looked at, `bad` keeps the shift from starting.
 */

import { isClockWrong } from "./lease.js";

const OLD_MS = 600_000;
const LEAST_FREE = 20_000_000;

/**
 * @typedef {object} Facts
 * @property {{cards: number, synced_ms: number}|null} held the snapshot
 * @property {boolean} isLeaseOver
 * @property {{whole: boolean, fonts: boolean}|null} worker what the service worker says; null if there is none
 * @property {boolean} hasFailed the browser could not keep the page
 * @property {boolean} needsFonts the device has no Chinese font of its own
 * @property {boolean} canWrite a test entry went to the disk
 * @property {boolean} persisted
 * @property {number|null} free bytes of storage
 * @property {number|null} offset_ms of the clock
 * @property {"granted"|"prompt"|"denied"|"none"} camera
 * @property {boolean} sounds
 * @property {boolean} installed
 *
 * @param {Facts} facts
 * @returns {{id: string, state: "good"|"warn"|"bad", told: string}[]} `told` picks the sentence
 */
export function checks(facts, now) {
  const list = [cards(facts, now), pageKept(facts), storage(facts), persistence(facts), clock(facts)];
  return [...list, camera(facts), sound(facts), installed(facts), ...fonts(facts)];
}

/** Whether nothing speaks against a shift. */
export function isReady(list) {
  return list.every(({ state }) => state !== "bad");
}

function cards({ held, isLeaseOver }, now) {
  if (held === null || isLeaseOver) return check("cards", "bad", "none");
  if (held.cards === 0) return check("cards", "warn", "empty");
  return now - held.synced_ms > OLD_MS ? check("cards", "warn", "old") : check("cards", "good");
}

function pageKept({ worker, hasFailed }) {
  if (worker === null) return check("page", "bad", hasFailed ? "failed" : "none");
  return worker.whole ? check("page", "good") : check("page", "bad", "part");
}

function storage({ canWrite, free }) {
  if (!canWrite) return check("storage", "bad", "broken");
  if (free !== null && free < LEAST_FREE) return check("storage", "bad", "full");
  return check("storage", "good");
}

function persistence({ persisted }) {
  return persisted ? check("persisted", "good") : check("persisted", "warn");
}

function clock({ offset_ms }) {
  if (offset_ms === null) return check("clock", "warn", "unknown");
  return isClockWrong(offset_ms) ? check("clock", "warn", "wrong") : check("clock", "good");
}

function camera({ camera: state }) {
  if (state === "none") return check("camera", "warn", "none");
  if (state === "denied") return check("camera", "warn", "denied");
  return check("camera", "good", state === "granted" ? "good" : "prompt");
}

function sound({ sounds }) {
  return sounds ? check("sound", "good") : check("sound", "warn");
}

function installed({ installed: yes }) {
  return yes ? check("installed", "good") : check("installed", "warn");
}

/** Only a device without Chinese fonts of its own need hear of them. */
function fonts({ needsFonts, worker }) {
  if (!needsFonts) return [];
  return [worker?.fonts ? check("fonts", "good") : check("fonts", "warn")];
}

function check(id, state, told = state) {
  return { id, state, told: `ready_${id}_${told}` };
}
