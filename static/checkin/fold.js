/**
 * The set of scans and who is where (CP1, sections 3 and 5 to 8): functions of the set, whatever the
 * order of deliveries and however often they come.
 *
 * The twin of checkin/merge.py, fold.py and counting.py. A delivery is
 * `{device, quarantine, decided, record}`.
 */

import { contains, effectiveTime, period } from "./clock.js";
import { shortHash } from "./codec.js";

const ENTERING = new Set(["admit", "admit_provisional", "override_admit"]);
const UNHEARD = new Set(["held", "rejected"]);
const ANNULLED_WITHIN_MS = 900_000;
// What the guard saw, and whether the phone judged alone, is not part of what makes it that scan.
const IDENTITY = [
  "scan_id",
  "seq",
  "via",
  "lookup",
  "unknown_hash",
  "gate",
  "zone",
  "direction",
  "wall_ms",
  "boot_id",
  "mono_ms",
  "anchor",
  "cursor",
  "override",
  "annuls",
];

/** Whether two deliveries with one scan_id are of the same scan (section 3: identity). */
export function isSameScan(one, other) {
  return (
    one.device === other.device &&
    IDENTITY.every((name) => isEqual(one.record[name], other.record[name]))
  );
}

/**
 * One delivery for each scan_id, added to those known: `decided` and `shown` are each the first that
 * is not null; held and rejected deliveries do not exist; of two scans with one id the first stands.
 * @param {Iterable<object>} deliveries
 * @param {Map<string, object>} known
 * @returns {Map<string, object>}
 */
export function merge(deliveries, known = new Map()) {
  const merged = new Map(known);
  for (const delivery of deliveries) {
    if (UNHEARD.has(delivery.quarantine)) continue;
    const first = merged.get(delivery.record.scan_id);
    merged.set(delivery.record.scan_id, first ? filled(first, delivery) : delivery);
  }
  return merged;
}

/**
 * The entries and exits among merged deliveries; refusals, annulments and what they take back left
 * out. All scans of the lookups in question must be given.
 * @returns {{kind: "entry"|"exit", zone: number, gate: number, lookup: string, scan_id: string,
 *   device: string, seq: number, t: number, uncertain: boolean, overridden: boolean}[]}
 */
export function moves(merged) {
  const scans = new Map();
  for (const { device, decided, record } of merged) {
    if (record.lookup === null) continue;
    const told = { device, verdict: record.shown ?? decided, ...effectiveTime(record) };
    scans.set(record.scan_id, { ...record, ...told });
  }
  const annulling = [...scans.values()].filter((scan) => takesBack(scan, scans));
  const taken = new Set(annulling.map((scan) => scan.annuls));
  return [...scans.values()]
    .filter((scan) => !taken.has(scan.scan_id))
    .map(moveOf)
    .filter((move) => move !== null);
}

/**
 * What the moves of one person in one zone come to, in the order of their time. Of the conflicts only
 * those that the order itself shows.
 * @param {object[]} here moves of one person in this zone
 * @param {{id: number, reentry: string, resets: number[]}} zone
 */
export function fold(here, { reentry, resets }) {
  const ordered = [...here].sort(inOrder);
  const periodOf = (move) => period(resets, move.t);
  let [inside, entries, opening, lastIn] = [false, 0, null, null];
  const clashes = [];
  for (const move of ordered) {
    if (move.kind === "exit") {
      if (!inside && reentry !== "free") clashes.push(clash("exit_without_entry", move));
      inside = false;
      continue;
    }
    const isRepeat =
      lastIn !== null &&
      !move.overridden &&
      periodOf(lastIn) === periodOf(move) &&
      (reentry === "never" || (reentry === "after_exit" && inside));
    if (isRepeat) clashes.push(clash("double_entry", lastIn, move));
    if (!inside || periodOf(opening) !== periodOf(move)) {
      opening = move;
      entries += 1;
    }
    inside = true;
    lastIn = move;
  }
  return { presence: rowOf(opening, ordered.at(-1), inside), entries, clashes };
}

/**
 * A phone's own view of one badge in one zone, for the verdict (section 6, last paragraph).
 * @param {object|null} row the snapshot's presence of this lookup and zone
 * @param {Iterable<object>} own deliveries of the phone's own scans, of whatever badge and zone
 * @param {string} lookup
 * @param {object} zone of the snapshot's rules
 * @returns {object|null} a presence row, null if nothing is known
 */
export function localPresence(row, own, lookup, zone) {
  const mine = merge([...own].filter(({ record }) => record.lookup === lookup));
  const here = moves(mine.values()).filter((move) => move.zone === zone.id);
  // Where both know a scan, the phone's own record counts, with its own annulments.
  const told = movesOfRow(row).filter((move) => !mine.has(move.scan_id));
  const all = [...here, ...told];
  return all.length === 0 ? null : fold(all, zone).presence;
}

/**
 * What all merged deliveries of one person come to, by zone id.
 * @param {Iterable<object>} merged of all the person's lookups
 * @param {Iterable<object>} zones
 * @param {{revoked?: Object<string, number|null>, blocked?: (number|null)[][]}} person
 * @returns {Map<number, {presence: object, entries: number, clashes: object[]}>}
 */
export function foldPerson(merged, zones, { revoked = {}, blocked = [] } = {}) {
  const all = moves(merged);
  const folds = new Map();
  for (const zone of zones) {
    const here = all.filter((move) => move.zone === zone.id);
    if (here.length === 0) continue;
    const folded = fold(here, zone);
    folded.clashes.push(...admittedWrongly(here, revoked, blocked), ...unsure(here, zone));
    folds.set(zone.id, folded);
  }
  return folds;
}

/** Whether a presence stands at `now`: inside, and no reset since the stay began. */
export function isInsideAt({ inside, in_ms }, now, resets) {
  return inside && period(resets, in_ms) === period(resets, now);
}

/** Counts of persons at `now` (section 8) over the folds of each person. */
export function count(persons, zones, now, unidentified = 0) {
  const rows = zones
    .map(({ id }) => ({ zone: id, arrived: 0, inside: 0, entries: 0 }))
    .sort((one, other) => one.zone - other.zone);
  const resetsOf = new Map(zones.map(({ id, resets }) => [id, resets]));
  let [arrived, inside] = [0, 0];
  for (const folds of persons) {
    const here = rows.filter(({ zone }) => folds.has(zone));
    const stays = here.filter(({ zone }) =>
      isInsideAt(folds.get(zone).presence, now, resetsOf.get(zone)),
    );
    const entered = here.filter(({ zone }) => folds.get(zone).entries > 0);
    for (const row of stays) row.inside += 1;
    for (const row of entered) {
      row.arrived += 1;
      row.entries += folds.get(row.zone).entries;
    }
    if (entered.length > 0) arrived += 1;
    if (stays.length > 0) inside += 1;
  }
  return { arrived, inside, unidentified, zones: rows };
}

/** The distinct lookups with an entry among merged deliveries. */
export function lookupsWithEntry(merged) {
  const entries = moves(merged).filter((move) => move.kind === "entry");
  return new Set(entries.map((move) => move.lookup));
}

/** The 32 hex under which a conflict of these scans is raised once. */
export function conflictId(kind, scans) {
  const named = [kind, ...[...scans].sort()].join("\n");
  return shortHash("cp1-conflict\n", new TextEncoder().encode(named));
}

function takesBack(annulment, scans) {
  const target = scans.get(annulment.annuls);
  return (
    target !== undefined &&
    target.annuls === null &&
    target.device === annulment.device &&
    target.lookup === annulment.lookup &&
    target.seq < annulment.seq &&
    annulment.t >= target.t &&
    annulment.t - target.t <= ANNULLED_WITHIN_MS
  );
}

function moveOf(scan) {
  const { direction, verdict, zone, gate, lookup, scan_id, device, seq, t, uncertain } = scan;
  const isEntry = direction === "in" && ENTERING.has(verdict);
  if (!isEntry && !(direction === "out" && verdict === "exit_ok")) return null;
  const kind = isEntry ? "entry" : "exit";
  const overridden = verdict === "override_admit";
  return { kind, zone, gate, lookup, scan_id, device, seq, t, uncertain, overridden };
}

/** The opening entry and the exit that a snapshot's row tells of. */
function movesOfRow(row) {
  const first = { device: "", seq: 0, uncertain: false, overridden: false };
  const told = [];
  if (!row) return told;
  const { inside, in_ms, in_scan, gate, at_ms, at_scan } = row;
  if (in_scan !== null) told.push({ ...first, kind: "entry", scan_id: in_scan, t: in_ms, gate });
  if (!inside && at_scan !== null && at_scan !== in_scan) {
    told.push({ ...first, kind: "exit", scan_id: at_scan, t: at_ms, gate: null });
  }
  return told;
}

function admittedWrongly(here, revoked, blocked) {
  const clashes = [];
  for (const move of here.filter(({ kind }) => kind === "entry")) {
    const since = revoked[move.lookup] ?? null;
    if (since !== null && move.t >= since) clashes.push(clash("admitted_after_revocation", move));
    if (blocked.some((window) => contains(window, move.t))) {
      clashes.push(clash("admitted_while_blocked", move));
    }
  }
  return clashes;
}

/** The moves whose place in the order is unsure and matters: another device was there too. */
function unsure(here, { reentry }) {
  const devices = new Set(here.map((move) => move.device));
  if (reentry === "free" || devices.size === 1) return [];
  return here.filter((move) => move.uncertain).map((move) => clash("time_uncertain", move));
}

function clash(kind, ...of) {
  return { kind, scans: of.map((move) => move.scan_id).sort() };
}

function rowOf(opening, last, inside) {
  return {
    inside,
    in_ms: opening?.t ?? null,
    in_scan: opening?.scan_id ?? null,
    gate: opening?.gate ?? null,
    at_ms: last?.t ?? null,
    at_scan: last?.scan_id ?? null,
  };
}

/** The one order of moves (section 6): time, device, seq, scan id; ids as ASCII text. */
function inOrder(one, other) {
  return (
    one.t - other.t ||
    byText(one.device, other.device) ||
    one.seq - other.seq ||
    byText(one.scan_id, other.scan_id)
  );
}

function byText(one, other) {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

function filled(first, later) {
  if (!isSameScan(first, later)) return first;
  const record = { ...first.record, shown: first.record.shown ?? later.record.shown };
  return { ...first, decided: first.decided ?? later.decided, record };
}

/** Equality of JSON values, whatever the order of members. */
function isEqual(one, other) {
  if (one === other) return true;
  if (typeof one !== "object" || typeof other !== "object" || !one || !other) return false;
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => isEqual(one[name], other[name]))
  );
}
