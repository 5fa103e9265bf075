// The review page: reveal in place, Space or Enter for what is next, all that is done with cards through the outbox, and the
// next cards there before they are needed, so that nothing waits for an answer and a sitting goes on without a connection.
import { DoneHere, takenAway } from "./core/deeds.js";
import { ENDED, FAILED, Poller } from "./core/poller.js";
import { meansGoOn, nextCard, TOO_SOON_MS } from "./core/review.js";
import { Sitting } from "./core/sitting.js";
import { browserClock } from "./parts/clock.js";
import { submitted } from "./parts/deeds.js";
import { all, elementOf, find, required } from "./parts/dom.js";
import { askWhoIsSignedIn, isSomebodyElse, leaveToOther, takeToken } from "./parts/identity.js";
import { keepCards, keepPage, keepState, keptSitting, picturesIn } from "./parts/kept.js";
import { tell } from "./parts/notices.js";
import { outbox } from "./parts/outbox.js";
import { drawPreferences } from "./parts/preferences.js";
import { proofs } from "./parts/proofs.js";
import { cardOn, draw, drawLeft, drawNoneHere, drawUndo, leftOn, showNext } from "./parts/sitting.js";

/** @import { Review } from "./parts/sitting.js" */

const OWN_KEYS = "a, button, summary, input, textarea, select, dialog, [contenteditable]"; // use Space and Enter themselves
const FIRST = 5; // cards asked for first, so that they are there by the time the first one is rated
const ANSWER_WITHIN_MS = 8000;

const place = find("[data-sitting]", HTMLElement);
if (place?.dataset.kept !== undefined) beginKept(place);
else if (place) begin(place);

/** @param {HTMLElement} place */
function begin(place) {
  const review = reviewOf(place, new Sitting(cardOn(place), leftOn(place)), new DoneHere());
  listen(review);
  review.proofs.shown();
  if (takenAway(outbox.held()).some(({ fields }) => fields.card === review.sitting.shown.card)) {
    outbox.sendAll().then(() => location.replace(addressOfNext(place)));
  } else {
    fill(review, FIRST)
      .then(() => fill(review))
      .then(() => keepPage(place));
  }
}

/**
 * Go on with what is kept, on the page that the worker answers with where there is no connection.
 * @param {HTMLElement} place
 */
async function beginKept(place) {
  drawPreferences(); // the page is as it was kept, and has no token
  window.addEventListener("online", async () => {
    const seen = await askWhoIsSignedIn();
    if (isSomebodyElse(seen?.user)) leaveToOther();
    takeToken(seen);
  });
  const kept = await keptSitting(outbox.held());
  if (!kept) {
    window.addEventListener("online", () => location.reload());
    return;
  }
  place.dataset.address = kept.address;
  place.dataset.coming = kept.more;
  const review = reviewOf(place, kept.sitting, kept.done);
  listen(review);
  if (!kept.sitting.isAway || !showNext(review)) draw(review);
  if (kept.sitting.isAway) {
    drawNoneHere(review);
    review.next.start({ seen: 0, hidden: 0 });
  }
  outbox.sendAll();
}

/**
 * @param {HTMLElement} place
 * @param {Sitting} sitting
 * @param {DoneHere} done
 * @returns {Review}
 */
function reviewOf(place, sitting, done) {
  const next = new Poller({ ask: () => openNext(place, sitting), clock: browserClock });
  const nothing = Promise.resolve();
  const never = Number.NEGATIVE_INFINITY;
  const times = { shownAt: performance.now(), revealedAt: never, lastAway: { kind: "", at: never } };
  /** @type {Review} */
  const review = {
    ...{ place, sitting, next, done, filling: nothing, undoing: nothing, isMiscounted: false, ...times },
    proofs: proofs(place, { rated: (rated) => proved(review, rated), shownAt: () => review.shownAt }),
  };
  return review;
}

/** @param {Review} review */
function listen(review) {
  const { place, next } = review;
  place.addEventListener("click", (event) => {
    if (elementOf(event)?.closest("[data-show]")) reveal(review, event);
    if (elementOf(event)?.closest("[data-later]")) later(review, event);
    if (elementOf(event)?.closest("[data-next]") && showNext(review)) event.preventDefault();
    if (event.detail > 1 && elementOf(event)?.closest(".rating") && isTooSoon(review)) event.preventDefault();
  });
  place.addEventListener("submit", (event) => submitted(review, event));
  document.addEventListener("keydown", (event) => goOn(review, event));
  window.addEventListener("online", () => {
    next.askNow();
    fill(review);
  });
  document.addEventListener("outbox:taken", (event) => {
    if (event instanceof CustomEvent) acknowledged(review, event.detail.entry.id, event.detail.answer);
  });
  document.addEventListener("outbox:refused", (event) => {
    if (event instanceof CustomEvent) review.done.forget(event.detail.entry.id);
  });
}

/**
 * Have the next cards and their pictures here.
 * @param {Review} review
 * @param {number} [most]
 */
function fill(review, most) {
  const { place, sitting } = review;
  const url = new URL(place.dataset.coming ?? "", location.href);
  const held = outbox.held();
  for (const { fields } of takenAway(held)) url.searchParams.append("skip", fields.card);
  if (most) url.searchParams.set("most", String(most));
  const asked = sitting.moment;
  review.filling = fetch(url, {
    headers: { Accept: "application/json" },
    signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
  })
    .then(async (response) => {
      if (!response.ok) return;
      const { user, cards, left } = await response.json();
      if (isSomebodyElse(user)) return leaveToOther();
      const knowsAll = held.length === 0 && outbox.held().length === 0;
      sitting.refill(cards, asked, knowsAll);
      if (knowsAll && sitting.moment === asked) count(review, left);
      review.proofs.comes(sitting.upcoming?.html);
      keepCards(review);
      for (const { html } of cards) for (const address of picturesIn(html)) new Image().src = address;
    })
    .catch(() => {}); // without a connection what is here is all there is
  return review.filling;
}

/**
 * @param {Review} review
 * @param {Event} event
 */
function reveal(review, event) {
  const { place } = review;
  event.preventDefault();
  for (const element of all("[data-after]", HTMLElement, place)) element.hidden = false;
  for (const element of all("[data-before]", HTMLElement, place)) element.hidden = true;
  review.revealedAt = performance.now();
  required("#answer", HTMLElement).focus({ preventScroll: true });
  if (place.getBoundingClientRect().top < 0) place.scrollIntoView(); // in a low window the button was below the card
}

/**
 * Whether the answer has just been shown, so that the same key or a press at the same place was not meant to rate it.
 * @param {Review} review
 */
function isTooSoon({ revealedAt }) {
  return performance.now() - revealedAt < TOO_SOON_MS;
}

/**
 * Space and Enter do what comes next: show the answer, then rate it Good; or open the lab that the card asks for.
 * @param {Review} review
 * @param {KeyboardEvent} event
 */
function goOn(review, event) {
  if (!meansGoOn(event, document.documentElement.dataset.keys !== "off")) return;
  if (elementOf(event)?.closest(OWN_KEYS)) return;
  const ways = all("[data-show], [data-key='3'], [data-go-on]", HTMLElement, review.place);
  event.preventDefault();
  const way = ways.find((one) => one.checkVisibility());
  if (way?.matches(".rating *") && isTooSoon(review)) return;
  way?.click();
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
 * The server has taken what was done.
 * @param {Review} review
 * @param {string} id
 * @param {{ due?: string | null, left?: import("./core/sitting.js").Piles | null } | null} answer
 */
function acknowledged(review, id, answer) {
  if (answer?.due?.includes("T") && review.done.cameBack(id)) comesBack(review, answer.due);
  const knowsAll = outbox.held().length === 0;
  const wasMiscounted = review.isMiscounted;
  if (answer?.left && knowsAll) count(review, answer.left);
  review.isMiscounted = !knowsAll && (review.isMiscounted || Boolean(answer?.left));
  if (review.sitting.runsLow || (wasMiscounted && knowsAll)) fill(review);
}

/**
 * Show what the server has counted: it knows of siblings that wait for another day.
 * @param {Review} review
 * @param {import("./core/sitting.js").Piles} left
 */
function count(review, left) {
  review.sitting.count(left);
  drawLeft(review);
  keepState(review);
}

/**
 * The card on the page was answered on its hosts, and the server has rated it.
 * @param {Review} review
 * @param {import("./parts/proof.js").Proved} rated
 */
function proved(review, { due, notice }) {
  review.done.clear();
  drawUndo(review);
  review.sitting.rated();
  if (notice) tell(notice);
  if (due?.includes("T")) comesBack(review, due);
  drawLeft(review);
  keepState(review);
  if (review.sitting.runsLow) fill(review);
}

/**
 * A card that was rated comes back within the study day.
 * @param {Review} review
 * @param {string} due when
 */
function comesBack(review, due) {
  review.sitting.comesBack();
  browserClock.after(() => fill(review), Math.max(Date.parse(due) - Date.now(), 0));
  drawLeft(review);
  keepState(review);
}

/**
 * Open the next card if the server answers, after what was done has been sent, unless another one is shown meanwhile.
 * @param {HTMLElement} place
 * @param {Sitting} sitting
 */
async function openNext(place, sitting) {
  const reachable = await fetch(addressOfNext(place), { method: "HEAD" }).then(
    ({ ok }) => ok,
    () => false,
  );
  if (reachable) await outbox.sendAll();
  if (!sitting.isAway) return ENDED;
  if (!reachable) return FAILED;
  location.assign(addressOfNext(place));
  return ENDED;
}

/** @param {HTMLElement} place */
function addressOfNext(place) {
  return nextCard(place.dataset.address ?? "", takenAway(outbox.held()));
}
