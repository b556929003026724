import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { Refused, Unreachable } from "../../static/checkin/sync/api.js";
import { deliver, matched } from "../../static/checkin/sync/upload.js";
import { backoffMs, retryAfterMs } from "../../static/checkin/sync/waiting.js";
import { Line } from "../../static/checkin/shift/line.js";

const records = (...ids) => ids.map((scan_id) => ({ scan_id }));
const stored = (sent) => ({ results: sent.map(({ scan_id }) => ({ scan_id, result: "stored" })) });

async function delivered(sent, post) {
  const settled = [];
  const asked = [];
  const noted = (batch) => {
    asked.push(batch.map(({ scan_id }) => scan_id).join(""));
    return post(batch);
  };
  let trouble = null;
  try {
    await deliver(sent, noted, async (results) => settled.push(...results));
  } catch (thrown) {
    trouble = thrown;
  }
  return { settled: settled.map(({ scan_id, result }) => `${scan_id}:${result}`), asked, trouble };
}

describe("an upload", () => {
  it("settles what the server names", async () => {
    const { settled, asked } = await delivered(records("a", "b"), async (batch) => stored(batch));
    assert.deepEqual(settled, ["a:stored", "b:stored"]);
    assert.deepEqual(asked, ["ab"]);
  });

  it("halves a batch that the server cannot take, down to the one that it cannot", async () => {
    const post = async (batch) => {
      if (batch.some(({ scan_id }) => scan_id === "c")) throw new Refused(400, { code: "envelope_invalid" });
      return stored(batch);
    };
    const { settled, asked } = await delivered(records("a", "b", "c", "d", "e"), post);
    assert.deepEqual(settled, ["a:stored", "b:stored", "c:invalid", "d:stored", "e:stored"]);
    assert.deepEqual(asked, ["abcde", "abc", "ab", "c", "de"]);
  });

  it("keeps what was settled when the line breaks off in the middle", async () => {
    const post = async (batch) => {
      if (batch.length > 2) throw new Refused(413, { code: "too_large" });
      if (batch[0].scan_id === "c") throw new Unreachable("no_network");
      return stored(batch);
    };
    const { settled, trouble } = await delivered(records("a", "b", "c", "d"), post);
    assert.deepEqual(settled, ["a:stored", "b:stored"]);
    assert.equal(trouble.code, "no_network");
  });

  it("does not take an empty list apart", async () => {
    const { asked, trouble } = await delivered([], async () => {
      throw new Refused(400, {});
    });
    assert.deepEqual(asked, [""]);
    assert.equal(trouble.status, 400);
  });

  it("believes results only of what was sent, and a nameless refusal by its place", () => {
    const results = [
      { scan_id: "a", result: "stored" },
      { scan_id: null, result: "invalid", code: "field_invalid" },
    ];
    assert.deepEqual(matched(records("a", "b"), results).map(({ scan_id }) => scan_id), ["a", "b"]);
    assert.deepEqual(matched(records("a"), results).map(({ scan_id }) => scan_id), ["a"]);
    assert.deepEqual(matched(records("a"), [{ scan_id: "z", result: "stored" }]), []);
    assert.deepEqual(matched(records("a"), undefined), []);
  });
});

describe("waiting", () => {
  it("doubles from one second to a minute, and up to half as much again", () => {
    const waits = [1, 2, 3, 7, 20].map((failures) => backoffMs(failures, 0));
    assert.deepEqual(waits, [1_000, 2_000, 4_000, 60_000, 60_000]);
    assert.equal(backoffMs(1, 1), 1_500);
    assert.equal(retryAfterMs(10, 0.5), 12_500);
  });
});

describe("the line", () => {
  it("is down after a failure, waits longer each time, and is up with the next answer", () => {
    const seen = [];
    const line = new Line(() => seen.push(line.isUp), { random: () => 0 });
    assert.equal(line.mayAsk(0), true);
    line.failed(0);
    assert.equal(line.mayAsk(0), false);
    assert.equal(line.heldUntil("scans"), 1_000);
    line.failed(1_000);
    assert.equal(line.heldUntil("scans"), 3_000);
    line.heard(0);
    assert.equal(line.heldUntil("scans"), 0);
    assert.deepEqual(seen, [false, true]);
  });

  it("is not up again by what was still on its way when it was lost", () => {
    const line = new Line(() => {}, { random: () => 0 });
    line.lost(500);
    line.heard(499);
    assert.equal(line.isUp, false);
    line.heard(501);
    assert.equal(line.isUp, true);
  });

  it("leaves the server alone in one matter only", () => {
    const line = new Line(() => {}, { random: () => 0 });
    line.hold("scan", 5, 0);
    assert.equal(line.mayAsk(4_999), false);
    assert.equal(line.mayAsk(5_000), true);
    assert.equal(line.isHeld("scans", 0), false);
  });
});
