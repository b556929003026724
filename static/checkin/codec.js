/**
 * The text in a badge's QR code and the card that only the badge opens (CP1, section 1).
 *
 * The twin of delegates/documents/badge_code.py and badge_card.py. A phone only reads: it never
 * holds the conference's secret or a private key.
 */

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
const VALUES = new Map([...ALPHABET].map((character, value) => [character, value]));
const PREFIX = "C1:";
const LENGTH = 135;
const VERSION = 1;
const SIGNED = 24;
const NONCE = 12;
const ECDSA = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

const utf8 = new TextEncoder();
const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The bytes of a Base45 text (RFC 9285), or null if no bytes give that text. */
export function decodeBase45(text) {
  const bytes = [];
  for (let start = 0; start < text.length; start += 3) {
    const group = [...text.slice(start, start + 3)].map((character) => VALUES.get(character));
    const number = group.reduceRight((sum, value) => sum * 45 + value, 0);
    const size = group.length - 1;
    // An unknown character makes the sum NaN, which is not below anything.
    if (size < 1 || !(number < 256 ** size)) return null;
    if (size === 2) bytes.push(number >> 8);
    bytes.push(number & 255);
  }
  return Uint8Array.from(bytes);
}

/** The bytes of a base64url text without padding, or null if it is not one. */
export function decodeBase64url(text) {
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) return null;
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

/** Bytes as base64url without padding. */
export function encodeBase64url(bytes) {
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/**
 * The conference's public keys by key_id, from the snapshot's `rules.keys`. A key that this browser
 * cannot use is left out, as if it were not known: badges that are listed are good without it.
 * @param {{key_id: number, point: string}[]} keys
 * @returns {Promise<Map<number, CryptoKey>>}
 */
export async function importKeys(keys) {
  const imported = new Map();
  for (const { key_id, point } of keys) {
    try {
      const raw = decodeBase64url(point);
      imported.set(key_id, await crypto.subtle.importKey("raw", raw, ECDSA, false, ["verify"]));
    } catch {
      continue;
    }
  }
  return imported;
}

/**
 * Tells what a scanned text is to the conference of that number. Never throws.
 *
 * A scan record carries exactly one of `lookup` and `unknown_hash`. `secret` opens the card
 * (openCard) and is for nothing else: forget it then, never store, log or send it.
 * @returns {Promise<{read: "ok"|"unreadable"|"wrong_conference",
 *   signature: "valid"|"invalid"|"unknown_key"|null, lookup: string|null, class: number|null,
 *   issue: number|null, key_id: number|null, unknown_hash: string|null, secret: Uint8Array|null}>}
 */
export async function readBadge(text, conference, keys) {
  const data = bytesOf(text);
  if (data === null) return notOurs("unreadable", text);
  const head = new DataView(data.buffer, 0, SIGNED);
  if (head.getUint32(2) !== conference) return notOurs("wrong_conference", text);
  const secret = data.slice(6, 22);
  const [signature, lookup] = await Promise.all([
    judgeSignature(data, keys.get(head.getUint8(1))),
    lookupOf(secret),
  ]);
  const trusted = signature !== "invalid";
  return {
    read: "ok",
    signature,
    lookup: trusted ? lookup : null,
    class: head.getUint8(23),
    issue: head.getUint8(22),
    key_id: head.getUint8(1),
    unknown_hash: trusted ? null : await unknownHash(text),
    secret: trusted ? secret : null,
  };
}

/** What stands for a badge secret everywhere but on the badge: 32 hex. */
export function lookupOf(secret) {
  return shortHash("cp1-lookup", secret);
}

/** What stands for a text that gives no lookup: 32 hex. */
export function unknownHash(text) {
  return shortHash("cp1-unknown", utf8.encode(trim(text)));
}

/** The 32 bytes that seal and open the card of the badge with this secret. */
export async function cardKeyOf(secret) {
  const base = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveBits"]);
  const info = utf8.encode("cp1-card");
  const derivation = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info };
  return new Uint8Array(await crypto.subtle.deriveBits(derivation, base, 256));
}

/** The first half of SHA-256 over a label and bytes, as 32 hex. */
export async function shortHash(label, bytes) {
  const whole = Uint8Array.from([...utf8.encode(label), ...bytes]);
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", whole)).slice(0, 16));
}

/**
 * The card that this secret opens, or null ("no card") if it does not open or is no JSON object.
 * @param {string|null} sealed the `card` of the snapshot's row
 * @param {Uint8Array} secret the `secret` of a reading
 */
export async function openCard(sealed, secret) {
  const data = sealed == null ? null : decodeBase64url(sealed);
  if (data === null) return null;
  const [lookup, raw] = await Promise.all([lookupOf(secret), cardKeyOf(secret)]);
  const lock = { name: "AES-GCM", iv: data.slice(0, NONCE), additionalData: bytesOfHex(lookup) };
  try {
    const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["decrypt"]);
    const plain = await crypto.subtle.decrypt(lock, key, data.slice(NONCE));
    const card = JSON.parse(strictUtf8.decode(plain));
    return typeof card === "object" && !Array.isArray(card) ? card : null;
  } catch {
    return null;
  }
}

/** The 88 bytes of a readable text, else null. */
function bytesOf(text) {
  const trimmed = trim(text);
  if (trimmed.length !== LENGTH || !trimmed.startsWith(PREFIX)) return null;
  const data = decodeBase45(trimmed.slice(PREFIX.length));
  return data !== null && data[0] === VERSION ? data : null;
}

/** Without CR, LF and TAB at both ends; blanks stay, a blank is a Base45 digit. */
function trim(text) {
  return text.replace(/^[\r\n\t]+/, "").replace(/[\r\n\t]+$/, "");
}

async function notOurs(read, text) {
  const nothing = { signature: null, lookup: null, class: null, issue: null, key_id: null };
  return { read, ...nothing, unknown_hash: await unknownHash(text), secret: null };
}

async function judgeSignature(data, key) {
  if (key === undefined) return "unknown_key";
  const signature = data.slice(SIGNED);
  const isOurs = await crypto.subtle.verify(ECDSA, key, signature, data.slice(0, SIGNED));
  return isOurs ? "valid" : "invalid";
}

function hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function bytesOfHex(text) {
  return Uint8Array.from(text.match(/../g), (pair) => Number.parseInt(pair, 16));
}
