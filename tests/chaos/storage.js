/** All that a page can read of what is kept for its origin; the chaos tests write it down. */
async () => {
  const plain = (value) => {
    if (value instanceof ArrayBuffer) return [...new Uint8Array(value)];
    if (ArrayBuffer.isView(value)) return [...new Uint8Array(value.buffer)];
    return value;
  };
  const settled = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });

  const databases = {};
  for (const { name } of await indexedDB.databases()) {
    const db = await settled(indexedDB.open(name));
    databases[name] = {};
    for (const store of db.objectStoreNames) {
      const rows = db.transaction(store).objectStore(store);
      const [keys, values] = await Promise.all([settled(rows.getAllKeys()), settled(rows.getAll())]);
      databases[name][store] = keys.map((key, place) => [plain(key), values[place]]);
    }
    db.close();
  }
  const kept = {};
  for (const name of await caches.keys()) {
    kept[name] = {};
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const answer = await cache.match(request);
      const type = answer.headers.get("Content-Type") ?? "";
      const isText = /text|json|javascript|svg/.test(type);
      kept[name][request.url] = isText ? await answer.text() : `${type}, ${(await answer.arrayBuffer()).byteLength} bytes`;
    }
  }
  return {
    databases,
    caches: kept,
    localStorage: { ...localStorage },
    sessionStorage: { ...sessionStorage },
    cookie: document.cookie,
  };
};
