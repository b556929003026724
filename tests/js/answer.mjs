/** Answers a list of questions on standard input, for tests/vectors/test_runtimes_agree.py. */

import { readFileSync, writeFileSync } from "node:fs";

import { localPresence, merge } from "../../static/checkin/fold.js";
import { importKeys, readBadge } from "../../static/checkin/codec.js";
import { judge } from "../../static/checkin/verdict.js";
import { outcome } from "./history.mjs";

const asked = JSON.parse(readFileSync(0, "utf-8"));
const keys = await importKeys(asked.keys);

const readings = [];
for (const text of asked.texts) {
  const { secret, ...told } = await readBadge(text, asked.conference, keys);
  readings.push(told);
}
const histories = [];
for (const history of asked.histories) {
  histories.push(await outcome(history, merge(history.deliveries)));
}
const views = asked.views.map(({ row, own, lookup, zone }) => localPresence(row, own, lookup, zone));

writeFileSync(
  1,
  JSON.stringify({ readings, verdicts: asked.attempts.map(judge), histories, views }),
);
