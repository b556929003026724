/**
 * The scanner's service worker. The server puts `PLENARY` before it: version, files, page, languages.
 *
 * Everything the page needs is fetched as a whole before this version serves anything, and a version
 * serves its own files only: code is never mixed, and never changes under a running shift. A page that
 * was loaded by an older version goes on to get that one's files, whose cache stays until it is closed.
 */
/* global PLENARY */

const CACHE = `plenary-scanner-${PLENARY.version}`;
const CHOICE = "plenary-scanner-choice";
/** Which version serves, and which one each page was loaded by: in the cache of choices, as workers forget. */
const LOADED = "/loaded-by";
const FONTS = new Set(PLENARY.fonts);
const FONT_WITHIN_MS = 20_000;
const FILES = new Map(PLENARY.files.map(({ url, sha256 }) => [url, sha256]));

/** What fetches them now, if anything does. */
let fonts = null;
let adopting = null;

self.addEventListener("install", (event) => event.waitUntil(keepAll()));

self.addEventListener("activate", (event) => event.waitUntil(begin()));

self.addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== "GET" || origin !== self.location.origin) return;
  if (mode === "navigate") {
    if (pathname === PLENARY.page) event.respondWith(page(event.request));
  } else if (FILES.has(pathname)) {
    event.respondWith(kept(pathname, event));
  } else if (FONTS.has(pathname)) {
    event.respondWith(keptOnDemand(pathname, event.request));
  } else if (pathname.startsWith(PLENARY.static)) {
    // A file that this version does not have any more.
    event.respondWith(kept(pathname, event));
  }
});

self.addEventListener("message", (event) => {
  const { data, ports: [port] } = event;
  if (data.type === "take") self.skipWaiting();
  if (data.type === "state") event.waitUntil(Promise.all([tell(port), tidy()]));
  if (data.type === "fonts") event.waitUntil((fonts ??= keepFonts().finally(() => (fonts = null))));
  if (data.type === "mend") keepAll().finally(() => tell(port));
});

async function begin() {
  await adopted();
  for (const name of await others()) await inheritFonts(name);
  await tidy();
  await self.clients.claim();
}

/** What pages there are and which version each was loaded by, noted before this one serves any of them. */
function adopted() {
  return (adopting ??= adopt());
}

async function adopt() {
  const known = await loaded();
  if (known.serving === CACHE) return known;
  // A version before this note was kept left none.
  const { serving = (await others()).at(-1), pages } = known;
  for (const { id } of await openPages()) pages[id] ??= serving;
  await remember({ serving: CACHE, pages });
  return { serving: CACHE, pages };
}

async function others() {
  return (await caches.keys()).filter((name) => name.startsWith("plenary-scanner-") && name !== CACHE && name !== CHOICE);
}

/** Throws away the versions that no open page was loaded by. */
async function tidy() {
  const { serving, pages } = await adopted();
  // A newer one that is about to take over has its files here already.
  if (self.registration.waiting || self.registration.installing) return;
  const open = new Set((await openPages()).map(({ id }) => id));
  const left = Object.fromEntries(Object.entries(pages).filter(([id]) => open.has(id)));
  await remember({ serving, pages: left });
  const used = new Set(Object.values(left));
  for (const name of await others()) if (!used.has(name)) await caches.delete(name);
}

function openPages() {
  return self.clients.matchAll({ type: "window", includeUncontrolled: true });
}

async function loaded() {
  const known = await (await caches.open(CHOICE)).match(LOADED);
  return { pages: {}, ...(await known?.json()) };
}

async function remember(known) {
  await (await caches.open(CHOICE)).put(LOADED, new Response(JSON.stringify(known)));
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

/** The file as the version has it by which the page was loaded. */
async function kept(url, { clientId, request }) {
  const { pages } = await adopted();
  const before = pages[clientId] && (await (await caches.open(pages[clientId])).match(url));
  return before ?? (await (await caches.open(CACHE)).match(url)) ?? fetch(request);
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
