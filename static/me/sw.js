// The delegate's notices: shows what was pushed and leads to the inbox. It keeps no page and
// answers no request, so the pages work with it as they work without.

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("push", (event) => {
  let told = {};
  try {
    told = event.data?.json() ?? {};
  } catch {
    // Something must be shown for each push; below it says where to look.
  }
  event.waitUntil(
    self.registration.showNotification(told.title ?? "Plenary", {
      body: told.body ?? "",
      lang: told.lang === "zh-hans" ? "zh-Hans" : "en",
      // A repeat takes the place of the first.
      tag: told.tag,
      icon: "/static/img/icon-192.png",
      data: { url: told.url ?? "/me/inbox/" },
    }),
  );
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const url = new URL(event.notification.data.url, self.location.origin);
  if (url.origin !== self.location.origin) return;
  event.waitUntil(open(url.href));
});

/** Brings the delegate's pages to the front, or opens them. */
async function open(url) {
  const [page] = await self.clients.matchAll({ type: "window" });
  if (!page) return self.clients.openWindow(url);
  await page.navigate(url);
  return page.focus();
}
