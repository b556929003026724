/** A supervisor's PIN, checked on the phone; wrong ones make it wait, longer each time. */

import { decodeBase64url } from "../codec.js";

const FREE_TRIES = 3;
const FIRST_WAIT_MS = 30_000;
const LONGEST_WAIT_MS = 900_000;

/**
 * Whether this PIN is the supervisor's: PBKDF2-HMAC-SHA256 with the rounds that the rules name.
 * @param {string} typed
 * @param {{salt: string, rounds: number, hash: string}} pin
 */
export async function isPin(typed, { salt, rounds, hash }) {
  const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(typed), "PBKDF2", false, ["deriveBits"]);
  const derivation = { name: "PBKDF2", hash: "SHA-256", salt: decodeBase64url(salt), iterations: rounds };
  const derived = new Uint8Array(await crypto.subtle.deriveBits(derivation, key, 256));
  const wanted = decodeBase64url(hash);
  return wanted.length === derived.length && derived.reduce((sum, byte, at) => sum | (byte ^ wanted[at]), 0) === 0;
}

/**
 * What a wrong PIN leads to: `{wrong, until_ms}`, until when nobody may try again on this phone.
 * @param {{wrong: number, until_ms: number}|null} before
 */
export function afterWrong(before, now) {
  const wrong = (before?.wrong ?? 0) + 1;
  const doublings = wrong - FREE_TRIES;
  const wait = doublings < 0 ? 0 : Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** doublings);
  return { wrong, until_ms: now + wait };
}

/** How long to wait still, in ms; a clock that was set back does not make it longer than the longest. */
export function waitOf(tries, now) {
  return Math.min(LONGEST_WAIT_MS, Math.max(0, (tries?.until_ms ?? 0) - now));
}
