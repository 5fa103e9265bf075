// What the review page keeps in this browser for a reload without a connection: an empty page, the cards that come, how far
// one is, and pictures. All of it is in one cache of the person's own, which is removed when they sign out or somebody else
// signs in. Browsers have caches over https and on loopback alone; elsewhere nothing is kept.
import { restored, stateOf, textsOf } from "../core/kept.js";
import { all, find } from "./dom.js";
import { NAME } from "./forget_kept.js";
import { mountedAt, pageUser } from "./identity.js";

/** @import { Entry } from "../core/outbox.js" */
/** @import { Review } from "./sitting.js" */

const PAGE = `${mountedAt}/review/offline`;
const CARDS = `${PAGE}/cards`; // no address of the server: names of what is kept beside the page
const STATE = `${PAGE}/state`;
const PICTURES = `${mountedAt}/pictures/`;

/** @type {Promise<void>} each writes after the one before */
let writing = Promise.resolve();
let hasPage = false; // whether the empty page was kept

/**
 * Let the worker answer from now on, and keep an empty page that it can answer with. For a page that the server has sent to
 * its person just now.
 * @param {HTMLElement} place
 */
export async function keepPage({ dataset: { worker, page } }) {
  if (!("caches" in window) || !navigator.serviceWorker || !worker || !page) return;
  try {
    await navigator.serviceWorker.register(worker, { scope: `${mountedAt}/review` });
    const answer = await fetch(page);
    if (!(await isOwn(answer.clone()))) return;
    await (await caches.open(NAME)).put(PAGE, answer);
    hasPage = true;
  } catch {
    // No room, or forbidden in this browser: then a reload needs a connection.
  }
}

/**
 * Whether an answer is the page of this page's person: not the sign-in page, nor of somebody who has signed in meanwhile.
 * @param {Response} answer
 */
async function isOwn(answer) {
  if (!answer.ok || answer.redirected) return false;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return page.body.dataset.user === pageUser;
}

/**
 * Keep the cards that come and how far one is. The server has just said that its person is signed in.
 * @param {Review} review
 */
export function keepCards(review) {
  const texts = textsOf(review);
  write(async () => {
    const cache = await caches.open(NAME);
    await cache.put(CARDS, Response.json(texts));
    await keepPictures(cache, Object.values(texts));
    if (hasPage && !(await cache.match(PAGE))) await keepPage(review.place); // removed by a sign-out in another tab
  });
  keepState(review);
}

/**
 * Keep how far one is, if anything is kept still: it may have been removed in another tab, by a sign-out.
 * @param {Review} review
 */
export function keepState(review) {
  const { address = "", coming: more = "" } = review.place.dataset;
  const state = stateOf(review, { address, more });
  write(async () => {
    if (await caches.has(NAME)) await (await caches.open(NAME)).put(STATE, Response.json(state));
  });
}

/**
 * What was kept for the person of this page; null for nothing.
 * @param {Entry[]} held by the outbox
 */
export async function keptSitting(held) {
  const cache = await caches.open(NAME);
  const [state, texts] = await Promise.all([STATE, CARDS].map(async (name) => (await cache.match(name))?.json()));
  return restored(state ?? null, texts ?? null, held);
}

/**
 * Keep the pictures of these cards, and no others.
 * @param {Cache} cache
 * @param {string[]} texts
 */
async function keepPictures(cache, texts) {
  const wanted = new Set(texts.flatMap(picturesIn));
  for (const { url } of await cache.keys()) {
    if (new URL(url).pathname.startsWith(PICTURES) && !wanted.delete(url)) await cache.delete(url);
  }
  for (const url of wanted) {
    const answer = await fetch(url);
    if (answer.ok && !answer.redirected) await cache.put(url, answer);
  }
}

/**
 * The addresses of a card's pictures that the product serves.
 * @param {string} html
 */
export function picturesIn(html) {
  if (!html.includes(PICTURES)) return []; // most have none, and to parse fifty cards takes as long as to show one
  const images = all("img", HTMLElement, new DOMParser().parseFromString(html, "text/html"));
  const addresses = images.flatMap((image) => (image instanceof Image ? [image.src] : []));
  return addresses.filter((address) => new URL(address).pathname.startsWith(PICTURES));
}

/** @param {() => Promise<void>} task */
function write(task) {
  if (!("caches" in window) || !find("[data-sitting]", HTMLElement)) return;
  writing = writing.then(task).catch(() => {}); // no room: what was kept before stays
}
