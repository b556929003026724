/** Brings queued records to the server, so that one bad record never holds up the others. Pure. */

import { Refused } from "./api.js";

const TOO_MUCH = new Set([400, 413]);

/**
 * Posts a batch; where the server cannot take it as a whole, its halves, down to single records.
 * Each answer is settled before the next is asked for, so that what breaks off is only repeated.
 * @param {object[]} records
 * @param {(records: object[]) => Promise<{results: object[]}>} post
 * @param {(results: object[]) => Promise<void>} settle
 */
export async function deliver(records, post, settle) {
  let answer;
  try {
    answer = await post(records);
  } catch (trouble) {
    if (!(trouble instanceof Refused && TOO_MUCH.has(trouble.status)) || records.length === 0) throw trouble;
    if (records.length === 1) {
      const { code, detail } = trouble;
      await settle([{ scan_id: records[0].scan_id, result: "invalid", code, detail }]);
      return;
    }
    const middle = Math.ceil(records.length / 2);
    await deliver(records.slice(0, middle), post, settle);
    await deliver(records.slice(middle), post, settle);
    return;
  }
  await settle(matched(records, answer.results));
}

/** The results of records that were sent, each under its own id; of others nothing is believed. */
export function matched(records, results) {
  if (!Array.isArray(results)) return [];
  const sent = new Set(records.map(({ scan_id }) => scan_id));
  const isWhole = results.length === records.length;
  return results
    .map((result, place) => {
      const isNameless = result.scan_id === null && result.result === "invalid" && isWhole;
      return isNameless ? { ...result, scan_id: records[place].scan_id } : result;
    })
    .filter(({ scan_id }) => sent.has(scan_id));
}
