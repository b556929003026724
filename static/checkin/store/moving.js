/** Moves what earlier versions kept in localStorage into the one store, once. */

import { write } from "./db.js";

const OLD = ["device", "rules", "install", "seq", "unsent", "silent"].map((key) => `checkin.${key}`);

export async function moveIn() {
  const [device, , install, seq, unsent, silent] = OLD.map(parsed);
  if (device === null && install === null) return;
  await write(["meta", "scans"], async (transaction) => {
    const meta = transaction.objectStore("meta");
    const scans = transaction.objectStore("scans");
    if (await meta.get("device")) return;
    if (device) await meta.put({ ...device, standing: "active", on_shift: false }, "device");
    if (install) await meta.put(install, "install");
    if (seq) await meta.put(seq, "seq");
    if (silent) await meta.put({ silent: silent === "yes" }, "settings");
    for (const record of unsent ?? []) {
      await scans.put({
        scan_id: record.scan_id,
        device: device?.device.id ?? "",
        lookup: record.lookup ?? "",
        state: "queued",
        decided: null,
        seen: true,
        record,
      });
    }
  });
  for (const key of OLD) localStorage.removeItem(key);
}

function parsed(key) {
  const text = localStorage.getItem(key);
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
