// Theme (auto, light, dark) and single keys (on, off): shown where the server drew the controls, remembered, applied at once.
// The controls do nothing without a script, so the server hides them and this module shows them.
import { remember } from "./cookies.js";

const root = document.documentElement;

const apply = {
  theme(value) {
    if (value === "auto") delete root.dataset.theme;
    else root.dataset.theme = value;
  },
  keys(value) {
    root.dataset.keys = value;
  },
};

export function preferences() {
  for (const element of document.querySelectorAll("[data-needs-script]")) element.hidden = false;
  document.addEventListener("change", ({ target }) => {
    const name = target.dataset?.preference;
    if (!name) return;
    const value = target.type === "checkbox" ? (target.checked ? "on" : "off") : target.value;
    apply[name](value);
    remember(name, value);
    mirror(target);
  });
}

/** The same preference may be drawn twice (menu and dialog): keep the others in step. */
function mirror(changed) {
  const twins = document.querySelectorAll(`[data-preference="${changed.dataset.preference}"]`);
  for (const twin of twins) {
    if (twin !== changed && twin.type === "checkbox") twin.checked = changed.checked;
  }
}
