/** Scan records (CP1, section 3), as this run of the page makes them. */

import { clocksParted } from "./clock.js";

/** The monotonic clock's run: a new one begins when the two clocks have moved apart. */
export class Boot {
  constructor() {
    this.id = crypto.randomUUID();
    this.seen = look();
  }

  /** Both clocks now; changes `id` if the phone slept or its clock was set. */
  look() {
    const now = look();
    if (clocksParted(this.seen, now)) this.id = crypto.randomUUID();
    this.seen = now;
    return now;
  }
}

/**
 * A plain scan of a badge, or of a text that is none.
 * @param {{lookup: string|null, unknown_hash: string|null}} reading
 * @param {{via: "qr"|"desk", gate: number, zone: number, direction: "in"|"out", seq: number}} at
 */
export function newRecord({ lookup, unknown_hash }, { via, gate, zone, direction, seq }, boot, anchor) {
  const { wall_ms, mono_ms } = boot.look();
  return {
    scan_id: uuid7(wall_ms),
    seq,
    via,
    lookup,
    unknown_hash,
    gate,
    zone,
    direction,
    wall_ms,
    boot_id: boot.id,
    mono_ms,
    anchor,
    cursor: null,
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

function look() {
  return { wall_ms: Date.now(), mono_ms: Math.round(performance.now()) };
}
