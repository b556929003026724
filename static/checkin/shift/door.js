/**
 * One door: from a text or a person to a verdict that is on the disk before anybody sees it.
 *
 * The server is asked first and given 1.5 s; else the phone judges the very same record by its
 * roster. No screens here: what is returned is shown by others.
 */

import { effectiveTime } from "../clock.js";
import { openCard, readBadge } from "../codec.js";
import { localPresence } from "../fold.js";
import { newRecord } from "../records.js";
import * as outbox from "../store/outbox.js";
import * as roster from "../store/roster.js";
import { Refused, Unreachable } from "../sync/api.js";
import { judge } from "../verdict.js";

const ANSWER_WITHIN_MS = 1_500;
/** After these there is no verdict and no scan. */
const STOPPING = new Set([401, 403, 410]);
/** A verdict that nobody saw is shown when the badge comes again within this time. */
const SHOWN_LATER_MS = 900_000;

const NOTHING_KNOWN = { entry: null, card: null, presence: {}, rows: [] };

/**
 * @typedef {object} Outcome what the guard is shown
 * @property {object} record
 * @property {{code: string, admit: boolean, params: object, also: string[]}} verdict
 * @property {object|null} person name, native_name, title, delegation, class, flags, attention
 * @property {boolean} offline whether the phone judged itself
 */

export class Door {
  /**
   * @param {{api: object, line: import("./line.js").Line, boot: object, queued: () => void}} parts
   *   `queued` is told when something waits to be uploaded
   */
  constructor(parts) {
    Object.assign(this, parts);
    this.known = null;
    this.asking = new Set();
  }

  /** Works from now on with this device, conference, rules, keys and cursor. */
  learn(known) {
    this.known = known;
  }

  /**
   * @param {string} text from the camera, the field or a hardware scanner
   * @param {{zone: object, direction: "in"|"out"}} where
   * @returns {Promise<Outcome>} throws Refused where the device may not scan, StorageTrouble where
   *   nothing could be kept
   */
  async scanText(text, where) {
    const { conference, keys } = this.known;
    const reading = await readBadge(text, conference.id, keys);
    if (reading.lookup === null) return this.#alone(reading, "qr", where, null, NOTHING_KNOWN);
    return this.#scan(reading, "qr", where, null);
  }

  /** Scans somebody who was found by name. */
  scanFound(person, where) {
    const reading = { read: "ok", signature: "none", class: null, lookup: person.lookup, unknown_hash: null, secret: null };
    return this.#scan(reading, "desk", where, person);
  }

  /** Lets in by a supervisor's word somebody who was refused. */
  async override({ record, verdict, person, offline }, { by, reason, note }) {
    const second = this.#repeating(record, {
      direction: "in",
      offline,
      shown: "override_admit",
      override: { by, reason, note, codes: [verdict.code, ...verdict.also] },
    });
    const row = await this.#keep(second, "queued");
    this.queued();
    const waved = { code: "override_admit", admit: true, params: {}, also: [] };
    return { record: row.record, verdict: waved, person, offline };
  }

  /** Takes back an own scan. */
  async annul({ record }) {
    const second = this.#repeating(record, { offline: true, shown: "annulled", annuls: record.scan_id });
    // Anchors differ by what the line made of them: by one and the same it comes after the scan.
    if (second.boot_id === record.boot_id) second.anchor = record.anchor;
    const row = await this.#keep(second, "queued");
    this.queued();
    return row;
  }

  async #scan(reading, via, where, person) {
    const facts = await this.#lookUp(reading);
    const card = this.#cardIn(facts.entry, reading);
    const unseen = this.#unseen(facts.rows, where);
    if (unseen?.told) {
      const { record, told } = unseen;
      return { record, verdict: told, person: person ?? (await card), offline: record.offline };
    }
    if (!unseen && !this.line.mayAsk(Date.now())) {
      return this.#alone(reading, via, where, person, { ...facts, card: await card });
    }
    const row = unseen ?? (await this.#keep(this.#recordOf(reading, via, where), "pending"));
    this.asking.add(row.scan_id);
    try {
      const answer = await this.#ask(row, via === "qr" && (await card) === null);
      if (answer === null) return await this.#afterAll(row, reading, where, person);
      await outbox.decide(row.scan_id, answer.verdict, Date.now());
      const shown = person ?? (await card) ?? (await this.#cardIn(answer.badge, reading));
      return { record: row.record, verdict: answer.verdict, person: shown, offline: false };
    } finally {
      this.asking.delete(row.scan_id);
    }
  }

  /** Judges without asking: one transaction. */
  async #alone(reading, via, where, person, facts) {
    const record = this.#recordOf(reading, via, where);
    const verdict = judgeHere(record, reading, where, facts);
    const row = await this.#keep({ ...record, shown: verdict.code, offline: true }, "queued", verdict);
    this.queued();
    return { record: row.record, verdict, person: person ?? facts.card, offline: true };
  }

  /** Judges the record that the server did not answer; what it may answer later is not heard. */
  async #afterAll(row, reading, where, person) {
    const facts = await this.#lookUp(reading);
    const card = await this.#cardIn(facts.entry, reading);
    const verdict = judgeHere(row.record, reading, where, { ...facts, card });
    const { state, told, record } = await outbox.judged(row.scan_id, verdict);
    this.queued();
    return { record, verdict: told, person: person ?? card, offline: state === "queued" };
  }

  /** The server's verdict and badge; null where the phone must judge itself. */
  async #ask({ record }, want_card) {
    try {
      const answer = await this.api.post("scan/", { scan: record, want_card }, { within_ms: ANSWER_WITHIN_MS });
      return typeof answer.verdict?.code === "string" ? answer : null;
    } catch (trouble) {
      await this.#face(trouble, record.scan_id);
      return null;
    }
  }

  async #face(trouble, scan_id) {
    const now = Date.now();
    if (trouble instanceof Unreachable) {
      this.line.failed(now);
      return;
    }
    if (!(trouble instanceof Refused)) throw trouble;
    if (STOPPING.has(trouble.status)) {
      await outbox.drop(scan_id);
      throw trouble;
    }
    if (trouble.status === 429 || trouble.status === 503) this.line.hold("scan", trouble.retry_after_s ?? 1, now);
    else if (trouble.status >= 500) this.line.failed(now);
  }

  /** An own scan of this badge here whose verdict nobody saw, as the page was killed before. */
  #unseen(rows, { zone, direction }) {
    const since = Date.now() - SHOWN_LATER_MS;
    const last = rows.reduce((newest, row) => (newest && newest.record.seq > row.record.seq ? newest : row), null);
    if (!last || last.seen || last.device !== this.known.device.id) return null;
    const { record } = last;
    const isHere = record.zone === zone.id && record.direction === direction && record.gate === this.known.device.gate;
    const isPlain = record.override === null && record.annuls === null;
    return isHere && isPlain && record.wall_ms > since ? last : null;
  }

  /** All that this phone knows of a badge. */
  async #lookUp({ lookup }) {
    const [{ entry, presence }, rows] = await Promise.all([roster.find(lookup), outbox.rowsOf(lookup)]);
    return { entry, presence, rows };
  }

  async #cardIn(entry, { secret }) {
    return entry?.card && secret ? openCard(entry.card, secret) : null;
  }

  #recordOf(reading, via, { zone, direction }) {
    const { device, cursor } = this.known;
    const now = this.boot.look();
    return newRecord(reading, { via, gate: device.gate, zone: zone.id, direction, cursor, anchor: this.api.anchor }, now);
  }

  #repeating({ lookup, via, gate, zone, direction }, members) {
    const at = { via, gate, zone, direction, cursor: this.known.cursor, anchor: this.api.anchor };
    return { ...newRecord({ lookup, unknown_hash: null }, at, this.boot.look()), ...members };
  }

  #keep(record, state, told = null) {
    return outbox.commit(record, { device: this.known.device.id, state, told });
  }
}

/** The phone's own verdict on a record. */
function judgeHere(record, reading, { zone, direction }, { entry, card, presence, rows }) {
  const { lookup } = record;
  const { t: now, uncertain } = effectiveTime(record);
  const own = rows.map(({ device, decided, record: told }) => ({ device, quarantine: null, decided, record: told }));
  return judge({
    read: reading.read,
    signature: reading.signature,
    qr_class: reading.class,
    direction,
    now,
    uncertain,
    entry,
    card,
    presence: lookup === null ? null : localPresence(presence[zone.id] ?? null, own, lookup, zone),
    zone,
  });
}
