/** All that follows from a set of merged deliveries, as the vectors write it. */

import {
  conflictId,
  count,
  foldPerson,
  lookupsWithEntry,
} from "../../static/checkin/fold.js";

export async function outcome({ zones, lookups, blocked, now }, merged) {
  const known = [...merged.values()].filter(({ record }) => record.lookup in lookups);
  const strangers = [...merged.values()].filter(({ record }) => !(record.lookup in lookups));
  const ordered = [...zones].sort((one, other) => one.id - other.id);
  const revoked = Object.fromEntries(
    Object.entries(lookups).map(([lookup, { revoked_ms }]) => [lookup, revoked_ms]),
  );
  const persons = [...new Set(Object.values(lookups).map(({ person }) => person))].sort();
  const presence = [];
  const conflicts = [];
  const folds = [];
  for (const person of persons) {
    const theirs = known.filter(({ record }) => lookups[record.lookup].person === person);
    const here = foldPerson(theirs, ordered, { revoked, blocked: blocked[person] });
    folds.push(here);
    for (const [zone, { presence: row, clashes }] of here) {
      presence.push({ person, zone, ...row });
      for (const { kind, scans } of clashes) {
        conflicts.push({ id: await conflictId(kind, scans), kind, person, zone, scans });
      }
    }
  }
  conflicts.sort((one, other) => (one.id < other.id ? -1 : 1));
  return {
    presence,
    counts: count(folds, ordered, now, lookupsWithEntry(strangers).size),
    conflicts,
  };
}
