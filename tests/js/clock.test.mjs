import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { anchorOf, clocksParted, effectiveTime, period } from "../../static/checkin/clock.js";
import { forEachCase } from "./vectors.mjs";

forEachCase("times", ({ record, t, uncertain }) => {
  assert.deepEqual(effectiveTime(record), { t, uncertain });
});

describe("a period", () => {
  it("begins at its reset", () => {
    assert.deepEqual([9, 10, 19, 20, 99].map((t) => period([10, 20], t)), [0, 10, 10, 20, 20]);
    assert.equal(period([], 5), 0);
  });
});

describe("an anchor", () => {
  const boot_id = "018b92b1-ae80-7000-8000-000000000001";

  it("is the header and half the round trip, rounded down", () => {
    const anchor = anchorOf({ header_ms: 1000, sent_ms: 50, arrived_ms: 61, boot_id });
    assert.deepEqual(anchor, { server_ms: 1005, mono_ms: 61, boot_id });
  });

  it("is not taken from an answer that came after more than 5 s", () => {
    assert.notEqual(anchorOf({ header_ms: 1, sent_ms: 0, arrived_ms: 5000, boot_id }), null);
    assert.equal(anchorOf({ header_ms: 1, sent_ms: 0, arrived_ms: 5001, boot_id }), null);
  });

  it("is not taken across two runs of the clock", () => {
    assert.equal(anchorOf({ header_ms: 1, sent_ms: 10, arrived_ms: 9, boot_id }), null);
  });
});

describe("a new run of the clock", () => {
  const before = { wall_ms: 10_000, mono_ms: 500 };

  it("begins when the clocks moved apart by more than 2 s, either way", () => {
    assert.equal(clocksParted(before, { wall_ms: 70_000, mono_ms: 58_499 }), true);
    assert.equal(clocksParted(before, { wall_ms: 70_000, mono_ms: 62_501 }), true);
  });

  it("does not begin while they go together", () => {
    assert.equal(clocksParted(before, { wall_ms: 70_000, mono_ms: 58_500 }), false);
    assert.equal(clocksParted(before, { wall_ms: 70_000, mono_ms: 62_500 }), false);
  });
});
