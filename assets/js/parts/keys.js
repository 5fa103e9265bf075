// The keyboard. Any element with `data-key` is worked by that key; `g` and a letter opens the section whose link has that
// letter in `data-go`; `?` lists both. Single keys can be switched off (WCAG 2.1.4); Enter, Escape and Control+Enter, which
// also works while one writes, stay.
const GO_WINDOW_MS = 1500; // how long after `g` the second letter counts
const SPOKEN = { " ": "Space", Escape: "Esc", "Control+Enter": "Ctrl Enter" };
const NATIVE = { " ": "button, summary, input, [role=button]", Enter: "a[href], button, summary, input:not([type=radio], [type=checkbox])" };

let goPressedAt = -Infinity;

export function keys() {
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", ({ target }) => {
    if (target.closest?.("[data-keys-open]")) openList();
  });
}

function onKey(event) {
  const { key, target } = event;
  if (event.defaultPrevented || event.isComposing || event.repeat || event.altKey) return;
  if (target.closest("dialog, [data-own-keys]")) return;
  if (event.ctrlKey || event.metaKey) {
    if (key === "Enter" && press(boundTo("Control+Enter"))) event.preventDefault();
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

/** Whether the key meant something here. */
function run(key, at) {
  if (key === "?") return openList();
  const going = at - goPressedAt < GO_WINDOW_MS;
  goPressedAt = -Infinity;
  if (going) return press(document.querySelector(`[data-go="${CSS.escape(key)}"]`));
  if (key === "g") {
    goPressedAt = at;
    return true;
  }
  if (key === "Escape" && closeMenu()) return true;
  return press(boundTo(key));
}

function isWriting(element) {
  return element.isContentEditable || element.matches("textarea, select, input:not([type=radio], [type=checkbox], [type=button], [type=submit])");
}

/** What can be worked by a key just now, in the order of the page. */
function bound() {
  return [...document.querySelectorAll("[data-key]")].filter(
    (element) => !element.disabled && element.closest("form, a, button, label, body").checkVisibility(),
  );
}

function boundTo(key) {
  return bound().find((element) => element.dataset.key === key);
}

function press(element) {
  if (!element) return false;
  if (element.matches("input, textarea, select")) element.focus();
  if (!element.matches("textarea, select, input:not([type=radio], [type=checkbox])")) element.click();
  return true;
}

function closeMenu() {
  const menu = document.querySelector("details.menu[open]");
  if (!menu) return false;
  menu.open = false;
  menu.querySelector("summary").focus();
  return true;
}

function openList() {
  const dialog = document.getElementById("keys");
  const list = dialog.querySelector("[data-keys-list]");
  list.replaceChildren(...bound().flatMap((element) => entry([element.dataset.key], nameOf(element))));
  for (const link of document.querySelectorAll("[data-go]")) list.append(...entry(["g", link.dataset.go], nameOf(link)));
  list.append(...entry(["Escape"], "Leave what you are in"), ...entry(["?"], "These keys"));
  dialog.showModal();
  return true;
}

function nameOf(element) {
  const label = element.labels?.[0]?.textContent;
  return (element.dataset.keyLabel ?? element.ariaLabel ?? label ?? element.textContent).trim().replace(/\s+/g, " ");
}

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
