/**
 * The time of a scan, from its record alone, and the periods of a zone (CP1, sections 2 and 3).
 *
 * The twin of checkin/effective_time.py, with what only a phone needs: anchors and runs of the
 * monotonic clock. All instants are whole milliseconds.
 */

const ANSWER_WITHIN_MS = 5_000;
const CLOCKS_MAY_PART_MS = 2_000;

/**
 * When a scan happened.
 * @param {{wall_ms: number, boot_id: string, mono_ms: number,
 *   anchor: {server_ms: number, mono_ms: number, boot_id: string}|null}} record
 * @returns {{t: number, uncertain: boolean}}
 */
export function effectiveTime({ wall_ms, boot_id, mono_ms, anchor }) {
  if (anchor === null) return { t: wall_ms, uncertain: true };
  if (anchor.boot_id === boot_id) {
    return { t: anchor.server_ms + mono_ms - anchor.mono_ms, uncertain: false };
  }
  // A dead clock says 1970, yet the scan came after its last anchor.
  return { t: Math.max(wall_ms, anchor.server_ms), uncertain: true };
}

/** The largest of the sorted resets that is not after `t`, or 0. */
export function period(resets, t) {
  return resets.findLast((reset) => reset <= t) ?? 0;
}

/** Whether a half-open window `[from, until]` contains `t`; null is no bound. */
export function contains([from, until], t) {
  return (from === null || from <= t) && (until === null || t < until);
}

/**
 * The anchor that an answer gives, or null if it took longer than 5 s.
 * @param {{header_ms: number, sent_ms: number, arrived_ms: number, boot_id: string}} answer its
 *   CP1-Time, and the monotonic clock when it was asked for and when it came, in one run
 */
export function anchorOf({ header_ms, sent_ms, arrived_ms, boot_id }) {
  const trip = arrived_ms - sent_ms;
  if (trip < 0 || trip > ANSWER_WITHIN_MS) return null;
  return { server_ms: header_ms + Math.floor(trip / 2), mono_ms: arrived_ms, boot_id };
}

/**
 * Whether the two clocks moved apart by more than 2 s between two looks at both: the phone slept or
 * its clock was set, and a new run (boot_id) begins.
 * @param {{wall_ms: number, mono_ms: number}} before
 * @param {{wall_ms: number, mono_ms: number}} after
 */
export function clocksParted(before, after) {
  const wall = after.wall_ms - before.wall_ms;
  const mono = after.mono_ms - before.mono_ms;
  return Math.abs(wall - mono) > CLOCKS_MAY_PART_MS;
}
