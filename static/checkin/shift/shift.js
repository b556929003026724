/** The shift of this phone: what it is, what it knows, how it stands. No screens here. */

import { importKeys } from "../codec.js";
import { Boot } from "../records.js";
import { text } from "../screens/words.js";
import * as who from "../store/device.js";
import { Standing } from "../store/device.js";
import { moveIn } from "../store/moving.js";
import * as outbox from "../store/outbox.js";
import * as roster from "../store/roster.js";
import { Api } from "../sync/api.js";
import { Sync } from "../sync/loop.js";
import { mayOverride } from "../verdict.js";
import { Door } from "./door.js";
import { clockOffset, isOver } from "./lease.js";
import { Line } from "./line.js";

const NOTED_EVERY_MS = 15_000;

export class Shift {
  /**
   * @param {{setup: object, drawn: () => void, stood: () => void, learned: () => Promise<void>,
   *   turned: () => Promise<void>, broken: (trouble: Error) => void}} parts what the screens do when
   *   the line or the figures, the standing or the rules have changed, and after a turn of the sync
   */
  constructor({ setup, ...screens }) {
    Object.assign(this, { setup, language: setup.language }, screens);
    Object.assign(this, { record: null, rules: null, held: null, settings: {}, zone: null });
    Object.assign(this, { queued: 0, contact_ms: 0, noted_ms: 0 });
    this.boot = new Boot();
    this.line = new Line(this.drawn);
    this.api = new Api({ base: setup.api, language: setup.language, boot: this.boot, heard: (answer) => this.#heard(answer) });
    this.door = new Door({ api: this.api, line: this.line, boot: this.boot, queued: () => this.sendSoon() });
    this.sync = new Sync({
      api: this.api,
      line: this.line,
      status: () => this.#lifeSigns(),
      stand: (standing) => this.stand(standing),
      fresh: () => this.learn(),
      counted: () => this.#counted(),
      broken: this.broken,
      atTheDoor: this.door.asking,
    });
  }

  /** Takes up what the phone remembers. */
  async recall() {
    await moveIn();
    this.settings = (await who.recall("settings")) ?? {};
    this.contact_ms = (await who.recall("contact_ms")) ?? 0;
    this.api.anchor = (await who.recall("anchor")) ?? null;
    this.record = await who.device();
  }

  /** Works from now on as the device it is. */
  async work() {
    this.api.token = this.record?.token ?? null;
    await this.learn();
    await this.checkLease();
    this.stood();
    this.sync.start(this.record);
  }

  async enrol(code) {
    const asked = { enrolment: code, install_id: await who.installId(), app: this.setup.app };
    this.record = await who.enrol(await this.api.post("enrolments/", asked));
    this.zone = null;
    this.sync.forget();
    await this.work();
  }

  async begin() {
    await this.#turn({ on_shift: true });
  }

  /** The guard goes: what waits is sent, and the server hears that nobody works here now. */
  async end() {
    if (this.isWorking) await this.#turn({ on_shift: false });
  }

  get standing() {
    return this.record?.standing ?? Standing.UNENROLLED;
  }

  get isWorking() {
    return this.standing === Standing.ACTIVE && this.record.on_shift && this.rules !== null;
  }

  /** The server, or the lease, says how the phone stands. */
  async stand(standing) {
    if (!this.record || this.standing === standing) return;
    const isWiped = standing === Standing.REVOKED || standing === Standing.EXPIRED;
    const on_shift = isWiped || standing === Standing.UNENROLLED ? false : this.record.on_shift;
    this.record = await who.change({ standing, on_shift }, { wiped: isWiped });
    this.sync.device = this.record;
    if (isWiped) {
      this.sync.forget();
      await this.learn();
    }
    this.stood();
    this.sendSoon();
  }

  get isLeaseOver() {
    return isOver({ contact_ms: this.contact_ms, lease_ms: this.held?.lease_ms }, Date.now());
  }

  async checkLease() {
    const mayExpire = this.standing === Standing.ACTIVE || this.standing === Standing.SUSPENDED;
    if (this.record && mayExpire && this.isLeaseOver) await this.stand(Standing.EXPIRED);
  }

  /** Takes rules and cursor from the store into use. */
  async learn() {
    [this.rules, this.held, this.queued] = await Promise.all([roster.rules(), roster.held(), outbox.unsent()]);
    if (!this.record) return;
    await this.#moved();
    const { device, conference } = this.record;
    const keys = await importKeys(this.rules?.keys ?? []);
    this.door.learn({ device, conference, keys, cursor: this.held?.cursor ?? null });
    const zones = this.zones;
    const wanted = this.zone?.id ?? this.settings.zone;
    this.zone = zones.find(({ id }) => id === wanted) ?? zones[0] ?? null;
    await this.learned();
  }

  /** The zones that this phone serves. */
  get zones() {
    return (this.rules?.zones ?? []).filter(({ id }) => this.record.device.zones.includes(id));
  }

  get where() {
    return { zone: this.zone, direction: this.settings.direction ?? "in" };
  }

  choose(members) {
    Object.assign(this.settings, members);
    if (members.zone) this.zone = this.zones.find(({ id }) => id === members.zone) ?? null;
    who.remember("settings", this.settings).catch(this.broken);
  }

  /** What the sentences on the screens need. */
  place() {
    const { rules, language, settings } = this;
    const find = (list, id) => rules?.[list]?.find((each) => each.id === id)?.name;
    return {
      language,
      timeZone: this.record?.conference.tz,
      silent: settings.silent,
      zone: this.zone,
      gateName: (id) => text(find("gates", id), language),
      zoneName: (id) => find("zones", id),
      delegation: (id) => find("delegations", id),
      badgeClass: (id) => find("classes", id),
      attention: (id) => rules?.texts?.[id],
      mayOverride: (outcome) => this.#mayOverride(outcome),
    };
  }

  /** By how much this phone's clock is before the server's; null while it is not known. */
  get offset_ms() {
    return clockOffset(this.api.anchor, this.boot.look());
  }

  /** The server's time, as far as it is known. */
  get now() {
    return Date.now() - (this.offset_ms ?? 0);
  }

  /** Lets what is being done end first. */
  sendSoon() {
    setTimeout(() => this.sync.nudge(), 0);
  }

  async recount() {
    [this.queued, this.held] = await Promise.all([outbox.unsent(), roster.held()]);
    this.drawn();
  }

  /** The organiser may have moved the phone to another gate, or given it other tasks. */
  async #moved() {
    const told = this.rules?.device;
    if (!told || Object.keys(told).every((name) => JSON.stringify(told[name]) === JSON.stringify(this.record.device[name]))) return;
    this.record = await who.change({ device: { ...this.record.device, ...told } });
    this.sync.device = this.record;
  }

  #mayOverride({ verdict, record }) {
    return (
      mayOverride(verdict.code) &&
      record.direction === "in" &&
      record.lookup !== null &&
      Boolean(this.rules?.supervisors?.length) &&
      this.record.device.capabilities.includes("override")
    );
  }

  async #turn(shift) {
    this.record = await who.change(shift);
    this.sync.device = this.record;
    this.stood();
    await this.sync.sign();
  }

  async #counted() {
    await this.recount();
    if (this.api.anchor) await who.remember("anchor", this.api.anchor);
    await this.turned();
  }

  #heard({ ok, status, asked_ms }) {
    if (status < 500) this.line.heard(asked_ms);
    if (!ok) return;
    this.contact_ms = Date.now();
    if (this.contact_ms - this.noted_ms < NOTED_EVERY_MS) return;
    this.noted_ms = this.contact_ms;
    who.remember("contact_ms", this.contact_ms).catch(this.broken);
  }

  async #lifeSigns() {
    const battery = await navigator.getBattery?.().catch(() => null);
    return {
      queued: await outbox.unsent(),
      on_shift: Boolean(this.record?.on_shift),
      wall_ms: Date.now(),
      app: this.setup.app,
      ...(this.held ? { cursor: this.held.cursor } : {}),
      ...(battery ? { battery: Math.round(battery.level * 100) } : {}),
    };
  }
}
