/** Asks the server (CP1, section 2) and takes the time from each of its answers. */

import { anchorOf } from "../clock.js";

const ZIP_FROM = 1_024;

/** The server said no; `code` is the protocol's, `detail` a sentence in the page's language. */
export class Refused extends Error {
  constructor(status, { code = "unavailable", detail = "" } = {}, retry_after_s = null) {
    super(detail);
    Object.assign(this, { status, code, detail, retry_after_s });
  }
}

/** There was no answer: `code` is no_network or too_slow. */
export class Unreachable extends Error {
  constructor(code) {
    super(code);
    this.code = code;
  }
}

export class Api {
  /**
   * @param {{base: string, language: string, boot: import("../records.js").Boot,
   *   heard: (answer: {ok: boolean, status: number, asked_ms: number}) => void}} options `heard` hears of every answer
   */
  constructor({ base, language, boot, heard }) {
    Object.assign(this, { base, language, boot, heard, token: null, anchor: null });
  }

  /** @param {{within_ms?: number, zipped?: boolean, token?: string}} how */
  async post(address, body, { zipped = false, ...how } = {}) {
    const text = JSON.stringify(body);
    const headers = { "Content-Type": "application/json" };
    if (!zipped || text.length < ZIP_FROM || !("CompressionStream" in globalThis)) {
      return this.#ask(address, { method: "POST", body: text, headers }, how);
    }
    const packed = await zip(text);
    headers["Content-Encoding"] = "gzip";
    return this.#ask(address, { method: "POST", body: packed, headers }, how);
  }

  /** For an answer that is a file. */
  postForFile(address, body, how) {
    const headers = { "Content-Type": "application/json" };
    return this.#ask(address, { method: "POST", body: JSON.stringify(body), headers }, { ...how, read: (answer) => answer.blob() });
  }

  /** Answers null for 304. */
  get(address, { etag = null, ...how } = {}) {
    return this.#ask(address, { headers: etag ? { "If-None-Match": `"${etag}"` } : {} }, how);
  }

  async #ask(address, { headers, ...request }, { within_ms = 8_000, token = this.token, read = bodyOf }) {
    const before = this.boot.look();
    const asked_ms = performance.now();
    let answer;
    let body;
    try {
      answer = await fetch(this.base + address, {
        ...request,
        headers: {
          "Accept-Language": this.language,
          ...headers,
          ...(token ? { Authorization: `Bearer ${token}` } : {}),
        },
        cache: "no-store",
        credentials: "omit",
        signal: AbortSignal.timeout(within_ms),
      });
      this.#anchorFrom(answer, before);
      if (answer.status === 304) body = null;
      else body = await (answer.ok ? read(answer) : bodyOf(answer));
    } catch (trouble) {
      throw new Unreachable(trouble.name === "TimeoutError" ? "too_slow" : "no_network");
    }
    const ok = answer.ok || answer.status === 304;
    // Not our server, but something between: the sign-in page of a hotel's network, say.
    if (ok && body === undefined) throw new Unreachable("no_network");
    this.heard({ ok, status: answer.status, asked_ms });
    if (!ok) throw new Refused(answer.status, body ?? {}, retryAfter(answer));
    return body;
  }

  #anchorFrom(answer, before) {
    const header_ms = Number(answer.headers.get("CP1-Time"));
    if (!Number.isSafeInteger(header_ms) || header_ms <= 0) return;
    const { mono_ms: arrived_ms, boot_id } = this.boot.look();
    if (boot_id !== before.boot_id) return;
    const anchor = anchorOf({ header_ms, sent_ms: before.mono_ms, arrived_ms, boot_id });
    if (anchor !== null) this.anchor = anchor;
  }
}

/** The JSON of an answer; undefined if it is none. */
async function bodyOf(answer) {
  const text = await answer.text();
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function retryAfter(answer) {
  const seconds = Number(answer.headers.get("Retry-After") ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : null;
}

function zip(text) {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
}
