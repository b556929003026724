/** The phone's own store: one IndexedDB, shared by all tabs. Nothing in it names a visitor. */

import { openDB } from "../../vendor/idb/idb.js";

const NAME = "plenary-checkin";
const VERSION = 1;

/** The phone could not keep something; `code` is storage_full or storage_trouble. */
export class StorageTrouble extends Error {
  constructor(code, cause) {
    super(code, { cause });
    this.code = code;
  }
}

let opening = null;

/** Reads in one transaction: `look` gets it and must only wait for what it asks of it. */
export function read(stores, look) {
  return run(stores, "readonly", {}, look);
}

/** Changes in one transaction, on the disk before this resolves; all of it, or nothing. */
export function write(stores, change) {
  return run(stores, "readwrite", { durability: "strict" }, change);
}

/** As `write`, for what may be lost with the battery: when something was last seen. */
export function note(stores, change) {
  return run(stores, "readwrite", { durability: "relaxed" }, change);
}

async function run(stores, mode, options, work) {
  const transaction = await begin(stores, mode, options);
  // The transaction fails as a whole, and is told of below; nobody else need hear of it.
  transaction.done.catch(() => {});
  try {
    const answer = await work(transaction);
    await transaction.done;
    return answer;
  } catch (trouble) {
    abort(transaction);
    throw named(trouble, transaction.error);
  }
}

async function begin(stores, mode, options) {
  try {
    return (await open()).transaction(stores, mode, options);
  } catch (trouble) {
    // The browser closed it meanwhile: a second try opens it anew.
    if (trouble.name !== "InvalidStateError") throw named(trouble);
    opening = null;
    return (await open()).transaction(stores, mode, options);
  }
}

function open() {
  opening ??= openDB(NAME, VERSION, {
    upgrade: build,
    blocking: (_now, _wanted, { target }) => target.close(),
    terminated: () => {
      opening = null;
    },
  }).catch((trouble) => {
    opening = null;
    throw named(trouble);
  });
  return opening;
}

function build(db) {
  db.createObjectStore("meta");
  db.createObjectStore("roster");
  const scans = db.createObjectStore("scans", { keyPath: "scan_id" });
  scans.createIndex("state", "state");
  scans.createIndex("lookup", "lookup");
  scans.createIndex("settled_ms", "settled_ms");
  db.createObjectStore("refused", { keyPath: "number", autoIncrement: true });
}

function abort(transaction) {
  try {
    transaction.abort();
  } catch {
    // It is over already.
  }
}

function named(trouble, behind = null) {
  if (trouble instanceof StorageTrouble) return trouble;
  const isFull = [trouble, behind].some((each) => each?.name === "QuotaExceededError");
  if (isFull) return new StorageTrouble("storage_full", trouble);
  return trouble instanceof DOMException ? new StorageTrouble("storage_trouble", trouble) : trouble;
}
