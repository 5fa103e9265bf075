// The review page: reveal in place, Space or Enter for what is next, ratings through the outbox, and the next cards there
// before they are needed, so that a rating waits for no answer and a sitting goes on without a connection.
import { ENDED, FAILED, Poller } from "./core/poller.js";
import { meansGoOn, nextCard } from "./core/review.js";
import { Sitting } from "./core/sitting.js";
import { browserClock } from "./parts/clock.js";
import { equipCode } from "./parts/code.js";
import { all, elementOf, find, required } from "./parts/dom.js";
import { csrfToken } from "./parts/identity.js";
import { notify } from "./parts/notices.js";
import { outbox, showKept } from "./parts/outbox.js";
import { proofs } from "./parts/proof.js";

const OWN_KEYS = "a, button, summary, input, textarea, select, dialog, [contenteditable]"; // use Space and Enter themselves
const FIRST = 5; // cards asked for first, so that they are there by the time the first one is rated
const ANSWER_WITHIN_MS = 8000;
const GONE = "A card that you rated has been removed meanwhile. Its rating counts no more.";
const WAITS = "Your last ratings are still kept here. This works again once they have been sent.";

/** @typedef {{ place: HTMLElement, sitting: Sitting, next: Poller, shownAt: number, filling: Promise<void>, proofs: ReturnType<typeof proofs> }} Review */

const place = find("[data-sitting]", HTMLElement);
if (place) begin(place);

/** @param {HTMLElement} place */
function begin(place) {
  const next = new Poller({ ask: () => openNext(place), clock: browserClock });
  const sitting = new Sitting(cardOn(place), leftOn(place));
  /** @type {Review} */
  const review = {
    place,
    sitting,
    next,
    shownAt: performance.now(),
    filling: Promise.resolve(),
    proofs: proofs(place, { rated: (part) => proved(review, part), shownAt: () => review.shownAt }),
  };
  review.proofs.shown();
  place.addEventListener("click", (event) => {
    if (elementOf(event)?.closest("[data-show]")) reveal(place, event);
    if (elementOf(event)?.closest("[data-later]")) later(review, event);
    if (elementOf(event)?.closest("[data-next]") && showNext(review)) event.preventDefault();
  });
  place.addEventListener("submit", (event) => submitted(review, event));
  document.addEventListener("keydown", (event) => goOn(place, event));
  window.addEventListener("online", () => {
    next.askNow();
    fill(review);
  });
  if (outbox.held().some(({ fields }) => fields.card === sitting.shown.card)) {
    outbox.sendAll().then(() => location.replace(addressOfNext(place)));
  } else {
    fill(review, FIRST).then(() => fill(review));
  }
}

/** @param {HTMLElement} place */
function cardOn(place) {
  const card = required("[data-card]", HTMLElement, place).dataset.card ?? "";
  const pile = required("[data-pile][data-now]", HTMLElement, place).dataset.pile ?? "";
  return { card, pile };
}

/** @param {HTMLElement} place */
function leftOn(place) {
  const piles = all("[data-pile]", HTMLElement, place);
  return Object.fromEntries(piles.map((pile) => [pile.dataset.pile, Number.parseInt(numberOf(pile).textContent, 10)]));
}

/** @param {HTMLElement} pile */
function numberOf(pile) {
  return required("dd", HTMLElement, pile);
}

/**
 * Have the next cards and their pictures here.
 * @param {Review} review
 * @param {number} [most]
 */
function fill(review, most) {
  const { place, sitting } = review;
  const url = new URL(place.dataset.coming ?? "", location.href);
  for (const { fields } of outbox.held()) url.searchParams.append("skip", fields.card);
  if (most) url.searchParams.set("most", String(most));
  const asked = sitting.moment;
  review.filling = fetch(url, {
    headers: { Accept: "application/json" },
    signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
  })
    .then(async (response) => {
      if (!response.ok) return;
      const { cards } = await response.json();
      sitting.refill(cards, asked);
      review.proofs.comes(sitting.upcoming?.html);
      for (const { html } of cards) fetchPictures(html);
    })
    .catch(() => {}); // without a connection what is here is all there is
  return review.filling;
}

/** @param {string} html */
function fetchPictures(html) {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  for (const { src } of all("img", HTMLElement, parsed).flatMap((image) => (image instanceof Image ? [image] : []))) {
    new Image().src = src;
  }
}

/**
 * @param {HTMLElement} place
 * @param {Event} event
 */
function reveal(place, event) {
  event.preventDefault();
  for (const element of all("[data-after]", HTMLElement, place)) element.hidden = false;
  for (const element of all("[data-before]", HTMLElement, place)) element.hidden = true;
  required("#answer", HTMLElement).focus({ preventScroll: true });
  if (place.getBoundingClientRect().top < 0) place.scrollIntoView(); // in a low window the button was below the card
}

/**
 * Space and Enter do what comes next: show the answer, then rate it Good; or open the lab that the card asks for.
 * @param {HTMLElement} place
 * @param {KeyboardEvent} event
 */
function goOn(place, event) {
  if (!meansGoOn(event, document.documentElement.dataset.keys !== "off")) return;
  if (elementOf(event)?.closest(OWN_KEYS)) return;
  const ways = all("[data-show], [data-key='3'], [data-go-on]", HTMLElement, place);
  event.preventDefault();
  ways.find((way) => way.checkVisibility())?.click();
}

/**
 * Go on without an answer to this card, if the next one is here; without it the link does.
 * @param {Review} review
 * @param {Event} event
 */
function later(review, event) {
  review.sitting.setAside();
  if (showNext(review)) event.preventDefault();
}

/**
 * @param {Review} review
 * @param {SubmitEvent} event
 */
function submitted(review, event) {
  const form = event.target;
  if (!(form instanceof HTMLFormElement)) return;
  if (form.matches("[data-rating]")) rate(review, form, event);
  else if (form.matches("[data-after-outbox]") && outbox.held().length > 0) sendFirst(form, event);
}

/**
 * Keep the rating, show the next card, and send the rating meanwhile. Where no card is here, the next page is opened once
 * the server has answered, or as soon as there is one to be had.
 * @param {Review} review
 * @param {HTMLFormElement} form
 * @param {SubmitEvent} event
 */
async function rate(review, form, event) {
  if (form.dataset.sent !== undefined) {
    event.preventDefault();
    return;
  }
  required("[name=taken_ms]", HTMLInputElement, form).value = String(Math.round(performance.now() - review.shownAt));
  const fields = fieldsOf(form, event.submitter);
  if (!outbox.keep(fields.review_id, form.action, fields)) return;
  event.preventDefault();
  form.dataset.sent = "";
  review.sitting.rated();
  const sent = outbox.sendAll();
  if (!showNext(review)) {
    event.submitter?.setAttribute("aria-busy", "true");
    await review.filling;
    if (!showNext(review)) return leave(review, (await sent).get(fields.review_id));
  }
  const answers = await sent;
  if (answers.has(fields.review_id) && !answers.get(fields.review_id)) notify(GONE);
  acknowledged(review, answers.get(fields.review_id));
}

/**
 * @param {Review} review
 * @param {{ next: string } | undefined} answer
 */
function leave({ next }, answer) {
  if (answer) location.assign(answer.next);
  else next.start({ seen: 0, hidden: 0 });
}

/**
 * @param {Review} review
 * @param {{ due: string | null, notice: string | null } | undefined} answer
 */
function acknowledged(review, answer) {
  if (answer?.notice) notify(answer.notice);
  if (answer?.due?.includes("T")) {
    review.sitting.comesBack();
    browserClock.after(() => fill(review), Math.max(Date.parse(answer.due) - Date.now(), 0));
    drawLeft(review);
  }
  if (answer && review.sitting.runsLow) fill(review);
}

/**
 * The card on the page was answered on its hosts, and the server has rated it.
 * @param {Review} review
 * @param {{ due: string | null, notice: string | null }} answer
 */
function proved(review, answer) {
  review.sitting.rated();
  drawLeft(review);
  acknowledged(review, answer);
}

/**
 * Put the next card in place of this one. False if none is here.
 * @param {Review} review
 */
function showNext(review) {
  const next = review.sitting.next();
  if (!next) return false;
  review.place.innerHTML = next.html;
  for (const input of all("input[name=csrf_token]", HTMLInputElement, review.place)) input.value = csrfToken();
  review.shownAt = performance.now();
  review.proofs.shown();
  review.proofs.comes(review.sitting.upcoming?.html);
  drawLeft(review);
  equipCode();
  showKept();
  history.replaceState(null, "", review.place.dataset.address);
  required("#notices", HTMLElement).replaceChildren();
  required("#card", HTMLElement, review.place).focus({ preventScroll: true });
  window.scrollTo(0, 0);
  return true;
}

/** @param {Review} review */
function drawLeft({ place, sitting }) {
  for (const pile of all("[data-pile]", HTMLElement, place)) {
    const left = sitting.left[pile.dataset.pile ?? ""] ?? 0;
    numberOf(pile).textContent = numberOf(pile).textContent.endsWith("+") ? numberOf(pile).textContent : String(left);
    pile.hidden = pile.dataset.pile === "later" && left === 0;
  }
}

/**
 * A form that builds on what was rated, such as Undo, goes after it.
 * @param {HTMLFormElement} form
 * @param {SubmitEvent} event
 */
async function sendFirst(form, event) {
  event.preventDefault();
  const { submitter } = event;
  await outbox.sendAll();
  if (outbox.held().length > 0) notify(WAITS);
  else form.requestSubmit(submitter);
}

/**
 * What a form would send, but for its token: what is kept is sent with the token of the page that sends it.
 * @param {HTMLFormElement} form
 * @param {HTMLElement | null} submitter
 * @returns {Record<string, string>}
 */
function fieldsOf(form, submitter) {
  const fields = [...new FormData(form, submitter)].filter(([name]) => name !== "csrf_token");
  return Object.fromEntries(fields.map(([name, value]) => [name, String(value)]));
}

/**
 * Open the next card if the server answers.
 * @param {HTMLElement} place
 */
async function openNext(place) {
  const url = addressOfNext(place);
  const reachable = await fetch(url, { method: "HEAD" }).then(
    ({ ok }) => ok,
    () => false,
  );
  if (!reachable) return FAILED;
  location.assign(url);
  return ENDED;
}

/** @param {HTMLElement} place */
function addressOfNext(place) {
  return nextCard(place.dataset.address ?? "", outbox.held());
}
