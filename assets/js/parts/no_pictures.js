// A picture that is pasted or dropped into a field for plain text cannot be put there: without a word it looks as if it had been.
// Where pictures are taken, see pictures_in.js, the event has been dealt with before.
import { elementOf } from "./dom.js";

export function saysNoPictures() {
  document.addEventListener("paste", (event) => refuse(event, event.clipboardData));
  document.addEventListener("drop", (event) => refuse(event, event.dataTransfer));
}

/**
 * @param {Event} event
 * @param {DataTransfer | null} brought
 */
async function refuse(event, brought) {
  const field = elementOf(event);
  if (event.defaultPrevented || !(field instanceof HTMLTextAreaElement) || !brought?.files.length) return;
  if (brought.types.includes("text/plain")) return; // cells of a table bring a picture of themselves
  event.preventDefault(); // the browser would open a dropped file in place of the page
  (await import("./no_picture.js")).sayNoPicture(field);
}
