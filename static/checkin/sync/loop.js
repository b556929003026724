/**
 * Keeps phone and server in step by itself: at each wish, when the line returns, when the page is
 * seen again, and by the clock. One turn at a time.
 */

import { Standing } from "../store/device.js";
import * as outbox from "../store/outbox.js";
import * as roster from "../store/roster.js";
import * as who from "../store/device.js";
import { Refused, Unreachable } from "./api.js";
import { deliver } from "./upload.js";

const MOST_AT_ONCE = 200;
const LIFE_SIGN_EVERY_MS = 300_000;
const SUSPENDED_EVERY_MS = 60_000;
const LONGEST_SLEEP_MS = 60_000;
const SNAPSHOT_WITHIN_MS = 60_000;
const UPLOAD_WITHIN_MS = 30_000;

export class Sync {
  /**
   * @param {{api: object, line: object, status: () => Promise<object>,
   *   stand: (standing: string) => Promise<void>, fresh: () => Promise<void>,
   *   counted: () => Promise<void>, broken: (trouble: Error) => void,
   *   atTheDoor: Set<string>}} parts `stand` hears how the server says the phone stands,
   *   `fresh` of a snapshot applied, `counted` after every turn, `broken` of what must not happen;
   *   `atTheDoor` are the scans that the door is asking about itself
   */
  constructor(parts) {
    Object.assign(this, parts, { device: null, timer: null, turning: null, again: false, isOn: false, news: 0 });
    this.forget();
  }

  /** Begins to work for this device's record. */
  start(device) {
    this.device = device;
    this.isOn = true;
    this.nudge();
  }

  stop() {
    this.isOn = false;
    clearTimeout(this.timer);
  }

  /** Asks for everything anew: after an enrolment, after a wipe. */
  forget() {
    Object.assign(this, { life_ms: 0, pulled_ms: 0, tidied_ms: 0, suspended_ms: 0 });
  }

  /** As `nudge`, with a new snapshot whether or not it is due. */
  retry() {
    Object.assign(this, { pulled_ms: 0, suspended_ms: 0 });
    return this.nudge();
  }

  /** Gives a sign of life now, as there is something new to say. */
  sign() {
    Object.assign(this, { life_ms: 0, news: this.news + 1 });
    return this.nudge();
  }

  /** Wishes for a turn now; resolves when it is over. */
  nudge() {
    if (!this.isOn) return Promise.resolve();
    clearTimeout(this.timer);
    this.again = true;
    this.turning ??= this.#turns().finally(() => {
      this.turning = null;
    });
    return this.turning;
  }

  async #turns() {
    while (this.again && this.isOn) {
      this.again = false;
      await this.#turn();
    }
    await this.counted();
    if (this.isOn) this.timer = setTimeout(() => this.nudge(), await this.#sleep());
  }

  async #turn() {
    try {
      await this.#formers();
      if (this.device === null) return;
      if (this.device.standing === Standing.REVOKED) await this.#quarantine(this.device.device.id, this.device.token);
      else if (this.device.standing !== Standing.UNENROLLED) await this.#inStep();
    } catch (trouble) {
      await this.#face(trouble);
    }
  }

  async #inStep() {
    if (Date.now() < this.suspended_ms) return;
    for (const [matter, step] of [
      ["scan", () => this.#recover()],
      ["scans", () => this.#upload()],
      ["snapshot", () => this.#pull()],
    ]) {
      if (this.line.isHeld(matter, Date.now())) continue;
      try {
        await step();
      } catch (trouble) {
        if (!this.#isHeldNow(trouble, matter)) throw trouble;
      }
    }
    if (Date.now() - this.tidied_ms > LIFE_SIGN_EVERY_MS) {
      this.tidied_ms = Date.now();
      await outbox.tidy(Date.now());
    }
  }

  /** Scans that were on their way when the page was killed: the same records, once more. */
  async #recover() {
    for (const row of await outbox.pending()) {
      if (this.atTheDoor.has(row.scan_id)) continue;
      try {
        const { verdict } = await this.api.post("scan/", { scan: row.record, want_card: false });
        await outbox.decide(row.scan_id, verdict, Date.now());
      } catch (trouble) {
        if (!(trouble instanceof Refused) || ![400, 404, 409].includes(trouble.status)) throw trouble;
        const { code, detail } = trouble;
        await outbox.settle([{ scan_id: row.scan_id, result: "invalid", code, detail }], Date.now());
      }
    }
  }

  /** All that is queued; if that is nothing, the sign of life when it is due. */
  async #upload() {
    const others = (await who.formers()).map(({ id }) => id);
    let rows = await outbox.queued(MOST_AT_ONCE, { not: others });
    if (rows.length === 0 && Date.now() - this.life_ms < LIFE_SIGN_EVERY_MS) return;
    const hadScans = rows.length > 0;
    do {
      const sent = rows.length;
      await this.#say(rows);
      rows = await outbox.queued(MOST_AT_ONCE, { not: others });
      // What the server did not name is not asked about again in the same breath.
      if (rows.length === sent && sent < MOST_AT_ONCE) break;
    } while (rows.length > 0);
    // What was sent still counted as waiting then. Who goes is not heard again to put that right.
    if (hadScans && rows.length === 0 && !this.device.on_shift) await this.#send("scans/", []);
  }

  /** What goes with the scans is a sign of life, unless there was something new to say before it arrived. */
  async #say(rows) {
    const { news } = this;
    await this.#send("scans/", rows);
    if (news === this.news) this.life_ms = Date.now();
  }

  async #send(address, rows, token) {
    const post = async (scans) => {
      const status = await this.status();
      return this.api.post(address, { scans, status }, { zipped: true, token, within_ms: UPLOAD_WITHIN_MS });
    };
    await deliver(
      rows.map(({ record }) => record),
      post,
      (results) => outbox.settle(results, Date.now()),
    );
  }

  async #pull() {
    const held = await roster.held();
    const every_ms = (held?.poll_s ?? 0) * 1_000;
    if (Date.now() - this.pulled_ms < every_ms) return;
    const asked = held?.cursor ?? null;
    const address = asked ? `snapshot/?cursor=${encodeURIComponent(asked)}` : "snapshot/";
    const answer = await this.api.get(address, { etag: asked, within_ms: SNAPSHOT_WITHIN_MS });
    if (answer === null) {
      await roster.confirm(Date.now());
    } else {
      if (!roster.isSnapshot(answer)) throw new Unreachable("no_network");
      await roster.apply(answer, { asked, now: Date.now() });
      await this.fresh();
    }
    this.pulled_ms = Date.now();
    await this.stand(Standing.ACTIVE);
  }

  /** The queues of devices that this phone was, revoked, to where a person will look at them. */
  async #formers() {
    for (const { id, token } of await who.formers()) {
      if (await this.#quarantine(id, token)) await who.forgetFormer(id);
    }
  }

  /** Whether nothing of that device's queue is left. */
  async #quarantine(id, token) {
    if (this.line.isHeld("scans", Date.now())) return false;
    await this.#neverShown(id);
    for (;;) {
      const rows = await outbox.queued(MOST_AT_ONCE, { only: id });
      if (rows.length === 0) return true;
      await this.#send("scans/quarantine/", rows, token);
      const [first] = await outbox.queued(1, { only: id });
      if (first?.scan_id === rows[0].scan_id) return false;
    }
  }

  /** Nobody saw a verdict and the server will judge no more: kept on the list for export. */
  async #neverShown(id) {
    const rows = (await outbox.pending()).filter(({ device }) => device === id);
    const results = rows.map(({ scan_id }) => ({ scan_id, result: "invalid", code: "never_shown" }));
    if (results.length) await outbox.settle(results, Date.now());
  }

  /** Whether the server only wants to be left alone in this one matter. */
  #isHeldNow(trouble, matter) {
    if (!(trouble instanceof Refused) || ![429, 503].includes(trouble.status)) return false;
    this.line.hold(matter, trouble.retry_after_s ?? 1, Date.now());
    return true;
  }

  async #face(trouble) {
    if (trouble instanceof Refused) {
      if (trouble.status === 401) return this.stand(Standing.UNENROLLED);
      if (trouble.status === 410) return this.stand(Standing.REVOKED);
      if (trouble.code === "device_suspended") {
        this.suspended_ms = Date.now() + SUSPENDED_EVERY_MS;
        this.pulled_ms = 0;
        return this.stand(Standing.SUSPENDED);
      }
      if (trouble.code === "device_active") return this.stand(Standing.ACTIVE);
      if (this.#isHeldNow(trouble, "scans")) return undefined;
    }
    if (trouble instanceof Refused || trouble instanceof Unreachable) {
      this.line.failed(Date.now());
      return undefined;
    }
    return this.broken(trouble);
  }

  async #sleep() {
    const now = Date.now();
    if (this.device?.standing === Standing.SUSPENDED) return Math.max(1_000, this.suspended_ms - now);
    const held = await roster.held().catch(() => null);
    const queued = await outbox.unsent().catch(() => 0);
    const due = Math.min(
      Math.max(this.pulled_ms + (held?.poll_s ?? 0) * 1_000, this.line.heldUntil("snapshot")),
      Math.max(queued ? 0 : this.life_ms + LIFE_SIGN_EVERY_MS, this.line.heldUntil("scans")),
    );
    return Math.min(LONGEST_SLEEP_MS, Math.max(1_000, due - now));
  }
}
