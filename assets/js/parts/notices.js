// Notices that the browser has to give itself, beside those that the server drew.
import { all, elementOf, find, required } from "./dom.js";

const LOST = "The server did not answer. Nothing on this page was lost; try again in a moment.";

/**
 * Say that the server did not answer: on the review page beside its card, else below the form that was sent, until the server
 * answers again. Of what the page asks by itself only the review page says so.
 */
export function lostConnection() {
  document.addEventListener("htmx:error", (event) => {
    const form = elementOf(event)?.closest("form:not([data-quiet])");
    if (find("[data-notices]", HTMLElement)) return notify(LOST);
    if (!form) return;
    answered();
    const lost = notice(LOST, "notice notice-warning");
    lost.setAttribute("role", "alert");
    lost.dataset.lost = "";
    form.after(lost);
    lost.scrollIntoView({ block: "nearest" });
  });
  document.addEventListener("htmx:after:swap", answered);
  window.addEventListener("online", answered);
}

/** The server answers again: nothing says any more that it did not. */
export function answered() {
  for (const lost of all("[data-lost]", HTMLElement)) lost.remove();
}

/**
 * Show `text` until the next one, on the review page beside the card, else above the page; the region is live, so it is read out.
 * @param {string} text
 */
export function notify(text) {
  region().replaceChildren(notice(text, "notice notice-warning"));
}

/**
 * Say what was done, until the next message.
 * @param {string} text
 */
export function say(text) {
  region().replaceChildren(notice(text, "notice"));
}

/**
 * Show what became of something that was done earlier, beside what is shown already. It stays while one card is followed by
 * the next.
 * @param {string} text
 */
export function tell(text) {
  const place = region();
  if ([...place.children].some((shown) => shown.textContent === text)) return;
  const told = notice(text, "notice notice-warning");
  told.dataset.told = "";
  place.append(told);
}

/** What was said is over, since something else has been done with the card; what was told stays. */
export function unsay() {
  for (const said of all(":is([data-notices], #notices) > :not([data-told])", HTMLElement)) said.remove();
}

/**
 * Another card is shown by `draw`: what was said of the one before goes, and what was told stays once.
 * @param {() => void} draw
 */
export function overDraw(draw) {
  const told = all(":is([data-notices], #notices) > [data-told]", HTMLElement);
  draw();
  for (const one of told) delete one.dataset.told;
  region().replaceChildren(...told);
}

function region() {
  return find("[data-notices]", HTMLElement) ?? required("#notices", HTMLElement);
}

/**
 * @param {string} text
 * @param {string} classes
 */
function notice(text, classes) {
  const element = document.createElement("p");
  element.className = classes;
  element.textContent = text;
  return element;
}
