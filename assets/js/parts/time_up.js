// At the end of the time of a quiz, which the server keeps: send what stands in the form, so that it still counts, or show what
// the server says by now.
import { find } from "./dom.js";

export function timeUp() {
  document.addEventListener("timer:end", () => {
    if (!find("[data-ends-with-timer]", HTMLElement)) return;
    const form = find("form#answer", HTMLFormElement);
    if (form) form.requestSubmit();
    else location.reload();
  });
}
