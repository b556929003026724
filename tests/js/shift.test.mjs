import assert from "node:assert/strict";
import { pbkdf2Sync } from "node:crypto";
import { describe, it } from "node:test";

import { clockOffset, isClockWrong, isOver } from "../../static/checkin/shift/lease.js";
import { afterWrong, isPin, waitOf } from "../../static/checkin/shift/pin.js";
import { checks, isReady } from "../../static/checkin/shift/readiness.js";
import { applyDelta, bucketOf, bucketsOf, lookIn, touchedBy } from "../../static/checkin/store/buckets.js";

const lookup = (digit) => digit.repeat(32);
const inside = { zone: 1, inside: true, in_ms: 5, in_scan: "s", gate: 4, at_ms: 5, at_scan: "s" };
const snapshot = {
  badges: [
    { lookup: lookup("a"), status: "ok", card: "sealed" },
    { lookup: lookup("b"), status: "revoked", card: null },
  ],
  gone: [],
  presence: [{ lookup: lookup("a"), ...inside }],
};

describe("the roster", () => {
  const look = (buckets, digit) => lookIn(buckets.get(bucketOf(lookup(digit))), lookup(digit));

  it("knows of each lookup what the snapshot says", () => {
    const buckets = bucketsOf(snapshot);
    const { zone, ...row } = inside;
    assert.deepEqual(look(buckets, "a"), { entry: { status: "ok", card: "sealed" }, presence: { 1: row } });
    assert.deepEqual(look(buckets, "b"), { entry: { status: "revoked", card: null }, presence: {} });
    assert.deepEqual(look(buckets, "c"), { entry: null, presence: {} });
  });

  it("takes a delta, and the same one again, to the same state", () => {
    const delta = {
      badges: [{ lookup: lookup("c"), status: "ok", card: "new" }],
      gone: [lookup("b")],
      presence: [{ lookup: lookup("a"), zone: 1, inside: false, in_ms: null, in_scan: null, gate: null, at_ms: null, at_scan: null }],
    };
    const buckets = bucketsOf(snapshot);
    assert.deepEqual(touchedBy(delta).sort(), ["aa", "bb", "cc"]);
    assert.equal(applyDelta(buckets, delta), 0);
    const once = structuredClone(buckets);
    assert.equal(applyDelta(buckets, delta), 0);
    assert.deepEqual(buckets, once);
    assert.deepEqual(look(buckets, "a").presence, {});
    assert.equal(look(buckets, "b").entry, null);
    assert.equal(look(buckets, "c").entry.card, "new");
  });
});

describe("the lease", () => {
  it("is over when nothing was heard for its length, or the clock went back", () => {
    const held = { contact_ms: 1_000_000, lease_ms: 500_000 };
    assert.equal(isOver(held, 1_500_000), false);
    assert.equal(isOver(held, 1_500_001), true);
    assert.equal(isOver(held, 100_000), false);
    assert.equal(isOver(held, 99_999), true);
    assert.equal(isOver({ contact_ms: 0, lease_ms: 1 }, 9e12), false);
  });

  it("tells of a clock that is wrong by more than a minute, of the same run only", () => {
    const anchor = { server_ms: 1_000, mono_ms: 10, boot_id: "one" };
    assert.equal(clockOffset(anchor, { wall_ms: 61_100, mono_ms: 110, boot_id: "one" }), 60_000);
    assert.equal(clockOffset(anchor, { wall_ms: 0, mono_ms: 0, boot_id: "two" }), null);
    assert.deepEqual([60_000, -60_001, null].map(isClockWrong), [false, true, false]);
  });
});

describe("a PIN", () => {
  it("is right only if it is the supervisor's", async () => {
    const salt = Buffer.from("sixteen bytes ok");
    const hash = pbkdf2Sync("730519", salt, 1_000, 32, "sha256").toString("base64url");
    const pin = { salt: salt.toString("base64url"), rounds: 1_000, hash };
    assert.equal(await isPin("730519", pin), true);
    assert.equal(await isPin("730510", pin), false);
  });

  it("may be wrong twice, then the phone waits, longer each time", () => {
    let tries = null;
    const waits = [];
    for (let times = 0; times < 10; times += 1) {
      tries = afterWrong(tries, 0);
      waits.push(waitOf(tries, 0) / 1_000);
    }
    assert.deepEqual(waits, [0, 0, 30, 60, 120, 240, 480, 900, 900, 900]);
    assert.equal(waitOf(tries, -9e12), 900_000);
    assert.equal(waitOf(null, 0), 0);
  });
});

describe("readiness", () => {
  const good = {
    held: { cards: 3, synced_ms: 0 },
    isLeaseOver: false,
    worker: { whole: true },
    canWrite: true,
    persisted: true,
    free: 1e9,
    offset_ms: 0,
    camera: "granted",
    sounds: true,
    installed: true,
  };
  const states = (facts) => Object.fromEntries(checks({ ...good, ...facts }, 0).map(({ id, state }) => [id, state]));

  it("is given when everything is there", () => {
    const list = checks(good, 0);
    assert.equal(isReady(list), true);
    assert.deepEqual(new Set(list.map(({ state }) => state)), new Set(["good"]));
  });

  it("keeps a shift from starting that could not work offline", () => {
    for (const [facts, id] of [
      [{ held: null }, "cards"],
      [{ isLeaseOver: true }, "cards"],
      [{ worker: null }, "page"],
      [{ worker: { whole: false } }, "page"],
      [{ canWrite: false }, "storage"],
      [{ free: 1_000 }, "storage"],
    ]) {
      assert.equal(states(facts)[id], "bad");
      assert.equal(isReady(checks({ ...good, ...facts }, 0)), false);
    }
  });

  it("says whether the page is still on its way or could not be kept", () => {
    const told = (hasFailed) => checks({ ...good, worker: null, hasFailed }, 0).find(({ id }) => id === "page").told;
    assert.equal(told(false), "ready_page_none");
    assert.equal(told(true), "ready_page_failed");
  });

  it("only warns of what a shift can live with", () => {
    const list = checks(
      { ...good, held: { cards: 0, synced_ms: 0 }, persisted: false, offset_ms: 90_000, camera: "none", sounds: false, installed: false },
      0,
    );
    assert.equal(isReady(list), true);
    assert.equal(list.filter(({ state }) => state === "warn").length, 6);
  });
});
