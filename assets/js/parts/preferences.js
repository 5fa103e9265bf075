// Theme (auto, light, dark) and single keys (on, off): shown where the server drew the controls, remembered, applied at once.
// The controls do nothing without a script, so the server hides them and this module shows them.
import { recall, remember } from "./cookies.js";
import { all } from "./dom.js";

const root = document.documentElement;

/** @type {Record<string, (value: string) => void>} */
const apply = {
  theme(value) {
    if (value === "auto") delete root.dataset.theme;
    else root.dataset.theme = value;
  },
  keys(value) {
    root.dataset.keys = value;
  },
};

/** @type {Record<string, string>} */
const UNCHOSEN = { theme: "auto", keys: "on" };

export function preferences() {
  for (const element of all("[data-needs-script]", HTMLElement)) element.hidden = false;
  document.addEventListener("change", ({ target }) => {
    if (!(target instanceof HTMLInputElement || target instanceof HTMLSelectElement)) return;
    const name = target.dataset.preference;
    if (!name) return;
    const value = chosen(target);
    apply[name](value);
    remember(name, value);
    mirror(target);
  });
}

/** Apply what is remembered, on a page that the server has not drawn just now. */
export function drawPreferences() {
  for (const [name, draw] of Object.entries(apply)) draw(recall(name) ?? UNCHOSEN[name]);
}

/** @param {HTMLInputElement | HTMLSelectElement} control */
function chosen(control) {
  if (!(control instanceof HTMLInputElement) || control.type !== "checkbox") return control.value;
  return control.checked ? "on" : "off";
}

/**
 * The same preference may be drawn twice (menu or dialog, and the account): keep the others in step.
 * @param {HTMLInputElement | HTMLSelectElement} changed
 */
function mirror(changed) {
  if (!(changed instanceof HTMLInputElement)) return;
  for (const twin of all(`[data-preference="${changed.dataset.preference}"]`, HTMLInputElement)) {
    if (twin === changed) continue;
    twin.checked = twin.type === "radio" ? twin.value === changed.value : changed.checked;
  }
}
