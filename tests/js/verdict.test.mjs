import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { admits, judge, mayOverride } from "../../static/checkin/verdict.js";
import { VECTORS, forEachCase } from "./vectors.mjs";

forEachCase("verdicts", ({ input, expect, step }) => {
  assert.deepEqual(judge(input), expect);
  assert.equal(mayOverride(expect.code), 8 <= step && step <= 15);
});

describe("the verdict", () => {
  it("admits nobody on codes of a later version", () => {
    assert.equal(admits("admit_by_song"), false);
    assert.equal(mayOverride("admit_by_song"), false);
  });

  it("takes what is missing for nothing known", () => {
    for (const { input, expect } of VECTORS.verdicts) {
      const known = Object.entries(input).filter(([, value]) => value !== null);
      assert.deepEqual(judge(Object.fromEntries(known)), expect);
    }
  });

  it("hears nothing of a card whose badge is not listed", () => {
    const card = { name: "Wei ZHANG", class: 99, valid: [0, 1], flags: ["desk"] };
    for (const { input, expect } of VECTORS.verdicts.filter(({ input }) => !input.entry)) {
      assert.deepEqual(judge({ ...input, card }), expect);
    }
  });

  it("leaves what it was given as it was", () => {
    const before = structuredClone(VECTORS.verdicts);
    for (const { input } of VECTORS.verdicts) judge(input);
    assert.deepEqual(VECTORS.verdicts, before);
  });
});
