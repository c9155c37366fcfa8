// Keeps a screen's page, its house loop and pictures, so that a reload without
// the gateway still shows them and never the browser's own error page.

const KEPT = "aislecast-screen-1";
/** Most pictures; the one not shown for the longest time goes first. */
const PICTURES_MAX = 80;
/** A gateway that does not answer for so long is taken to be gone. */
const PATIENCE_MS = 4_000;
const PAGE_PARTS = [
  "/assets/player.css",
  "/assets/creative.css",
  "/assets/icon.svg",
  "/assets/player.js",
  "/assets/stage.js",
  "/assets/creative.js",
  "/assets/link.js",
];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(KEPT).then((kept) => kept.addAll(PAGE_PARTS)));
  self.skipWaiting();
});

self.addEventListener("activate", (event) => event.waitUntil(begin()));

async function begin() {
  for (const name of await caches.keys()) {
    if (name !== KEPT) await caches.delete(name);
  }
  await self.clients.claim();
  // What was loaded before we were there.
  const kept = await caches.open(KEPT);
  for (const client of await self.clients.matchAll({ includeUncontrolled: true })) {
    const { pathname, search } = new URL(client.url);
    await Promise.allSettled([kept.add(pathname + search), keepHouse(kept, pathname, search)]);
  }
}

async function keepHouse(kept, pathname, search) {
  const answer = await fetch(`${pathname}/house${search}`);
  await kept.put(`${pathname}/house${search}`, answer.clone());
  const { creatives } = await answer.json();
  const images = creatives.map((creative) => creative.image).filter(Boolean);
  await Promise.allSettled(images.map((name) => kept.add(`/creatives/${encodeURIComponent(name)}${search}`)));
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  const ours = origin === self.location.origin && request.method === "GET";
  if (ours && !pathname.endsWith("/events")) event.respondWith(freshOrKept(request));
});

async function freshOrKept(request) {
  const kept = await caches.open(KEPT);
  try {
    const fresh = await Promise.race([fetch(request), late()]);
    if (fresh.ok) await keep(kept, request, fresh.clone());
    return fresh;
  } catch {
    return (await kept.match(request, { ignoreSearch: true })) ?? Response.error();
  }
}

function late() {
  return new Promise((_, reject) => setTimeout(reject, PATIENCE_MS, new Error("late")));
}

async function keep(kept, request, answer) {
  await kept.put(request, answer);
  const pictures = (await kept.keys()).filter(({ url }) => url.includes("/creatives/"));
  for (const old of pictures.slice(0, Math.max(0, pictures.length - PICTURES_MAX))) {
    await kept.delete(old);
  }
}
