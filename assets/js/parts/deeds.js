// What is done with the card on the review page: rated, put away, flagged, and all of it taken back. Each is kept in the
// outbox and shown at once, so that none waits for an answer, and none needs a connection.
import { TOO_SOON_MS } from "../core/review.js";
import { find, required } from "./dom.js";
import { newId } from "./ids.js";
import { keepState } from "./kept.js";
import { sayNoLine } from "./line.js";
import { say } from "./notices.js";
import { outbox, post } from "./outbox.js";
import { signInAgain } from "./sign_in.js";
import { draw, drawFlag, drawNoneHere, drawUndo, flagOn, showNext } from "./sitting.js";

/** @import { Kind } from "../core/deeds.js" */
/** @import { Review } from "./sitting.js" */

const WAITS = "What you did last is still kept here. This works again once it has been sent.";
const NO_LINE =
  "The server did not answer. What was done before this page was opened can be undone once the connection is back.";

/**
 * Do what a form of the card asks for; a form that is none of these is sent by the browser, after the outbox.
 * @param {Review} review
 * @param {SubmitEvent} event
 */
export function submitted(review, event) {
  const form = event.target;
  if (!(form instanceof HTMLFormElement)) return;
  if (form.dataset.undo !== undefined) return undo(review, form, event);
  if (review.sitting.isAway) return event.preventDefault(); // it has been answered, and waits for the next card
  if (form.matches("[data-rating]")) rate(review, form, event);
  else if (form.dataset.deed === "flag") flag(review, form, event);
  else if (form.dataset.deed) putAway(review, form, event);
  else if (form.matches("[data-after-outbox]") && outbox.held().length > 0) sendFirst(form, event);
}

/**
 * @param {Review} review
 * @param {HTMLFormElement} form
 * @param {SubmitEvent} event
 */
function rate(review, form, event) {
  required("[name=taken_ms]", HTMLInputElement, form).value = String(Math.round(performance.now() - review.shownAt));
  const fields = fieldsOf(form, event.submitter);
  const id = fields.review_id;
  if (!outbox.keep(id, form.action, fields)) return;
  event.preventDefault();
  const name = event.submitter ? find(".rating-name", HTMLElement, event.submitter)?.textContent : fields.rating;
  const text = `Undone: ${name}. Rate the card again.`;
  review.done.add({ id, kind: "rating", card: review.sitting.shown, text, isApart: "apart" in fields });
  leaveCard(review, id, event.submitter);
}

/**
 * @param {Review} review
 * @param {HTMLFormElement} form
 * @param {SubmitEvent} event
 */
function putAway(review, form, event) {
  const id = newId();
  const kind = /** @type {Kind} */ (form.dataset.deed);
  const isTwice = review.lastAway.kind === kind && performance.now() - review.lastAway.at < TOO_SOON_MS;
  if (isTwice) return event.preventDefault(); // a double press was meant for the card that is away already
  if (!outbox.keep(id, form.action, { ...fieldsOf(form, event.submitter), deed_id: id }, { kind })) return;
  event.preventDefault();
  review.lastAway = { kind, at: performance.now() };
  review.done.add({ id, kind, card: review.sitting.shown, text: form.dataset.undone ?? "" });
  leaveCard(review, id, event.submitter);
  say(form.dataset.said ?? "");
}

/**
 * @param {Review} review
 * @param {HTMLFormElement} form
 * @param {SubmitEvent} event
 */
function flag(review, form, event) {
  const id = newId();
  const fields = fieldsOf(form, event.submitter);
  if (!outbox.keep(id, form.action, { ...fields, deed_id: id }, { kind: "flag" })) return;
  event.preventDefault();
  const { place, sitting } = review;
  review.done.add({ id, kind: "flag", card: sitting.shown, text: form.dataset.undone ?? "", flag: flagOn(place) });
  sitting.flagged(Number(fields.flag));
  drawFlag(place, Number(fields.flag));
  say(form.dataset.said ?? "");
  drawUndo(review);
  keepState(review);
  outbox.sendAll();
}

/**
 * Show the next card, and send what was done with this one meanwhile. Where no card is here, the next page is opened once
 * the server has answered, or as soon as there is one to be had.
 * @param {Review} review
 * @param {string} id what was done
 * @param {HTMLElement | null} button
 */
async function leaveCard(review, id, button) {
  const { sitting } = review;
  sitting.rated();
  const { moment } = sitting;
  const sent = outbox.sendAll();
  if (showNext(review)) return;
  keepState(review);
  button?.setAttribute("aria-busy", "true");
  const waits = () => sitting.isAway && sitting.moment === moment; // not taken back meanwhile
  await review.filling;
  if (!waits() || showNext(review)) return;
  const answer = (await sent).get(id);
  if (!waits()) return;
  if (answer) return location.assign(answer.next);
  drawNoneHere(review);
  review.next.start({ seen: 0, hidden: 0 });
}

/**
 * Take back what was done last on this page, or else what the server knows as the last.
 * @param {Review} review
 * @param {HTMLFormElement} form
 * @param {SubmitEvent} event
 */
function undo(review, form, event) {
  const { done, sitting } = review;
  const { last } = done;
  if (!last) {
    event.preventDefault();
    review.undoing = review.undoing.then(() => undoOnServer(review, form)); // each press is a step, also a quick second one
    return;
  }
  const fields = { ...fieldsOf(form, null), card: last.card.card, done: last.id };
  if (!outbox.keep(newId(), form.action, fields, { kind: "undo", undoes: last.id })) return;
  event.preventDefault();
  const card = done.takeBack();
  if (card) sitting.back(card, { wasAway: last.kind !== "flag", cameBack: last.cameBack });
  review.next.stop();
  draw(review);
  say(last.text);
  outbox.sendAll();
}

/**
 * @param {Review} review
 * @param {HTMLFormElement} form
 */
async function undoOnServer(review, form) {
  await outbox.sendAll();
  if (outbox.held().length > 0) return sayNoLine(WAITS);
  const undone = await askToUndo(form);
  if (!undone) return sayNoLine(NO_LINE);
  if (!undone.card) return undone.next ? location.assign(undone.next) : say(undone.said);
  review.sitting.back(undone.card, { wasAway: false });
  review.sitting.count(undone.left);
  draw(review);
  say(undone.said);
}

/**
 * The server's answer; null without one.
 * @param {HTMLFormElement} form
 * @returns {Promise<{ said: string, card: any, left: any, next: string | null } | null>}
 */
async function askToUndo(form) {
  try {
    const answer = await post(form.action, fieldsOf(form, null));
    if (answer.status === 401 && (await signInAgain())) return askToUndo(form);
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

/**
 * A form that builds on what was done goes after it.
 * @param {HTMLFormElement} form
 * @param {SubmitEvent} event
 */
async function sendFirst(form, event) {
  event.preventDefault();
  const { submitter } = event;
  await outbox.sendAll();
  if (outbox.held().length > 0) sayNoLine(WAITS);
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
