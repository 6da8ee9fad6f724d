// The service worker: keeps the shell (pages, scripts, words, icons; nobody's data) and sends the outbox when the signal
// comes back while the app is closed. `self.SHELL` is written above this by the server.
"use strict";

const NAME = "phone-shell-" + self.SHELL.version;
const KEPT = new Set(self.SHELL.files);
const HOME = self.SHELL.files[0];

self.importScripts(self.SHELL.core);
self.phone.told = () => undefined;

/** One file of the shell; a line that breaks off is tried twice more before the whole is given up. */
async function fetched(path, tries = 3) {
  try {
    // the page itself anew; everything else has its content's digest in its address
    const answer = await fetch(path, { cache: path === HOME ? "reload" : "default", credentials: "omit" });
    if (!answer.ok || answer.redirected) throw new Error(path + " " + answer.status);
    return answer;
  } catch (error) {
    if (tries === 1) throw error;
    await new Promise((done) => setTimeout(done, 1000));
    return fetched(path, tries - 1);
  }
}

async function install() {
  const cache = await caches.open(NAME);
  await Promise.all(self.SHELL.files.map(async (path) => cache.put(path, await fetched(path))));
  await self.skipWaiting();
}

async function activate() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("phone-shell-") && name !== NAME).map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function fromShell(path, request) {
  const kept = await caches.match(path);
  return kept || fetch(request);
}

/** Sends what waits; a page that is open is told to look again. */
async function send() {
  await self.phone.store.readFacts();
  if (!self.phone.store.enrolled() || (await self.phone.store.expired(Date.now()))) return;
  const how = await self.phone.sync.run();
  const pages = await self.clients.matchAll();
  pages.forEach((page) => page.postMessage("synced"));
  if (how === "offline") throw new Error(how); // the browser tries again later
}

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("sync", (event) => event.waitUntil(send()));
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (KEPT.has(url.pathname)) event.respondWith(fromShell(url.pathname, event.request));
});
