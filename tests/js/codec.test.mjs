import assert from "node:assert/strict";
import { before, describe, it } from "node:test";

import {
  cardKeyOf,
  decodeBase45,
  decodeBase64url,
  encodeBase64url,
  importKeys,
  lookupOf,
  openCard,
  readBadge,
  unknownHash,
} from "../../static/checkin/codec.js";
import { badgeSecret, encodeBase45, sealCard, writeBadge } from "./issuer.mjs";
import { VECTORS, forEachCase } from "./vectors.mjs";

const { conference, conference_secret, private: scalars, public: points } = VECTORS.keys;
const hex = (bytes) => Buffer.from(bytes).toString("hex");
const bytes = (text) => new Uint8Array(Buffer.from(text, "hex"));

let keys;
before(async () => {
  keys = await importKeys(points);
});

forEachCase("qr", async ({ text, expect }) => {
  const { secret, ...told } = await readBadge(text, conference, keys);
  assert.deepEqual(told, expect);
  assert.equal(secret === null, told.lookup === null);
});

forEachCase("unknown", async ({ text, unknown_hash }) => {
  assert.equal(await unknownHash(text), unknown_hash);
});

forEachCase("badges", async ({ delegate, issue, s, lookup, card_key }) => {
  assert.equal(hex(badgeSecret(conference_secret, delegate, issue)), s);
  assert.equal(await lookupOf(bytes(s)), lookup);
  assert.equal(hex(await cardKeyOf(bytes(s))), card_key);
});

forEachCase("cards", async ({ s, nonce, card, plain }) => {
  assert.deepEqual(await openCard(card, bytes(s)), plain);
  if (nonce === "hmac") assert.equal(await sealCard(plain, bytes(s)), card);
});

describe("codes", () => {
  it("of a badge written here are read as valid", async () => {
    for (const { payload, expect } of VECTORS.qr.filter((example) => example.payload)) {
      const { point } = points.find(({ key_id }) => key_id === expect.key_id);
      const head = bytes(payload).slice(0, 24);
      const text = writeBadge(head, scalars[expect.key_id], point);
      const { secret, ...told } = await readBadge(text, conference, keys);
      assert.deepEqual(told, expect);
      assert.equal(`C1:${encodeBase45(bytes(payload))}`.length, 135);
    }
  });

  it("of whatever characters never make the reader fail", async () => {
    const odd = ["\ud800", "C1:\udfff", "C1:" + "𠮷".repeat(66), "C1:" + ":".repeat(132), "\0".repeat(135)];
    for (const text of odd) {
      assert.equal((await readBadge(text, conference, keys)).read, "unreadable");
    }
    assert.equal(await unknownHash("a\ud800b"), await unknownHash("a\ufffdb"));
  });

  it("signed by a key that cannot be imported count as signed by an unknown one", async () => {
    const { text, expect } = VECTORS.qr[0];
    const broken = points.map(({ key_id, point }) => ({ key_id, point: point.slice(4) }));
    const reading = await readBadge(text, conference, await importKeys(broken));
    assert.equal(reading.signature, "unknown_key");
    assert.equal(reading.lookup, expect.lookup);
  });
});

describe("base45", () => {
  it("is that of the RFC", () => {
    const text = (data) => data && Buffer.from(data).toString();
    assert.equal(text(decodeBase45("BB8")), "AB");
    assert.equal(text(decodeBase45("%69 VD92EX0")), "Hello!!");
    assert.equal(text(decodeBase45("UJCLQE7W581")), "base-45");
    assert.equal(text(decodeBase45("QED8WEX0")), "ietf!");
    for (const wrong of ["A", "AAAA", "::", "GGW", "ab0", "ÀAA", "A𠮷"]) {
      assert.equal(decodeBase45(wrong), null);
    }
  });
});

describe("base64url", () => {
  it("gives the bytes back and refuses all else", () => {
    for (const size of [0, 1, 2, 3, 100]) {
      const data = Uint8Array.from({ length: size }, (_, place) => (place * 91) % 256);
      assert.deepEqual(decodeBase64url(encodeBase64url(data)), data);
    }
    for (const wrong of ["=", "AAA=", "A A", "AAAAA", "+/+/", "张伟"]) {
      assert.equal(decodeBase64url(wrong), null);
    }
  });
});

describe("no card", () => {
  it("is what sealed text that is not plain JSON gives", async () => {
    const secret = new Uint8Array(16);
    const unwritten = { toJSON: () => null };
    assert.equal(await openCard(await sealCard(unwritten, secret), secret), null);
    assert.equal(await openCard(await sealCard([1], secret), secret), null);
    assert.deepEqual(await openCard(await sealCard({ class: 1 }, secret), secret), { class: 1 });
  });

  it("is what a badge without one has", async () => {
    assert.equal(await openCard(null, new Uint8Array(16)), null);
    assert.equal(await openCard(undefined, new Uint8Array(16)), null);
  });
});
