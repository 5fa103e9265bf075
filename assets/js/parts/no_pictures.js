// A picture that is pasted or dropped into a field for plain text cannot be put there: without a word it looks as if it had been.
// Where pictures are taken, see pictures_in.js, the event has been dealt with before.
import { elementOf } from "./dom.js";

const NO_PICTURE = "Only text can go in here: the picture was not taken. Say in words what it shows.";
const SAID = "[data-no-picture]";

export function saysNoPictures() {
  document.addEventListener("paste", (event) => refuse(event, event.clipboardData));
  document.addEventListener("drop", (event) => refuse(event, event.dataTransfer));
  document.addEventListener("input", (event) => elementOf(event)?.parentElement?.querySelector(SAID)?.remove());
}

/**
 * @param {Event} event
 * @param {DataTransfer | null} brought
 */
function refuse(event, brought) {
  const field = elementOf(event);
  if (event.defaultPrevented || !(field instanceof HTMLTextAreaElement) || !brought?.files.length) return;
  if (brought.types.includes("text/plain")) return; // cells of a table bring a picture of themselves
  event.preventDefault(); // the browser would open a dropped file in place of the page
  const said = document.createElement("p");
  said.className = "notice notice-warning";
  said.role = "alert";
  said.dataset.noPicture = "";
  said.textContent = NO_PICTURE;
  field.parentElement?.querySelector(SAID)?.remove();
  field.after(said);
}
