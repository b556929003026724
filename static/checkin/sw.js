/**
 * The scanner's service worker. The server puts `PLENARY` before it: version, files, page, languages.
 *
 * Everything the page needs is fetched as a whole before this version serves anything, and a version
 * serves its own files only: code is never mixed, and never changes under a running shift.
 */
/* global PLENARY */

const CACHE = `plenary-scanner-${PLENARY.version}`;
const CHOICE = "plenary-scanner-choice";
const FONTS = new Set(PLENARY.fonts);
const FONT_WITHIN_MS = 20_000;
const FILES = new Map(PLENARY.files.map(({ url, sha256 }) => [url, sha256]));

/** What fetches them now, if anything does. */
let fonts = null;

self.addEventListener("install", (event) => event.waitUntil(keepAll()));

self.addEventListener("activate", (event) => event.waitUntil(begin()));

self.addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== "GET" || origin !== self.location.origin) return;
  if (mode === "navigate") {
    if (pathname === PLENARY.page) event.respondWith(page(event.request));
  } else if (FILES.has(pathname)) {
    event.respondWith(kept(pathname, event.request));
  } else if (FONTS.has(pathname)) {
    event.respondWith(keptOnDemand(pathname, event.request));
  }
});

self.addEventListener("message", (event) => {
  const { data, ports: [port] } = event;
  if (data.type === "take") self.skipWaiting();
  if (data.type === "state") tell(port);
  if (data.type === "fonts") event.waitUntil((fonts ??= keepFonts().finally(() => (fonts = null))));
  if (data.type === "mend") keepAll().finally(() => tell(port));
});

async function begin() {
  for (const name of await caches.keys()) {
    if (!name.startsWith("plenary-scanner-") || name === CACHE || name === CHOICE) continue;
    await inheritFonts(name);
    await caches.delete(name);
  }
  await self.clients.claim();
}

/** A font does not change under its address: what the last version fetched need not be fetched again. */
async function inheritFonts(name) {
  const [former, own] = [await caches.open(name), await caches.open(CACHE)];
  for (const { url } of await former.keys()) {
    const { pathname } = new URL(url);
    if (FONTS.has(pathname) && !(await own.match(pathname))) await own.put(pathname, await former.match(url));
  }
}

async function tell(port) {
  const cache = await caches.open(CACHE);
  const kept = new Set((await cache.keys()).map(({ url }) => new URL(url).pathname + new URL(url).search));
  const needed = [...FILES.keys(), ...PLENARY.languages.map(pageKey)];
  port.postMessage({
    version: PLENARY.version,
    whole: needed.every((url) => kept.has(url)),
    fonts: PLENARY.fonts.every((url) => kept.has(url)),
  });
}

async function keepAll() {
  const cache = await caches.open(CACHE);
  await Promise.all([
    ...[...FILES].map(([url, sha256]) => keep(cache, url, sha256)),
    ...PLENARY.languages.map((language) => keepPage(cache, language)),
  ]);
}

/** Fetches a file; one that is not what the server listed belongs to another version. */
async function keep(cache, url, sha256) {
  if (await cache.match(url)) return;
  const answer = await fetch(url, { cache: "no-cache", credentials: "omit" });
  if (!answer.ok) throw new Error(`${answer.status} for ${url}`);
  if (sha256 && (await hashOf(answer.clone())) !== sha256) throw new Error(`${url} has changed`);
  await cache.put(url, answer);
}

/** The page as nobody in particular sees it, in one language. */
async function keepPage(cache, language) {
  const headers = { "Accept-Language": language };
  const answer = await fetch(PLENARY.page, { headers, cache: "no-store", credentials: "omit" });
  if (!answer.ok) throw new Error(`${answer.status} for the page`);
  await cache.put(pageKey(language), answer);
}

async function page(request) {
  const cache = await caches.open(CACHE);
  const answer = await cache.match(pageKey(await language()));
  return answer ?? fetch(request);
}

async function kept(url, request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(url)) ?? fetch(request);
}

async function keptOnDemand(url, request) {
  const cache = await caches.open(CACHE);
  const before = await cache.match(url);
  if (before) return before;
  const answer = await fetch(request);
  if (answer.ok) await cache.put(url, answer.clone());
  return answer;
}

/**
 * One after the other: a phone at work has better things to do with its line. A newer version that
 * waits is not kept waiting by this, and fetches its own.
 */
async function keepFonts() {
  const cache = await caches.open(CACHE);
  for (const url of PLENARY.fonts) {
    if (self.registration.waiting) return;
    if (await cache.match(url)) continue;
    const answer = await fetch(url, { credentials: "omit", signal: AbortSignal.timeout(FONT_WITHIN_MS) });
    if (answer.ok) await cache.put(url, answer);
  }
}

async function language() {
  const choice = await (await caches.open(CHOICE)).match("/language");
  const chosen = await choice?.text();
  return PLENARY.languages.includes(chosen) ? chosen : PLENARY.languages[0];
}

function pageKey(language) {
  return `${PLENARY.page}?language=${language}`;
}

async function hashOf(answer) {
  const digest = await crypto.subtle.digest("SHA-256", await answer.arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
