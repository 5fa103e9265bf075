// A form that was sent says so on its button and is not sent twice. The style sheet waits 300 ms before it shows. Without a
// connection a form stays on its page, where what was typed is, in place of the browser's own error page.
import { all } from "./dom.js";
import { isReached, sayNoLine } from "./line.js";

const NO_LINE = "There is no connection. What you entered is still here; send it again once the connection is back.";

export function busy() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sent !== undefined) {
      event.preventDefault();
      return;
    }
    if (!navigator.onLine && form.dataset.reached === undefined) {
      event.preventDefault();
      event.stopImmediatePropagation(); // for what else is done once a form is sent, it is not
      sendIfReached(form, event.submitter);
      return;
    }
    delete form.dataset.reached;
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

/**
 * Send a form if the server answers.
 * @param {HTMLFormElement} form
 * @param {HTMLElement | null} submitter
 */
async function sendIfReached(form, submitter) {
  if (!(await isReached())) {
    sayNoLine(NO_LINE);
    return;
  }
  form.dataset.reached = "";
  form.requestSubmit(submitter);
}
