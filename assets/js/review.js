// The review page: reveal in place, Space or Enter for what is next, ratings through the outbox, the time taken.
import { ENDED, FAILED, Poller } from "./core/poller.js";
import { meansGoOn, nextCard } from "./core/review.js";
import { browserClock } from "./parts/clock.js";
import { all, elementOf, find, required } from "./parts/dom.js";
import { outbox } from "./parts/outbox.js";

const OWN_KEYS = "a, button, summary, input, textarea, select, dialog, [contenteditable]"; // use Space and Enter themselves

const shownAt = performance.now();
const form = find("form[data-rating]", HTMLFormElement);
if (form) start(form);

/** @param {HTMLFormElement} form */
function start(form) {
  const show = find("[data-show]", HTMLElement);
  show?.addEventListener("click", reveal);
  const next = new Poller({ ask: () => openNext(form), clock: browserClock });
  form.addEventListener("submit", (event) => rate(form, event, next));
  window.addEventListener("online", () => next.askNow());
  document.addEventListener("keydown", (event) => goOn(form, show, event));
  const card = required("[name=card]", HTMLInputElement, form).value;
  if (outbox.held().some(({ fields }) => fields.card === card)) {
    outbox.sendAll().then(() => location.replace(addressOfNext(form)));
  }
}

/** @param {Event} event */
function reveal(event) {
  event.preventDefault();
  for (const element of all("[data-after]", HTMLElement)) element.hidden = false;
  for (const element of all("[data-before]", HTMLElement)) element.hidden = true;
  required("#answer", HTMLElement).focus({ preventScroll: true });
}

/**
 * Space and Enter do what comes next: show the answer, then rate it Good.
 * @param {HTMLFormElement} form
 * @param {HTMLElement | null} show
 * @param {KeyboardEvent} event
 */
function goOn(form, show, event) {
  if (!meansGoOn(event, document.documentElement.dataset.keys !== "off")) return;
  if (elementOf(event)?.closest(OWN_KEYS)) return;
  const good = required("[data-key='3']", HTMLElement, form);
  event.preventDefault();
  (show?.checkVisibility() ? show : good).click();
}

/**
 * Keep the rating and send it, then go on to the next card. Where the server does not take it now, the next card is shown
 * as soon as there is one to be had.
 * @param {HTMLFormElement} form
 * @param {SubmitEvent} event
 * @param {Poller} next
 */
async function rate(form, event, next) {
  if (form.dataset.sent !== undefined) {
    event.preventDefault();
    return;
  }
  required("[name=taken_ms]", HTMLInputElement, form).value = String(Math.round(performance.now() - shownAt));
  const fields = fieldsOf(form, event.submitter);
  if (!outbox.keep(fields.review_id, form.action, fields)) return;
  event.preventDefault();
  form.dataset.sent = "";
  event.submitter?.setAttribute("aria-busy", "true");
  const answer = (await outbox.sendAll()).get(fields.review_id);
  if (answer) location.assign(answer.next);
  else next.start({ seen: 0, hidden: 0 });
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
 * @param {HTMLFormElement} form
 */
async function openNext(form) {
  const url = addressOfNext(form);
  const reachable = await fetch(url, { method: "HEAD" }).then(
    ({ ok }) => ok,
    () => false,
  );
  if (!reachable) return FAILED;
  location.assign(url);
  return ENDED;
}

/** @param {HTMLFormElement} form */
function addressOfNext(form) {
  return nextCard(form.action, outbox.held());
}
