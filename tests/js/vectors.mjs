/** The vectors of the check-in protocol, shared with tests/vectors. */

import { readFileSync } from "node:fs";
import { describe, it } from "node:test";

const path = new URL("../vectors/cp1-vectors.json", import.meta.url);

export const VECTORS = JSON.parse(readFileSync(path, "utf-8"));

/** Runs one test for each case of a section. */
export function forEachCase(section, test) {
  describe(section, () => {
    for (const example of VECTORS[section]) it(example.name, () => test(example));
  });
}
