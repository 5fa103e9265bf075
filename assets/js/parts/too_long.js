// A text that is longer than the server takes at once is not sent: the answer would be a page in the editor's place that only
// says so. What the editor sends by itself while somebody types is refused by the server, and one line says it.
import { elementOf, required } from "./dom.js";
import { notify } from "./notices.js";

const SAID = "The text is too long to be sent at once. Nothing of it is lost: shorten it, or split it.";
const ROOM_BYTES = 4096; // for the names and lines between the fields

/**
 * Hold an editor's form to `data-most-bytes`.
 * @param {HTMLFormElement} form
 */
export function holdToLength(form) {
  form.addEventListener("submit", (event) => {
    const values = [...new FormData(form).values()].filter((value) => typeof value === "string");
    if (new Blob(values).size + ROOM_BYTES <= Number(form.dataset.mostBytes)) return;
    event.preventDefault();
    notify(SAID);
  });
  document.addEventListener("htmx:response:error", (event) => {
    const typed = elementOf(event)?.closest("#typed");
    if (!typed || !(event instanceof CustomEvent) || event.detail?.ctx?.response?.status !== 413) return;
    const line = document.createElement("p");
    line.className = "notice notice-warning";
    line.textContent = SAID;
    required("#typed", HTMLElement).replaceChildren(line);
  });
}
