// After a part of the page was exchanged, reading goes on at the element in it that asks for it with `data-focus`. Not if
// nobody has pressed for it, as `data-keeps-focus` says of what has asked the server: then it stays where one is at work.
// All that asks by itself says so: one part may be told to be there just after another one was put in.
import { find } from "./dom.js";

export function focusAfterSwap() {
  document.addEventListener("htmx:after:swap", (event) => {
    const element = find("[data-focus]", HTMLElement);
    if (!element) return;
    element.removeAttribute("data-focus");
    const asked = event instanceof CustomEvent ? event.detail?.ctx?.sourceElement : null;
    if (asked instanceof HTMLElement && asked.matches("[data-keeps-focus]")) return;
    element.focus({ preventScroll: false });
  });
}
