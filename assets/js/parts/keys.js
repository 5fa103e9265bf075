// The keyboard. Any element with `data-key` is worked by that key, and by the one in `data-key-also`, if any; `g` and a letter opens the section whose link has that
// letter in `data-go`; `?` lists both, and what `data-keys-told` says of keys that a page's own script knows ("j: Next row; …"). Single keys can be switched off (WCAG 2.1.4); Enter, Escape and Control+Enter, which
// also works while one writes, stay.
import { all, elementOf, find } from "./dom.js";

const GO_WINDOW_MS = 1500; // how long after `g` the second letter counts

/**
 * What has a use of its own for a key.
 * @type {Record<string, string>}
 */
const NATIVE = {
  " ": "button, summary, input, [role=button]",
  Enter: "a[href], button, summary, input:not([type=radio], [type=checkbox])",
};
const WRITTEN_IN = "textarea, select, input:not([type=radio], [type=checkbox], [type=button], [type=submit])";

let goPressedAt = Number.NEGATIVE_INFINITY;

export function keys() {
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", (event) => {
    if (elementOf(event)?.closest("[data-keys-open]")) openList();
  });
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  const { key } = event;
  const target = elementOf(event);
  if (event.defaultPrevented || event.isComposing || event.repeat || event.altKey) return;
  if (!target || target.closest("dialog, [data-own-keys]")) return;
  if (event.ctrlKey || event.metaKey) {
    if (withControl(key, target)) event.preventDefault();
    return;
  }
  if (isWriting(target)) {
    if (key === "Escape") target.blur();
    return;
  }
  const always = key === "Enter" || key === "Escape";
  if (!always && document.documentElement.dataset.keys === "off") return;
  if (target.matches(NATIVE[key] ?? ":not(*)")) return;
  if (run(key, event.timeStamp)) event.preventDefault();
}

/**
 * Whether a key held with Control meant something here: Enter always, others where nobody writes.
 * @param {string} key
 * @param {HTMLElement | SVGElement} target
 */
function withControl(key, target) {
  if (key !== "Enter" && (isWriting(target) || document.documentElement.dataset.keys === "off")) return false;
  return press(boundTo(`Control+${key}`));
}

/**
 * Whether the key meant something here.
 * @param {string} key
 * @param {number} at in milliseconds
 */
function run(key, at) {
  if (key === "?") return openList();
  const going = at - goPressedAt < GO_WINDOW_MS;
  goPressedAt = Number.NEGATIVE_INFINITY;
  if (going) return press(find(`[data-go="${CSS.escape(key)}"]`, HTMLElement));
  if (key === "g") {
    goPressedAt = at;
    return true;
  }
  if (key === "Escape" && closeMenu()) return true;
  return press(boundTo(key));
}

/** @param {HTMLElement | SVGElement} element */
function isWriting(element) {
  return element.matches(WRITTEN_IN) || (element instanceof HTMLElement && element.isContentEditable);
}

/** What can be worked by a key just now, in the order of the page. */
function bound() {
  return all("[data-key]", HTMLElement).filter(
    (element) =>
      !("disabled" in element && element.disabled) &&
      element.closest("form, a, button, label, body")?.checkVisibility(),
  );
}

/** @param {string} key */
function boundTo(key) {
  const element = bound().find(({ dataset }) => dataset.key === key || dataset.keyAlso === key);
  return element ?? inClosedMenu(key);
}

/**
 * An entry of a menu that is closed, whose keys work all the same.
 * @param {string} key
 */
function inClosedMenu(key) {
  if (!key.startsWith("Control+")) return null;
  return find(`details.menu:not([open]) [data-key="${CSS.escape(key)}"]`, HTMLElement);
}

/**
 * Focus or click an element, as its kind asks for. False if there is none.
 * @param {HTMLElement | null} element
 */
function press(element) {
  if (!element) return false;
  if (element.matches("input, textarea, select")) element.focus();
  if (!element.matches("textarea, select, input:not([type=radio], [type=checkbox])")) element.click();
  return true;
}

function closeMenu() {
  const menu = find("details.menu[open]", HTMLDetailsElement);
  if (!menu) return false;
  menu.open = false;
  find("summary", HTMLElement, menu)?.focus();
  return true;
}

function openList() {
  import("./keys_list.js").then(({ showKeys }) => showKeys(bound()));
  return true;
}
