/** What this phone keeps between two visits: its device and token, the rules, a counter. */

const KEYS = { device: "checkin.device", rules: "checkin.rules", install: "checkin.install" };
const COUNTERS = { seq: "checkin.seq" };
const UNSENT = "checkin.unsent";
const SILENT = "checkin.silent";
const MOST_UNSENT = 200;

/** The enrolment's answer (device, token, conference), or null. */
export function device() {
  return read(KEYS.device);
}

export function keepDevice(enrolled) {
  forget();
  write(KEYS.device, enrolled);
}

/** The snapshot's rules with their cursor, or null. */
export function rules() {
  return read(KEYS.rules);
}

export function keepRules(held) {
  write(KEYS.rules, held);
}

/** Leaves nothing of a device behind but what was not sent yet. */
export function forget() {
  localStorage.removeItem(KEYS.device);
  localStorage.removeItem(KEYS.rules);
  localStorage.removeItem(COUNTERS.seq);
}

/** The id of this installation: one for as long as the browser keeps its storage. */
export function installId() {
  let id = localStorage.getItem(KEYS.install);
  if (id === null) {
    id = crypto.randomUUID();
    localStorage.setItem(KEYS.install, id);
  }
  return id;
}

/** The next number of a scan, from 1. */
export function nextSeq() {
  const seq = Number(localStorage.getItem(COUNTERS.seq) ?? 0) + 1;
  localStorage.setItem(COUNTERS.seq, String(seq));
  return seq;
}

/** Records that this phone judged alone and the server has not named yet. */
export function unsent() {
  return read(UNSENT) ?? [];
}

export function keepUnsent(records) {
  write(UNSENT, records.slice(-MOST_UNSENT));
}

export function isSilent() {
  return localStorage.getItem(SILENT) === "yes";
}

export function beSilent(silent) {
  localStorage.setItem(SILENT, silent ? "yes" : "no");
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

function write(key, value) {
  localStorage.setItem(key, JSON.stringify(value));
}
