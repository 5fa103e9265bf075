// After a part of the page was exchanged, reading goes on at the element in it that asks for it with `data-focus`.
export function focusAfterSwap() {
  document.addEventListener("htmx:after:swap", () => {
    const element = document.querySelector("[data-focus]");
    if (!element) return;
    element.removeAttribute("data-focus");
    element.focus({ preventScroll: false });
  });
}
