// Notices that the browser has to give itself, beside those that the server drew.
import { all, find, required } from "./dom.js";

/**
 * Show `text` until the next one, on the review page beside the card, else above the page; the region is live, so it is read out.
 * @param {string} text
 */
export function notify(text) {
  region().replaceChildren(warning(text));
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
  const told = warning(text);
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

/** Where the page says what happened: beside the card, or above all. */
export function region() {
  return find("[data-notices]", HTMLElement) ?? required("#notices", HTMLElement);
}

/** @param {string} text */
export function warning(text) {
  return notice(text, "notice notice-warning");
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
