// Bring notes: the text that is typed is kept in this tab until it was imported, so that Back and a sign-out lose none.
// How much of a large upload has arrived is shown, and while notes are stored the page says so. Files that are pasted or
// dropped come to those that are chosen: a text field swallows pictures without a word, and opens a dropped file.
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
  const form = required("form[data-bring]", HTMLFormElement);
  form.addEventListener("submit", sendLarge);
  form.addEventListener("paste", (event) => takeFiles(event, event.clipboardData));
  form.addEventListener("drop", (event) => takeFiles(event, event.dataTransfer));
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

/**
 * Add what was pasted or dropped to the files that are chosen.
 * @param {ClipboardEvent | DragEvent} event
 * @param {DataTransfer | null} brought
 */
function takeFiles(event, brought) {
  const form = event.currentTarget;
  const files = [...(brought?.files ?? [])];
  const isText = event.type === "paste" && brought?.types.includes("text/plain"); // a table brings a picture of itself
  if (!(form instanceof HTMLFormElement) || !files.length || isText || event.target instanceof HTMLInputElement) return;
  event.preventDefault();
  const chosen = required("input[type=file]", HTMLInputElement, form);
  const together = new DataTransfer();
  for (const file of [...(chosen.files ?? []), ...files]) together.items.add(file);
  chosen.files = together.files;
  const picture = files.find((file) => file.type.startsWith("image/"));
  const how = picture ? ` A text shows it where it says ![What it shows](${picture.name}).` : "";
  required("[data-said]", HTMLElement, form).textContent =
    `Under Files: ${files.map((one) => one.name).join(", ")}.${how}`;
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
