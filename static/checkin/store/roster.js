/** What the snapshot brought: rules, sealed cards, presence. Applied whole or not at all. */

import { applyDelta, bucketOf, bucketsOf, lookIn, touchedBy } from "./buckets.js";
import { read, write } from "./db.js";

/** `{cursor, lease_ms, poll_s, cards, synced_ms}` of the snapshot held, or null. */
export function held() {
  return read("meta", async ({ store }) => (await store.get("snapshot")) ?? null);
}

/** The rules of the snapshot held, or null. */
export function rules() {
  return read("meta", async ({ store }) => (await store.get("rules")) ?? null);
}

/** Whether an answer of `snapshot/` is of the agreed shape. */
export function isSnapshot(answer) {
  return (
    typeof answer?.cursor === "string" &&
    [answer.badges, answer.gone, answer.presence].every(Array.isArray) &&
    (!answer.full || typeof answer.rules === "object")
  );
}

/**
 * Applies an answer of `snapshot/` in one transaction. A delta holds only on top of the cursor it
 * was asked for; on top of another it changes nothing, and the next poll asks again.
 * @param {object} answer
 * @param {{asked: string|null, now: number}} circumstances
 * @returns {Promise<boolean>} whether it was applied
 */
export function apply(answer, { asked, now }) {
  return write(["meta", "roster"], async (transaction) => {
    const meta = transaction.objectStore("meta");
    const before = await meta.get("snapshot");
    if (!answer.full && before?.cursor !== asked) return false;
    const cards = answer.full
      ? await replaceAll(transaction, answer)
      : before.cards + (await replaceSome(transaction, answer));
    const { cursor, lease_ms, poll_s } = answer;
    if (answer.rules) await meta.put(answer.rules, "rules");
    await meta.put({ cursor, lease_ms, poll_s, cards, synced_ms: now }, "snapshot");
    return true;
  });
}

/** Notes that the snapshot held was the newest at `now`. */
export function confirm(now) {
  return write("meta", async ({ store }) => {
    const before = await store.get("snapshot");
    if (before) await store.put({ ...before, synced_ms: now }, "snapshot");
  });
}

/** What is known of a lookup: `{entry, presence}` (see buckets.js). */
export function find(lookup) {
  return read("roster", async ({ store }) => lookIn(await store.get(bucketOf(lookup)), lookup));
}

async function replaceAll(transaction, answer) {
  const roster = transaction.objectStore("roster");
  const buckets = bucketsOf(answer);
  await Promise.all([
    roster.clear(),
    ...[...buckets].map(([key, bucket]) => roster.put(bucket, key)),
  ]);
  return answer.badges.length;
}

async function replaceSome(transaction, answer) {
  const roster = transaction.objectStore("roster");
  const keys = touchedBy(answer);
  const found = await Promise.all(keys.map((key) => roster.get(key)));
  const known = keys.map((key, place) => [key, found[place]]).filter(([, bucket]) => bucket);
  const buckets = new Map(known);
  const more = applyDelta(buckets, answer);
  await Promise.all([...buckets].map(([key, bucket]) => roster.put(bucket, key)));
  return more;
}
