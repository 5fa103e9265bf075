// A form that was sent says so on its button and is not sent twice. The style sheet waits 300 ms before it shows.
import { all } from "./dom.js";

export function busy() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sent !== undefined) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "";
    event.submitter?.setAttribute("aria-busy", "true");
  });
  // Back from the browser's page cache: the form may be sent again.
  window.addEventListener("pageshow", () => {
    for (const form of all("form[data-sent]", HTMLFormElement)) {
      delete form.dataset.sent;
      form.querySelector("[aria-busy]")?.removeAttribute("aria-busy");
    }
  });
}
