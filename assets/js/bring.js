// Bring notes: the text that is typed is kept in this tab until it was imported, so that Back and a sign-out lose none.
// How much of a large upload has arrived is shown, and while notes are stored the page says so.
import { forget, recall } from "./parts/cookies.js";
import { find, required } from "./parts/dom.js";
import { LARGE_BYTES, send, sizeOf } from "./parts/sending.js";
import { tellsOfStoring } from "./parts/storing.js";

const IMPORTED = "imported"; // the cookie that the server sets once the notes of a preview are stored
const PLACE = `text to bring of ${document.body.dataset.user}`; // another person in the same tab does not get it

if (recall(IMPORTED)) {
  sessionStorage.removeItem(PLACE);
  forget(IMPORTED);
}
begin();

/** Look after the forms that are on the page. */
function begin() {
  const text = required("textarea[name=text]", HTMLTextAreaElement);
  if (text.value) keep(text);
  else restore(text);
  text.addEventListener("input", () => keep(text));
  required("form[data-bring]", HTMLFormElement).addEventListener("submit", sendLarge);
  const store = find("form[data-store]", HTMLFormElement);
  if (store) tellsOfStoring(store);
}

/** @param {SubmitEvent} event */
function sendLarge(event) {
  const form = event.currentTarget;
  if (!(form instanceof HTMLFormElement) || !navigator.onLine) return; // without a line the page says so by itself
  const fields = new FormData(form);
  if (sizeOf(fields) < LARGE_BYTES) return;
  event.preventDefault();
  send(form, fields, { replaced });
}

/** The answer stands in the place of the page. */
function replaced() {
  begin();
  const heading = find("#understood", HTMLElement) ?? required("#main", HTMLElement);
  heading.tabIndex = -1;
  heading.focus();
  heading.scrollIntoView();
}

/** @param {HTMLTextAreaElement} text */
function keep(text) {
  try {
    sessionStorage.setItem(PLACE, text.value);
  } catch {
    sessionStorage.removeItem(PLACE); // it is larger than the browser keeps; an older text in its place would mislead
  }
}

/** @param {HTMLTextAreaElement} text */
function restore(text) {
  text.value = sessionStorage.getItem(PLACE) ?? "";
  required("[data-restored]", HTMLElement).hidden = !text.value;
}
