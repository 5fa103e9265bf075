// At the end of the time of a quiz, which the server keeps: send what stands in the form, so that it still counts, or show what
// the server says by now. Without a connection that is done once it is back: in time it counts, later it stands uncounted with
// its question.
import { find } from "./dom.js";

export function timeUp() {
  document.addEventListener("timer:end", () => {
    if (!find("[data-ends-with-timer]", HTMLElement)) return;
    if (!navigator.onLine) window.addEventListener("online", end, { once: true });
    end();
  });
}

function end() {
  const form = find("form#answer", HTMLFormElement);
  if (form) form.requestSubmit();
  else if (navigator.onLine) location.reload();
}
