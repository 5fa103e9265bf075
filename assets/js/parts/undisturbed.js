// What a person has done to a part of the page is so again after an answer has replaced the part: what is open, what is typed
// and not sent, how far it is scrolled, what is selected, and where the focus is. Elements are found again by their names, which
// hold for the new part as well; all of it is plain data, so that it also outlives a reload.
import { all, required } from "./dom.js";

/**
 * What was done to a part. Names are those of `byName`; `caret` is where the text selected in the focused field begins and ends;
 * `selected` is a text selected in the part, and how many letters stand before it.
 * @typedef {object} Left
 * @property {[name: string, isOpen: boolean][]} opened
 * @property {[name: string, value: string | boolean][]} typed
 * @property {[name: string, left: number, top: number][]} scrolled
 * @property {string | null} focused
 * @property {[start: number, end: number] | null} caret
 * @property {{ text: string, before: number } | null} selected
 */

/** @typedef {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} Field */

const FOCUSED = "a[href], button, summary, input, select, textarea, [tabindex]";
const SCROLLED = "pre, [tabindex='0']"; // what can be scrolled can be reached by keys
const NOT_TYPED = ["hidden", "submit", "button", "file", "password"];
const CHECKED = ["radio", "checkbox"];
const RELOAD = "left at reload"; // the name of what is kept for it

/** @type {WeakMap<HTMLDetailsElement, boolean>} whether the server drew them open */
const drawnOpen = new WeakMap();

/**
 * Remember what a part is like as the server has drawn it.
 * @param {ParentNode} part
 */
export function asDrawn(part) {
  for (const details of all("details", HTMLDetailsElement, part)) drawnOpen.set(details, details.open);
}

/**
 * What was done to a part since the server drew it.
 * @param {HTMLElement} part
 * @param {{ form: HTMLFormElement, fields: URLSearchParams | FormData }} [sent] the form that the new part is the answer to, and
 *   what was sent of it: the answer takes the place of that, not of what was typed after it
 * @returns {Left}
 */
export function leftIn(part, sent) {
  const typed = [...byName(part, "input, textarea, select")].flatMap(([name, field]) => {
    return isField(field) && isTyped(field, sent)
      ? [/** @type {[string, string | boolean]} */ ([name, contentOf(field)])]
      : [];
  });
  const names = new Map(typed);
  const hasTyped = (/** @type {Element} */ element) =>
    [...byName(part, "input, textarea, select")].some(([name, field]) => names.has(name) && element.contains(field));
  /** @type {[string, boolean][]} */
  const opened = [];
  for (const [name, details] of byName(part, "details")) {
    if (!(details instanceof HTMLDetailsElement)) continue;
    const isOtherwise = details.open !== (drawnOpen.get(details) ?? false);
    if (isOtherwise || (details.open && hasTyped(details))) opened.push([name, details.open]);
  }
  const scrolled = [...byName(part, SCROLLED)].flatMap(([name, { scrollLeft, scrollTop }]) => {
    return scrollLeft || scrollTop ? [/** @type {[string, number, number]} */ ([name, scrollLeft, scrollTop])] : [];
  });
  const active = document.activeElement;
  const focused = [...byName(part, FOCUSED)].find(([, element]) => element === active)?.[0] ?? null;
  return { opened, typed, scrolled, focused, caret: focused ? caretOf(active) : null, selected: selectedIn(part) };
}

/**
 * Do to a part that was drawn anew what had been done to the one before.
 * @param {HTMLElement} part
 * @param {Left} left
 */
export function putBack(part, left) {
  const details = byName(part, "details");
  for (const [name, isOpen] of left.opened) {
    const element = details.get(name);
    if (element instanceof HTMLDetailsElement) element.open = isOpen;
  }
  const fields = byName(part, "input, textarea, select");
  for (const [name, value] of left.typed) {
    const field = fields.get(name);
    if (isField(field)) put(field, value);
  }
  const scrollable = byName(part, SCROLLED);
  for (const [name, x, y] of left.scrolled) scrollable.get(name)?.scrollTo(x, y);
  const focused = left.focused === null ? null : byName(part, FOCUSED).get(left.focused);
  if (focused instanceof HTMLElement) {
    focused.focus({ preventScroll: true });
    if (left.caret && canHaveCaret(focused)) focused.setSelectionRange(...left.caret);
  }
  if (left.selected) select(part, left.selected);
}

/** Keep what was done to the page for the reload that follows. */
export function keepForReload() {
  const left = leftIn(required("#main", HTMLElement));
  try {
    sessionStorage.setItem(RELOAD, JSON.stringify({ path: location.pathname, left }));
  } catch {
    // A full or forbidden storage keeps nothing.
  }
}

/** Do to the page what had been done to it before it was drawn anew. */
export function putBackAfterReload() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(RELOAD) ?? "null");
    sessionStorage.removeItem(RELOAD);
    if (kept?.path === location.pathname) putBack(required("#main", HTMLElement), kept.left);
  } catch {
    // As above.
  }
}

/**
 * Elements of a part by names that the same ones have in another drawing of it: of several that would be called the same, each
 * has its number. A sentence that counts, such as "2 of 3 checks hold", is called the same whatever it counts.
 * @param {ParentNode} part
 * @param {string} selector
 */
function byName(part, selector) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  /** @type {Map<string, Element>} */
  const named = new Map();
  for (const element of part.querySelectorAll(selector)) {
    const name = nameOf(element);
    const number = counts.get(name) ?? 0;
    counts.set(name, number + 1);
    named.set(number ? `${name} ${number}` : name, element);
  }
  return named;
}

/** @param {Element} element */
function nameOf(element) {
  if (element.id) return `#${element.id}`;
  const of = (/** @type {string} */ name) => element.getAttribute(name) ?? "";
  const choice = element instanceof HTMLInputElement && CHECKED.includes(element.type) ? element.value : "";
  const saying = element instanceof HTMLDetailsElement ? element.querySelector("summary") : element;
  const said = element.matches("details, summary, button, a") ? (saying?.textContent ?? "") : "";
  const form = element.closest("form")?.getAttribute("action") ?? "";
  const words = said.replace(/[\d\s]+/g, " ").trim();
  return [element.tagName, form, of("name"), choice, of("href"), of("aria-label"), words].join("|");
}

/**
 * @param {unknown} element
 * @returns {element is Field}
 */
function isField(element) {
  if (element instanceof HTMLInputElement) return !NOT_TYPED.includes(element.type);
  return element instanceof HTMLTextAreaElement || element instanceof HTMLSelectElement;
}

/** @param {Field} field */
function contentOf(field) {
  return field instanceof HTMLInputElement && CHECKED.includes(field.type) ? field.checked : field.value;
}

/**
 * Whether a field has something in it that neither the server drew nor was sent.
 * @param {Field} field
 * @param {{ form: HTMLFormElement, fields: URLSearchParams | FormData }} [sent]
 */
function isTyped(field, sent) {
  if (contentOf(field) === drawnIn(field)) return false;
  if (field.form !== sent?.form || typeof contentOf(field) === "boolean") return true;
  return !sent?.fields.getAll(field.name).includes(field.value);
}

/** @param {Field} field */
function drawnIn(field) {
  if (field instanceof HTMLSelectElement) {
    return ([...field.options].find((option) => option.defaultSelected) ?? field.options[0])?.value ?? "";
  }
  return field instanceof HTMLInputElement && CHECKED.includes(field.type) ? field.defaultChecked : field.defaultValue;
}

/**
 * @param {Field} field
 * @param {string | boolean} value
 */
function put(field, value) {
  if (contentOf(field) === value) return;
  if (typeof value === "string") field.value = value;
  else if (field instanceof HTMLInputElement) field.checked = value;
  field.dispatchEvent(new Event("input", { bubbles: true })); // for its draft, and whatever else follows it
}

/**
 * @param {Element | null} element
 * @returns {element is HTMLTextAreaElement | HTMLInputElement}
 */
function canHaveCaret(element) {
  if (element instanceof HTMLTextAreaElement) return true;
  return element instanceof HTMLInputElement && element.selectionStart !== null; // of numbers there is none
}

/**
 * @param {Element | null} element
 * @returns {[number, number] | null}
 */
function caretOf(element) {
  return canHaveCaret(element) ? [element.selectionStart ?? 0, element.selectionEnd ?? 0] : null;
}

/** @param {HTMLElement} part */
function selectedIn(part) {
  const selection = document.getSelection();
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  if (!part.contains(range.commonAncestorContainer)) return null;
  const until = document.createRange();
  until.selectNodeContents(part);
  until.setEnd(range.startContainer, range.startOffset);
  return { text: range.toString(), before: until.toString().length };
}

/**
 * Select a text again, where it still stands, or where it stands by now if that is in one place alone.
 * @param {HTMLElement} part
 * @param {{ text: string, before: number }} selected
 */
function select(part, { text, before }) {
  const whole = part.textContent;
  const only = whole.indexOf(text) === whole.lastIndexOf(text) ? whole.indexOf(text) : -1;
  const begins = whole.startsWith(text, before) ? before : only;
  const [start, end] = [placeAt(part, begins + 1), placeAt(part, begins + text.length)];
  if (begins < 0 || !start || !end) return;
  document.getSelection()?.setBaseAndExtent(start.node, start.offset - 1, end.node, end.offset);
}

/**
 * The text that has the letter of a number, counted from 1, and how far into it that letter ends.
 * @param {HTMLElement} part
 * @param {number} letter
 */
function placeAt(part, letter) {
  const texts = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
  let left = letter;
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    const length = node.textContent?.length ?? 0;
    if (left <= length) return { node, offset: left };
    left -= length;
  }
  return null;
}
