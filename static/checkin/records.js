/** Scan records (CP1, section 3), as this run of the page makes them. */

import { clocksParted } from "./clock.js";

/** The monotonic clock's run: a new one begins when the two clocks have moved apart. */
export class Boot {
  constructor() {
    this.id = crypto.randomUUID();
    this.seen = clocks();
  }

  /** Both clocks now, and the run they are of: another one if the phone slept or was set. */
  look() {
    const now = clocks();
    if (clocksParted(this.seen, now)) this.id = crypto.randomUUID();
    this.seen = now;
    return { ...now, boot_id: this.id };
  }
}

/**
 * A scan of a badge, or of a text that is none; its number comes when it is kept (outbox.js).
 * @param {{lookup: string|null, unknown_hash: string|null}} reading
 * @param {{via: "qr"|"desk", gate: number, zone: number, direction: "in"|"out",
 *   cursor: string|null, anchor: object|null}} at
 * @param {{wall_ms: number, mono_ms: number, boot_id: string}} now
 */
export function newRecord({ lookup, unknown_hash }, at, { wall_ms, mono_ms, boot_id }) {
  const { via, gate, zone, direction, cursor, anchor } = at;
  return {
    scan_id: uuid7(wall_ms),
    seq: 0,
    via,
    lookup,
    unknown_hash,
    gate,
    zone,
    direction,
    wall_ms,
    boot_id,
    mono_ms,
    anchor,
    cursor,
    offline: false,
    shown: null,
    override: null,
    annuls: null,
  };
}

/** A UUIDv7 of this instant. */
export function uuid7(ms) {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  for (let place = 5, rest = ms; place >= 0; place -= 1, rest = Math.floor(rest / 256)) {
    bytes[place] = rest % 256;
  }
  bytes[6] = 0x70 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function clocks() {
  return { wall_ms: Date.now(), mono_ms: Math.round(performance.now()) };
}
