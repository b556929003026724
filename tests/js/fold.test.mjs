import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { conflictId, isSameScan, localPresence, merge, moves } from "../../static/checkin/fold.js";
import { outcome } from "./history.mjs";
import { VECTORS, forEachCase } from "./vectors.mjs";

/** A repeatable order of the items, another for each seed. */
function shuffled(items, seed) {
  let state = seed;
  const keyed = items.map((item) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return [state, item];
  });
  return keyed.sort(([one], [other]) => one - other).map(([, item]) => item);
}

forEachCase("histories", async (history) => {
  assert.deepEqual(await outcome(history, merge(history.deliveries)), history.expect);
  for (const seed of [1, 2, 3]) {
    const coming = shuffled([...history.deliveries, ...history.deliveries], seed);
    const cut = Math.floor(coming.length / seed);
    const merged = merge(coming.slice(cut), merge(coming.slice(0, cut)));
    assert.deepEqual(await outcome(history, merged), history.expect);
  }
});

forEachCase("local", ({ row, scans, lookup, zone, expect }) => {
  assert.deepEqual(localPresence(row, scans, lookup, zone), expect);
  assert.deepEqual(localPresence(row, [...scans, ...scans].reverse(), lookup, zone), expect);
});

forEachCase("conflict_ids", async ({ kind, scans, id }) => {
  assert.equal(await conflictId(kind, scans), id);
  assert.equal(await conflictId(kind, [...scans].reverse()), id);
});

describe("two deliveries with one scan id", () => {
  const [delivery] = VECTORS.histories.find(({ deliveries }) => deliveries.length).deliveries;
  const changed = (members) => ({ ...delivery, record: { ...delivery.record, ...members } });

  it("are the same scan whatever was shown, and whoever judged", () => {
    assert.equal(isSameScan(delivery, changed({ shown: "refer", offline: false })), true);
    assert.equal(isSameScan(delivery, changed({ anchor: { ...delivery.record.anchor } })), true);
  });

  it("are two scans if anything else differs, and the first stands", () => {
    const other = changed({ gate: 99, shown: "refer" });
    assert.equal(isSameScan(delivery, other), false);
    assert.equal(isSameScan(delivery, { ...delivery, device: "another" }), false);
    assert.deepEqual([...merge([delivery, other]).values()], [delivery]);
  });
});

describe("an annulment", () => {
  it("takes back only scans of its own badge", () => {
    const { deliveries } = VECTORS.histories.find(({ name }) => name === "annulled");
    assert.equal(moves(deliveries).length, 0);
    const byAnotherBadge = deliveries.map((delivery) =>
      delivery.record.annuls
        ? { ...delivery, record: { ...delivery.record, lookup: "f".repeat(32) } }
        : delivery,
    );
    assert.equal(moves(byAnotherBadge).length, 1);
  });
});
