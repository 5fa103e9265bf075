// The service worker of the review page. Without a connection it answers with what the page has kept: itself, and the
// pictures of the cards that come; scripts and styles it keeps itself. With one it changes nothing. It may have no import.
//
// There is one cache of files for each build, and one of what is kept for whoever reviewed last in this browser. The Cache
// API knows nothing of who is signed in (it ignores `Vary: Cookie`), so the page removes what is kept of anybody else.

/** @type {ServiceWorkerGlobalScope} */
const worker = /** @type {any} */ (self);

const FILES = "review-files-"; // and the name of the list of files, which changes with each of them
const KEPT = "review-of-"; // and whose
const ROOT = new URL("..", worker.location.href).pathname; // the worker is at review/worker.js
const PAGE = `${ROOT}review/offline`;
const ANSWER_WITHIN_MS = 8000; // as the page's own requests: the server gives up on a locked database after 5 s
const BUILT = `${ROOT}static/dist/`;
const PICTURES = `${ROOT}pictures/`;
const list = new URL(worker.location.href).searchParams.get("files") ?? "";

worker.addEventListener("install", (event) => event.waitUntil(install()));
worker.addEventListener("activate", (event) => event.waitUntil(activate()));
worker.addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== worker.location.origin) return;
  if (event.request.mode === "navigate") event.respondWith(page(event));
  else if (pathname.startsWith(BUILT)) event.respondWith(builtFile(event.request));
  else if (pathname.startsWith(PICTURES)) event.respondWith(picture(event.request));
});

async function install() {
  const answer = await fetch(BUILT + list);
  /** @type {string[]} */
  const names = await answer.json();
  const cache = await caches.open(FILES + list);
  await cache.addAll(names.map((name) => BUILT + name));
  await worker.skipWaiting();
}

async function activate() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(FILES) && name !== FILES + list);
  await Promise.all(old.map((name) => caches.delete(name)));
  await worker.registration.navigationPreload?.enable(); // so that a page with a connection does not wait for this worker
}

/**
 * The server's page; the kept one if no answer comes, or none in time, as on a train.
 * @param {FetchEvent} event
 */
async function page(event) {
  const answer = answerTo(event);
  const late = new Promise((_, reject) => setTimeout(reject, ANSWER_WITHIN_MS, new Error("no answer in time")));
  try {
    return await Promise.race([answer, /** @type {Promise<never>} */ (late)]);
  } catch {
    const kept = await inKept(PAGE);
    if (!kept) return answer;
    answer.catch(() => {}); // it may come too late, or never
    return kept;
  }
}

/** @param {FetchEvent} event */
async function answerTo(event) {
  return (await event.preloadResponse) ?? fetch(event.request);
}

/**
 * A file whose name changes with what is in it.
 * @param {Request} request
 */
async function builtFile(request) {
  return (await (await caches.open(FILES + list)).match(request)) ?? fetch(request);
}

/** @param {Request} request */
async function picture(request) {
  try {
    return await fetch(request);
  } catch (lost) {
    const kept = await inKept(request.url);
    if (kept) return kept;
    throw lost;
  }
}

/** @param {string} address */
async function inKept(address) {
  for (const name of await caches.keys()) {
    const kept = name.startsWith(KEPT) ? await (await caches.open(name)).match(address) : undefined;
    if (kept) return kept;
  }
  return undefined;
}
