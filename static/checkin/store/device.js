/** Who this phone is: its enrolment, how it stands, and what the guard chose. */

import { note, read, write } from "./db.js";

/** How a phone stands: whether it may work, and if not, why. */
export const Standing = Object.freeze({
  ACTIVE: "active",
  SUSPENDED: "suspended",
  EXPIRED: "expired",
  UNENROLLED: "unenrolled",
  REVOKED: "revoked",
});

const get = (key) => read("meta", (transaction) => transaction.store.get(key));

/** `{device, token, conference, standing, on_shift}`, or null before the first enrolment. */
export async function device() {
  return (await get("device")) ?? null;
}

/**
 * Becomes the device of an enrolment's answer. Scans of the one before stay: of a revoked one for
 * its quarantine, under its own token; of another they go up with the new one.
 */
export function enrol({ device: fresh, token, conference }) {
  return write(["meta", "roster", "scans"], async (transaction) => {
    const meta = transaction.objectStore("meta");
    const scans = transaction.objectStore("scans");
    const before = await meta.get("device");
    const unsent = (await scans.index("state").count("queued")) + (await scans.index("state").count("pending"));
    if (before && before.device.id !== fresh.id) {
      if (before.standing === Standing.REVOKED && unsent) {
        const former = (await meta.get("former")) ?? [];
        await meta.put([...former, { id: before.device.id, token: before.token }], "former");
      } else if (!unsent) {
        await meta.delete("seq");
      }
      await wipe(transaction);
    }
    const kept = { device: fresh, token, conference, standing: Standing.ACTIVE, on_shift: false };
    await meta.put(kept, "device");
    return kept;
  });
}

/** Changes members of the device's record; wipes the roster with it where `wiped` says so. */
export function change(members, { wiped = false } = {}) {
  return write(["meta", "roster"], async (transaction) => {
    const meta = transaction.objectStore("meta");
    const before = await meta.get("device");
    if (!before) return null;
    const after = { ...before, ...members };
    await meta.put(after, "device");
    if (wiped) await wipe(transaction);
    return after;
  });
}

/** Takes the phone off the gate: nothing is left but scans that the server has not named. */
export function leave() {
  return write(["meta", "roster"], async (transaction) => {
    await transaction.objectStore("meta").delete("device");
    await wipe(transaction);
  });
}

/** Devices this phone was, revoked, whose scans are still to be brought to quarantine. */
export async function formers() {
  return (await get("former")) ?? [];
}

export function forgetFormer(id) {
  return write("meta", async ({ store }) => {
    const left = ((await store.get("former")) ?? []).filter((each) => each.id !== id);
    await (left.length ? store.put(left, "former") : store.delete("former"));
  });
}

/** The id of this installation: one for as long as the browser keeps its storage. */
export function installId() {
  return write("meta", async ({ store }) => {
    const known = await store.get("install");
    if (known) return known;
    const made = crypto.randomUUID();
    await store.put(made, "install");
    return made;
  });
}

/** What the guard chose and what the phone last knew: settings, anchor, contact_ms, pin_tries. */
export function recall(key) {
  return get(key);
}

export function remember(key, value) {
  return note("meta", ({ store }) => store.put(value, key));
}

/** Deletes everything that the snapshot brought, inside a transaction over meta and roster. */
async function wipe(transaction) {
  const meta = transaction.objectStore("meta");
  await Promise.all([
    transaction.objectStore("roster").clear(),
    meta.delete("snapshot"),
    meta.delete("rules"),
  ]);
}
