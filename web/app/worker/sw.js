// Lets the app start without a network: its page and all its parts are kept, as one build has made them. And opens what a
// notification is about, where pages may show none themselves.
// The build writes before this: VERSION, and PARTS, the address of each part with the hash of its content.

const CACHE = `openhouse-${VERSION}`;
const PAGE = "/index.html";
const CONFIG = "/config.json";
const PATIENCE = 3_000; // milliseconds; where there is hardly a network, nobody waits longer for the app
const NO_PAGE = /^\/(api|about|docs)(\/|$)|\.[^/]*$/;

self.addEventListener("install", (event) => event.waitUntil(keepAll()));
self.addEventListener("activate", (event) => event.waitUntil(takeOver()));

self.addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== "GET" || origin !== self.location.origin) return;
  if (mode === "navigate") {
    if (!NO_PAGE.test(pathname)) event.respondWith(fresh(event, PAGE));
  } else if (pathname === CONFIG) event.respondWith(fresh(event, CONFIG));
  else if (pathname.startsWith("/assets/")) event.respondWith(keptOrAsked(event.request));
});

self.addEventListener("notificationclick", (event) => {
  const { notification } = event;
  notification.close();
  event.waitUntil(open(notification.data.path));
});

/** In a page that is there, or in a new one. */
async function open(path) {
  const [page] = await self.clients.matchAll({ type: "window" });
  if (!page) return self.clients.openWindow(path);
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a client of a worker, which has none
  page.postMessage({ open: path });
  return page.focus();
}

/** All or nothing; and nothing if something is of another build, as it can be while one is uploaded. */
async function keepAll() {
  const cache = await caches.open(CACHE);
  const parts = Object.entries(PARTS).map(([path, integrity]) => new Request(path, { integrity }));
  await cache.addAll([...parts, CONFIG]);
  await self.skipWaiting(); // a page of the build before asks the network for parts that it has not loaded yet
}

async function takeOver() {
  const others = (await caches.keys()).filter((name) => name !== CACHE);
  await Promise.all(others.map((name) => caches.delete(name)));
  await self.clients.claim();
}

/** From the network if that answers soon, else what is kept at `path`. */
async function fresh(event, path) {
  const cache = await caches.open(CACHE);
  const asked = fetch(event.request).then(async (answer) => {
    if (path === CONFIG && answer.ok) await cache.put(path, answer.clone()); // the page is the build's
    return answer;
  });
  event.waitUntil(asked.catch(() => undefined));
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE));
  const answer = await Promise.race([asked, late]).catch(() => undefined);
  return answer?.ok ? answer : ((await cache.match(path)) ?? asked);
}

async function keptOrAsked(request) {
  return (await caches.match(request, { ignoreVary: true })) ?? fetch(request);
}
