/**
 * The phone's own scans, from the moment of the scan until a day after the server has named them.
 *
 * A row is `{scan_id, device, lookup, state, decided, told, seen, settled_ms?, record}`; `told` is the
 * whole verdict. Its state:
 * - pending: on its way to `scan/`, nobody has seen a verdict;
 * - queued: judged here, waits for `scans/`;
 * - kept: the server has it; stays a day as history and for the phone's own presence.
 */

import { note, read, write } from "./db.js";

const KEPT_MS = 86_400_000;
/** Results after which a scan leaves the queue. */
const SETTLED = new Set(["stored", "duplicate", "quarantined"]);

/**
 * Gives a record its number and keeps it, in one transaction.
 * @returns {Promise<object>} the row
 */
export function commit(record, { device, state, told = null }) {
  return write(["meta", "scans"], async (transaction) => {
    const meta = transaction.objectStore("meta");
    const seq = ((await meta.get("seq")) ?? 0) + 1;
    const row = {
      scan_id: record.scan_id,
      device,
      lookup: record.lookup ?? "",
      state,
      decided: null,
      told,
      seen: false,
      record: { ...record, seq },
    };
    await Promise.all([meta.put(seq, "seq"), transaction.objectStore("scans").add(row)]);
    return row;
  });
}

/** The server has decided a pending scan: it needs no upload. */
export function decide(scan_id, verdict, now) {
  return amend(scan_id, (row) => ({
    ...row,
    state: "kept",
    decided: verdict.code,
    told: verdict,
    settled_ms: now,
  }));
}

/** The phone itself has judged a pending scan: the same record, to be uploaded. */
export function judged(scan_id, verdict) {
  return amend(scan_id, (row) => ({
    ...row,
    state: "queued",
    told: verdict,
    record: { ...row.record, shown: verdict.code, offline: true },
  }));
}

/** Takes back a pending scan that the server has refused to hear; its number is free again. */
export function drop(scan_id) {
  return write(["meta", "scans"], async (transaction) => {
    const meta = transaction.objectStore("meta");
    const scans = transaction.objectStore("scans");
    const row = await scans.get(scan_id);
    if (row?.state !== "pending") return;
    await scans.delete(scan_id);
    if ((await meta.get("seq")) === row.record.seq) await meta.put(row.record.seq - 1, "seq");
  });
}

/** Notes that the guard has seen the verdict. */
export function seen(scan_id) {
  return note("scans", async ({ store }) => {
    const row = await store.get(scan_id);
    if (row && !row.seen) await store.put({ ...row, seen: true });
  });
}

/** The next queued rows of a device (of all devices but those of `not`), oldest first. */
export function queued(most, { only = null, not = [] } = {}) {
  return read("scans", async ({ store }) => {
    const rows = await store.index("state").getAll("queued");
    const isMeant = ({ device }) => (only === null ? !not.includes(device) : device === only);
    return rows.filter(isMeant).slice(0, most);
  });
}

export function pending() {
  return read("scans", ({ store }) => store.index("state").getAll("pending"));
}

/** How many scans the server has not named yet. */
export function unsent() {
  return read("scans", async ({ store }) => {
    const state = store.index("state");
    return (await state.count("queued")) + (await state.count("pending"));
  });
}

/** The phone's own scans of a badge. */
export function rowsOf(lookup) {
  return read("scans", ({ store }) => store.index("lookup").getAll(lookup));
}

/** Own scans since an instant of the wall clock, the newest first. */
export function since(wall_ms) {
  return read("scans", async ({ store }) => {
    const rows = await store.getAll(IDBKeyRange.lowerBound(firstIdAt(wall_ms)));
    return rows.reverse();
  });
}

/**
 * Moves scans as the server's results say: known ones to the day's history, refused ones to the
 * list that is kept for export. What was not named stays.
 * @param {{scan_id: string, result: string, code?: string, detail?: string}[]} results
 */
export function settle(results, now) {
  return write(["scans", "refused"], async (transaction) => {
    const scans = transaction.objectStore("scans");
    for (const { scan_id, result, code = "", detail = "" } of results) {
      const row = await scans.get(scan_id);
      if (!row || row.state === "kept") continue;
      if (!SETTLED.has(result) && result !== "invalid") continue;
      if (result === "invalid") {
        const { device, record } = row;
        await transaction.objectStore("refused").add({ scan_id, code, detail, at_ms: now, device, record });
      }
      // For the phone's own presence it has happened, whatever the server makes of it.
      await scans.put({ ...row, state: "kept", settled_ms: now });
    }
  });
}

/** Records that the server would not take, all of them, ready to be exported. */
export function refused() {
  return read("refused", ({ store }) => store.getAll());
}

/** Forgets what has been settled for a day. */
export function tidy(now) {
  return note("scans", async ({ store }) => {
    const old = await store.index("settled_ms").getAllKeys(IDBKeyRange.upperBound(now - KEPT_MS));
    await Promise.all(old.map((scan_id) => store.delete(scan_id)));
  });
}

/** Changes a pending row and returns what stands: if it was settled meanwhile, that stands. */
function amend(scan_id, changed) {
  return write("scans", async ({ store }) => {
    const row = await store.get(scan_id);
    if (row?.state !== "pending") return row;
    const after = changed(row);
    await store.put(after);
    return after;
  });
}

/** The least UUIDv7 of an instant. */
function firstIdAt(ms) {
  const hex = Math.max(0, ms).toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}
