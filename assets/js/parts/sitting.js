// The card of a sitting on its page: read from it, put in its place, and what is left beside it.
import { equipCode } from "./code.js";
import { all, find, required } from "./dom.js";
import { csrfToken } from "./identity.js";
import { newId } from "./ids.js";
import { keepState } from "./kept.js";
import { notify, overDraw } from "./notices.js";
import { showKept } from "./outbox.js";

/** @import { DoneHere } from "../core/deeds.js" */
/** @import { Poller } from "../core/poller.js" */
/** @import { Coming, Sitting } from "../core/sitting.js" */

const NONE_HERE = "Those were all the cards that are here. The next ones come once the connection is back.";

/**
 * A review page. Times are in milliseconds since the page was opened; promises are resolved once what they stand for is over.
 * @typedef {object} Review
 * @property {HTMLElement} place
 * @property {Sitting} sitting
 * @property {DoneHere} done
 * @property {Poller} next opens the next card as soon as the server answers
 * @property {number} shownAt
 * @property {number} revealedAt
 * @property {{ kind: string, at: number }} lastAway what a card was put away by last, and when
 * @property {ReturnType<typeof import("./proofs.js").proofs>} proofs
 * @property {Promise<void>} filling
 * @property {Promise<void>} undoing
 * @property {boolean} isMiscounted whether the server told of a change of what is left that could not be drawn yet
 */

/**
 * The card that the server has put on the page, as it sends those that come.
 * @param {HTMLElement} place
 * @returns {Coming}
 */
export function cardOn(place) {
  const card = required("[data-card]", HTMLElement, place).dataset.card ?? "";
  const pile = required("[data-pile][data-now]", HTMLElement, place).dataset.pile ?? "";
  const plain = /** @type {HTMLElement} */ (place.cloneNode(true));
  for (const block of all(".code > pre", HTMLElement, plain)) {
    delete block.dataset.equipped; // with what it was equipped with, which works on this page alone
    block.parentElement?.replaceWith(block);
  }
  find("[data-notices]", HTMLElement, plain)?.replaceChildren(); // said of what was done before
  return { card, pile, html: plain.innerHTML };
}

/** @param {HTMLElement} place */
export function leftOn(place) {
  const piles = all("[data-pile]", HTMLElement, place);
  return Object.fromEntries(piles.map((pile) => [pile.dataset.pile, Number.parseInt(numberOf(pile).textContent, 10)]));
}

/**
 * Put the next card in place of this one. False if none is here.
 * @param {Review} review
 */
export function showNext(review) {
  if (!review.sitting.next()) return false;
  draw(review);
  return true;
}

/**
 * Put the card that the sitting shows on the page.
 * @param {Review} review
 */
export function draw(review) {
  const { place, sitting } = review;
  keepState(review);
  overDraw(() => {
    place.innerHTML = sitting.shown.html;
  });
  for (const input of all("input[name=csrf_token]", HTMLInputElement, place)) input.value = csrfToken();
  drawChanges(place, sitting.shown);
  drawUndo(review);
  review.shownAt = performance.now();
  review.proofs.shown();
  review.proofs.comes(sitting.upcoming?.html);
  drawLeft(review);
  equipCode();
  showKept();
  history.replaceState(null, "", place.dataset.address);
  required("#card", HTMLElement, place).focus({ preventScroll: true });
  window.scrollTo(0, 0);
}

/**
 * Say that no card is left here, in place of the buttons of the one that was the last.
 * @param {Review} review
 */
export function drawNoneHere(review) {
  drawLeft(review);
  for (const element of all("[data-rating], [data-before]", HTMLElement, review.place)) element.hidden = true;
  notify(NONE_HERE);
}

/** @param {Review} review */
export function drawLeft({ place, sitting }) {
  for (const pile of all("[data-pile]", HTMLElement, place)) {
    const left = sitting.left[pile.dataset.pile ?? ""] ?? 0;
    numberOf(pile).textContent = numberOf(pile).textContent.endsWith("+") ? numberOf(pile).textContent : String(left);
    pile.hidden = pile.dataset.pile === "later" && left === 0;
  }
}

/**
 * Offer to undo, also on a page that was drawn before there was anything to.
 * @param {Review} review
 */
export function drawUndo({ place, done }) {
  const form = find("form[data-undo]", HTMLFormElement, place);
  if (form && done.isAny) form.hidden = false;
}

/**
 * The flag of the card on the page; 0 without one.
 * @param {HTMLElement} place
 */
export function flagOn(place) {
  return Number(find("[data-flag]", HTMLElement, place)?.dataset.flag ?? 0);
}

/**
 * Show a flag, or with 0 that there is none.
 * @param {HTMLElement} place
 * @param {number} flag
 */
export function drawFlag(place, flag) {
  const menu = find("details[data-flag]", HTMLDetailsElement, place);
  if (!menu) return;
  menu.dataset.flag = String(flag);
  menu.open = false;
  const summary = required("summary", HTMLElement, menu);
  summary.textContent = "Flag";
  for (const button of all("button[name=flag]", HTMLButtonElement, menu)) {
    const number = button.dataset.key?.at(-1) ?? "";
    const isIt = number === String(flag);
    button.value = isIt ? "0" : number;
    button.ariaPressed = String(isIt);
    if (isIt) summary.replaceChildren(...marked(button));
  }
}

/**
 * The mark and the name of a button's flag.
 * @param {HTMLButtonElement} button
 */
function marked(button) {
  const name = document.createElement("span");
  name.className = "flag-name";
  name.textContent = button.dataset.keyLabel ?? "";
  return [required(".flag", HTMLElement, button).cloneNode(), " ", name];
}

/**
 * What this page has done with a card since the server sent it: a card that was taken back is rated anew.
 * @param {HTMLElement} place
 * @param {Coming} card
 */
function drawChanges(place, { version, flag }) {
  if (flag !== undefined) drawFlag(place, flag);
  const form = find("form[data-rating]", HTMLFormElement, place);
  if (version === undefined || !form) return;
  required("[name=review_id]", HTMLInputElement, form).value = newId();
  const shown = required("[name=version]", HTMLInputElement, form);
  shown.value = String(Number(shown.value) + version);
}

/** @param {HTMLElement} pile */
function numberOf(pile) {
  return required("dd", HTMLElement, pile);
}
