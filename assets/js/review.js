// The review page: reveal in place, Space or Enter for what is next, ratings through the outbox, the time taken.
import { held, keep, sendAll } from "./outbox.js";

const shownAt = performance.now();
const show = document.querySelector("[data-show]");
const answer = document.getElementById("answer");
const form = document.querySelector("form[data-rating]");

if (form) start();

function start() {
  show?.addEventListener("click", reveal);
  form.addEventListener("submit", rate);
  document.addEventListener("keydown", goOn);
  if (held().some(({ fields }) => fields.card === form.elements.card.value)) sendAll().then(() => location.replace(next()));
}

function reveal(event) {
  event?.preventDefault();
  for (const element of document.querySelectorAll("[data-after]")) element.hidden = false;
  for (const element of document.querySelectorAll("[data-before]")) element.hidden = true;
  answer.focus({ preventScroll: true });
}

/** Space and Enter do what comes next: show the answer, then rate it Good. Where something has the focus they are its own. */
function goOn(event) {
  const { key, target } = event;
  if (event.defaultPrevented || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
  if (key !== "Enter" && (key !== " " || document.documentElement.dataset.keys === "off")) return;
  if (target.closest("a, button, summary, input, textarea, select, dialog, [contenteditable]")) return;
  const element = show?.checkVisibility() ? show : form.querySelector("[data-key='3']");
  event.preventDefault();
  element.click();
}

async function rate(event) {
  if (form.dataset.sent !== undefined) {
    event.preventDefault();
    return;
  }
  form.elements.taken_ms.value = Math.round(performance.now() - shownAt);
  const fields = Object.fromEntries(new FormData(form, event.submitter));
  delete fields.csrf_token; // what is kept is sent with the token of the page that sends it
  if (!keep(fields.review_id, form.action, fields)) return;
  event.preventDefault();
  form.dataset.sent = "";
  event.submitter.setAttribute("aria-busy", "true");
  const answer = (await sendAll()).get(fields.review_id);
  if (answer) location.assign(answer.next);
  else goOnWithout();
}

/** The answer is kept and the server does not take it now: show the next card, as soon as there is one to be had. */
async function goOnWithout() {
  const url = next();
  const reachable = await fetch(url, { method: "HEAD" }).then(({ ok }) => ok, () => false);
  if (reachable) location.assign(url);
  else setTimeout(goOnWithout, 2000);
}

/** The next card that has no answer waiting in the outbox. */
function next() {
  const waiting = held().map(({ fields }) => ["skip", fields.card]);
  return waiting.length > 0 ? `${form.action}?${new URLSearchParams(waiting)}` : form.action;
}
