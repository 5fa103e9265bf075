// Fields with a most of characters: nothing is cut off without a word. Near the most they are counted; above it the form is
// not sent, says by how much it is too long, and keeps all of it. The server says the same without a script.
import { elementOf } from "./dom.js";

const NEAR = 0.8; // of the most, from which on they are counted on the page
const number = new Intl.NumberFormat("en-GB");

export function counters() {
  document.addEventListener("input", (event) => count(elementOf(event)));
  document.addEventListener("focusin", (event) => count(elementOf(event))); // a draft that has come back
}

/** @param {Element | null} field */
function count(field) {
  if (!(field instanceof HTMLTextAreaElement || field instanceof HTMLInputElement)) return;
  const most = Number(field.dataset.mostChars);
  if (!most) return;
  const length = lengthOf(field.value);
  const over = length - most;
  const said = `${number.format(length)} of ${number.format(most)} characters`;
  field.setCustomValidity(over > 0 ? `${said}: leave out ${number.format(over)}. All of it is kept.` : "");
  say(field, over > 0 ? field.validationMessage : length > NEAR * most ? `${said}.` : "");
}

/**
 * The characters that the server will see: it gets two for each end of a line.
 * @param {string} text
 */
function lengthOf(text) {
  return [...text].length + (text.match(/\n/g)?.length ?? 0);
}

/**
 * @param {HTMLElement} field
 * @param {string} text
 */
function say(field, text) {
  const after = field.nextElementSibling;
  const line = after instanceof HTMLElement && after.dataset.counted !== undefined ? after : null;
  if (line) {
    line.textContent = text;
    line.hidden = !text;
  } else if (text) {
    field.after(lineOf(text));
  }
}

/** @param {string} text */
function lineOf(text) {
  const line = document.createElement("p");
  line.className = "field-hint";
  line.dataset.counted = "";
  line.setAttribute("role", "status");
  line.textContent = text;
  return line;
}
