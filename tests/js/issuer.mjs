/** What only the organiser's side does, to prove that both runtimes agree on it too. */

import { createHmac, createPrivateKey, sign } from "node:crypto";

import {
  cardKeyOf,
  encodeBase64url,
  lookupOf,
} from "../../static/checkin/codec.js";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

const hmac = (key, ...parts) =>
  parts.reduce((mac, part) => mac.update(part), createHmac("sha256", key)).digest();

/** The secret of one issue of a delegate's badge. */
export function badgeSecret(conferenceSecret, delegate, issue) {
  const uuid = Buffer.from(delegate.replaceAll("-", ""), "hex");
  return new Uint8Array(
    hmac(Buffer.from(conferenceSecret, "hex"), "cp1-badge", uuid, Uint8Array.of(issue)),
  ).slice(0, 16);
}

/** An even number of bytes in Base45. */
export function encodeBase45(bytes) {
  let text = "";
  for (let start = 0; start < bytes.length; start += 2) {
    const number = bytes[start] * 256 + bytes[start + 1];
    text += ALPHABET[number % 45] + ALPHABET[Math.floor(number / 45) % 45];
    text += ALPHABET[Math.floor(number / 2025)];
  }
  return text;
}

/** The signed text of a badge; `point` is the public key of the scalar. */
export function writeBadge(head, scalar, point) {
  const publicBytes = Buffer.from(point, "base64url");
  const jwk = {
    kty: "EC",
    crv: "P-256",
    d: Buffer.from(scalar, "hex").toString("base64url"),
    x: publicBytes.subarray(1, 33).toString("base64url"),
    y: publicBytes.subarray(33).toString("base64url"),
  };
  const key = createPrivateKey({ key: jwk, format: "jwk" });
  const signature = sign("sha256", head, { key, dsaEncoding: "ieee-p1363" });
  return `C1:${encodeBase45(Buffer.concat([head, signature]))}`;
}

/** A card sealed for the badge with this secret. */
export async function sealCard(card, secret) {
  const raw = await cardKeyOf(secret);
  const plain = Buffer.from(JSON.stringify(card));
  const nonce = hmac(raw, plain).subarray(0, 12);
  const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt"]);
  const additionalData = Buffer.from(await lookupOf(secret), "hex");
  const lock = { name: "AES-GCM", iv: nonce, additionalData };
  const sealed = await crypto.subtle.encrypt(lock, key, plain);
  return encodeBase64url(new Uint8Array([...nonce, ...new Uint8Array(sealed)]));
}
