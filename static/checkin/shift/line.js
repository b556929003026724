/** Whether the server is within reach. It is found out, never set by hand. */

import { backoffMs, retryAfterMs } from "../sync/waiting.js";

export class Line {
  /** @param {() => void} changed */
  constructor(changed, { random = Math.random } = {}) {
    Object.assign(this, { changed, random, isUp: true, failures: 0, until_ms: 0, lost_ms: -1, holds: new Map() });
  }

  /**
   * An answer came: the line is there, unless it was lost since that was asked, and this is the last
   * that came through.
   *
   * @param {number} asked_ms when it was asked, by `performance.now()`
   */
  heard(asked_ms) {
    if (asked_ms <= this.lost_ms) return;
    const wasUp = this.isUp;
    Object.assign(this, { isUp: true, failures: 0, until_ms: 0 });
    if (!wasUp) this.changed();
  }

  /** No answer, or one of a server in trouble: the next try waits longer each time. */
  failed(now) {
    const wasUp = this.isUp;
    this.failures += 1;
    this.isUp = false;
    this.until_ms = now + backoffMs(this.failures, this.random());
    if (wasUp) this.changed();
  }

  /** The browser says that there is no network, or that it came back; `now` by `performance.now()`. */
  lost(now) {
    const wasUp = this.isUp;
    Object.assign(this, { isUp: false, lost_ms: now });
    if (wasUp) this.changed();
  }

  returned() {
    Object.assign(this, { failures: 0, until_ms: 0 });
  }

  /** The server asks to be left alone in one matter: "scan", "scans", "snapshot". */
  hold(matter, seconds, now) {
    this.holds.set(matter, now + retryAfterMs(seconds, this.random()));
  }

  isHeld(matter, now) {
    return this.heldUntil(matter) > now;
  }

  /** When it may be asked again in this matter; 0 is at once. */
  heldUntil(matter) {
    return Math.max(this.until_ms, this.holds.get(matter) ?? 0);
  }

  /** Whether a scan should be sent to the server first. */
  mayAsk(now) {
    return this.isUp && !this.isHeld("scan", now);
  }
}
