// A field of several lines in which Enter sends the form, as a shell does, and Shift and Enter begin a new line.
import { elementOf } from "./dom.js";

export function enterSends() {
  document.addEventListener("keydown", (event) => {
    const field = elementOf(event);
    if (event.key !== "Enter" || event.shiftKey || event.ctrlKey || event.isComposing || event.defaultPrevented) return;
    if (!(field instanceof HTMLTextAreaElement) || field.dataset.enterSends === undefined) return;
    event.preventDefault();
    field.form?.requestSubmit(field.form.querySelector("button.button-primary"));
  });
}
