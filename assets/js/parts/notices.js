// Notices that the browser has to give itself, beside those that the server drew.
import { required } from "./dom.js";

const LOST = "The server did not answer. Nothing on this page was lost; try again in a moment.";

export function lostConnection() {
  document.addEventListener("htmx:error", () => notify(LOST));
}

/**
 * Show `text` above the page until the next one; the region is live, so it is read out.
 * @param {string} text
 */
export function notify(text) {
  const notice = document.createElement("p");
  notice.className = "notice notice-warning";
  notice.textContent = text;
  required("#notices", HTMLElement).replaceChildren(notice);
}
