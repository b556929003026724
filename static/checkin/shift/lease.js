/** How long a phone may work without having heard from its server (CP1, sections 2.2 and 2). Pure. */

const CLOCK_WENT_BACK_MS = 900_000;
const CLOCK_WRONG_MS = 60_000;

/**
 * Whether the lease is over: nothing heard for too long, or a clock that reads well before the last
 * time that it was. Without a contact there is nothing to be over.
 */
export function isOver({ contact_ms, lease_ms }, now) {
  if (!contact_ms || !lease_ms) return false;
  return now - contact_ms > lease_ms || contact_ms - now > CLOCK_WENT_BACK_MS;
}

/** By how much this phone's clock is before (+) the server's, as far as the anchor tells; else null. */
export function clockOffset(anchor, { wall_ms, mono_ms, boot_id }) {
  if (anchor?.boot_id !== boot_id) return null;
  return wall_ms - (anchor.server_ms + mono_ms - anchor.mono_ms);
}

/** Whether people must be told of an offset. */
export function isClockWrong(offset_ms) {
  return offset_ms !== null && Math.abs(offset_ms) > CLOCK_WRONG_MS;
}
