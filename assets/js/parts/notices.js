// Notices that the browser has to give itself, beside those that the server drew.
import { all, required } from "./dom.js";

const LOST = "The server did not answer. Nothing on this page was lost; try again in a moment.";

export function lostConnection() {
  document.addEventListener("htmx:error", () => notify(LOST));
}

/**
 * Show `text` above the page until the next one; the region is live, so it is read out.
 * @param {string} text
 */
export function notify(text) {
  required("#notices", HTMLElement).replaceChildren(notice(text));
}

/**
 * Show what became of something that was done earlier, beside what is shown already. It stays while one card is followed by
 * the next.
 * @param {string} text
 */
export function tell(text) {
  const place = required("#notices", HTMLElement);
  if ([...place.children].some((shown) => shown.textContent === text)) return;
  const told = notice(text);
  told.dataset.told = "";
  place.append(told);
}

/** Another card is shown: what was said of the one before goes. */
export function clearNotices() {
  for (const shown of all("#notices > *", HTMLElement)) {
    if (shown.dataset.told === undefined) shown.remove();
    else delete shown.dataset.told;
  }
}

/** @param {string} text */
function notice(text) {
  const element = document.createElement("p");
  element.className = "notice notice-warning";
  element.textContent = text;
  return element;
}
