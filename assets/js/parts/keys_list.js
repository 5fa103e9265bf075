// The list of the keys of a page, which `?` opens; see `keys.js`.
import { all, required } from "./dom.js";

/** @type {Record<string, string>} */
const SPOKEN = { " ": "Space", Escape: "Esc", "Control+Enter": "Ctrl Enter" };

/**
 * Open the list.
 * @param {HTMLElement[]} bound what is worked by a key of its own, in the order of the page
 */
export function showKeys(bound) {
  const dialog = required("#keys", HTMLDialogElement);
  const list = required("[data-keys-list]", HTMLElement, dialog);
  list.replaceChildren(...bound.flatMap((element) => entry([element.dataset.key ?? ""], nameOf(element))));
  for (const { dataset } of all("[data-keys-told]", HTMLElement)) {
    for (const told of (dataset.keysTold ?? "").split(";")) {
      const [pressed, meaning] = told.split(":");
      list.append(...entry(pressed.trim().split(" "), meaning.trim()));
    }
  }
  for (const link of all("[data-go]", HTMLElement)) list.append(...entry(["g", link.dataset.go ?? ""], nameOf(link)));
  list.append(...entry(["Escape"], "Leave what you are in"), ...entry(["?"], "These keys"));
  if (!dialog.open) dialog.showModal(); // pressed again while this was fetched
}

/** @param {HTMLElement} element */
function nameOf(element) {
  const label = "labels" in element && element.labels instanceof NodeList ? element.labels[0]?.textContent : null;
  return (element.dataset.keyLabel ?? element.ariaLabel ?? label ?? element.textContent).trim().replace(/\s+/g, " ");
}

/**
 * One row of the list: keys to press one after another, and what they do.
 * @param {string[]} pressed
 * @param {string} meaning
 */
function entry(pressed, meaning) {
  const term = document.createElement("dt");
  for (const key of pressed) {
    const cap = document.createElement("kbd");
    cap.textContent = SPOKEN[key] ?? key;
    term.append(cap);
  }
  const text = document.createElement("dd");
  text.textContent = meaning;
  return [term, text];
}
