// After a part of the page was exchanged, reading goes on at the element in it that asks for it with `data-focus`.
import { find } from "./dom.js";

export function focusAfterSwap() {
  document.addEventListener("htmx:after:swap", () => {
    const element = find("[data-focus]", HTMLElement);
    if (!element) return;
    element.removeAttribute("data-focus");
    element.focus({ preventScroll: false });
  });
}
