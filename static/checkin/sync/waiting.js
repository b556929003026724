/** How long to wait before asking again (CP1, section 2). Pure. */

const LONGEST_S = 60;

/** After the n-th failure in a row (from 1): 1, 2, 4 … 60 s, and up to half as much again. */
export function backoffMs(failures, random = Math.random()) {
  const seconds = Math.min(LONGEST_S, 2 ** (failures - 1));
  return Math.round(jittered(seconds, random));
}

/** For a `Retry-After` of so many seconds. */
export function retryAfterMs(seconds, random = Math.random()) {
  return Math.round(jittered(seconds, random));
}

function jittered(seconds, random) {
  return seconds * 1_000 * (1 + random * 0.5);
}
