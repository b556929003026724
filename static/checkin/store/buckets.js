/**
 * The roster's rows in a few hundred buckets: a full snapshot of 20,000 badges is then written in
 * one short transaction, and a scan still reads only the few rows beside its own.
 *
 * A bucket is `{badges: {lookup: [status, card]}, presence: {lookup: {zone: row}}}`. Pure.
 */

/** The bucket in which a lookup lies. */
export function bucketOf(lookup) {
  return lookup.slice(0, 2);
}

/** All buckets of a full snapshot, by key. */
export function bucketsOf({ badges, presence }) {
  const buckets = new Map();
  fill(buckets, badges, presence);
  return buckets;
}

/** The keys of the buckets that a delta touches. */
export function touchedBy({ badges, gone, presence }) {
  const lookups = [...badges, ...presence].map(({ lookup }) => lookup).concat(gone);
  return [...new Set(lookups.map(bucketOf))];
}

/** Changes the buckets by a delta; returns by how many the badges became more. */
export function applyDelta(buckets, { badges, gone, presence }) {
  const before = size(buckets);
  for (const lookup of gone) {
    const bucket = buckets.get(bucketOf(lookup));
    if (!bucket) continue;
    delete bucket.badges[lookup];
    delete bucket.presence[lookup];
  }
  fill(buckets, badges, presence);
  return size(buckets) - before;
}

/** What a bucket knows of a lookup: `{entry: {status, card}|null, presence: {zone: row}}`. */
export function lookIn(bucket, lookup) {
  const badge = bucket?.badges[lookup];
  return {
    entry: badge ? { status: badge[0], card: badge[1] } : null,
    presence: bucket?.presence[lookup] ?? {},
  };
}

function fill(buckets, badges, presence) {
  for (const { lookup, status, card } of badges) {
    bucketFor(buckets, lookup).badges[lookup] = [status, card ?? null];
  }
  for (const { lookup, zone, ...row } of presence) {
    const rows = (bucketFor(buckets, lookup).presence[lookup] ??= {});
    if (row.in_scan === null && row.at_scan === null) delete rows[zone];
    else rows[zone] = row;
  }
}

function bucketFor(buckets, lookup) {
  const key = bucketOf(lookup);
  if (!buckets.has(key)) buckets.set(key, { badges: {}, presence: {} });
  return buckets.get(key);
}

function size(buckets) {
  let sum = 0;
  for (const { badges } of buckets.values()) sum += Object.keys(badges).length;
  return sum;
}
