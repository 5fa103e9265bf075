// Sends a form and shows meanwhile how much of it has arrived, which takes minutes with pictures on a slow line. The
// answer takes the place of the page's main part. Sending can be stopped: until all has arrived, nothing is read.
import { required } from "./dom.js";

export const LARGE_BYTES = 256 * 1024; // what is smaller has arrived before anybody could read how much of it has
const STEP_PERCENT = 10; // between two of the sentences that a screen reader is told
const MIB = 1024 * 1024;
const READ = "All has arrived and is being read.";
const STOPPED = "Stopped. Nothing was read or stored; your text and files are still here.";
const BROKEN =
  "The connection broke off, so nothing was read or stored. Your text and files are still here; send them again.";
const UNKNOWN = "The server's answer cannot be shown. Your text and files are still here; send them again.";

/**
 * How many bytes a form sends, without what goes around its fields.
 * @param {FormData} fields
 */
export function sizeOf(fields) {
  return [...fields.values()].reduce(
    (sum, value) => sum + (typeof value === "string" ? new Blob([value]).size : value.size),
    0,
  );
}

/**
 * What is shown and said once so much has arrived; `said` stays the same within ten percent.
 * @param {number} arrived
 * @param {number} whole
 */
export function told(arrived, whole) {
  const percent = whole > 0 ? Math.min(Math.floor((100 * arrived) / whole), 100) : 0;
  const step = percent - (percent % STEP_PERCENT);
  return {
    percent,
    shown: `${(arrived / MIB).toFixed(1)} of ${(whole / MIB).toFixed(1)} MiB have arrived.`,
    said: percent === 100 ? READ : `${step} % have arrived.`,
  };
}

/**
 * Send a form, large or not, and show its answer in place of this page.
 * @param {HTMLFormElement} form with a `[data-sending]` of its own, which is hidden
 * @param {FormData} fields
 * @param {{ replaced: () => void }} then what is done once the page's main part is another one
 */
export function send(form, fields, { replaced }) {
  const panel = required("[data-sending]", HTMLElement, form);
  const bar = required("progress", HTMLProgressElement, panel);
  const shown = required("[data-shown]", HTMLElement, panel);
  const said = required("[data-said]", HTMLElement, form);
  const request = new XMLHttpRequest(); // fetch tells nothing of what it has sent
  const buttons = [...form.querySelectorAll("button:not([data-stop])")].filter(
    (one) => one instanceof HTMLButtonElement,
  );
  /** @param {boolean} isSending */
  const show = (isSending) => {
    panel.hidden = !isSending;
    for (const button of buttons) button.disabled = isSending;
  };
  /** @param {string} sentence */
  const end = (sentence) => {
    show(false);
    said.textContent = sentence;
    required("button:not([data-stop])", HTMLButtonElement, form).focus();
  };
  request.upload.addEventListener("progress", ({ loaded, total }) => {
    const now = told(loaded, total);
    bar.value = now.percent;
    shown.textContent = now.shown;
    if (said.textContent !== now.said) said.textContent = now.said;
  });
  request.upload.addEventListener("load", () => {
    bar.removeAttribute("value"); // how long it takes to read, nobody knows
    shown.textContent = READ;
    said.textContent = READ;
  });
  request.addEventListener("abort", () => end(STOPPED));
  request.addEventListener("error", () => end(BROKEN));
  request.addEventListener("load", () => {
    if (new URL(request.responseURL).pathname !== new URL(form.action).pathname) location.assign(request.responseURL);
    else if (takePlace(request.responseText)) replaced();
    else end(UNKNOWN);
  });
  required("[data-stop]", HTMLButtonElement, panel).addEventListener("click", () => request.abort());
  bar.value = 0;
  show(true);
  required("[data-stop]", HTMLButtonElement, panel).focus();
  request.open("POST", form.action);
  request.send(fields);
}

/**
 * Put the main part of another page in the place of this one's; false if it has none.
 * @param {string} html
 */
function takePlace(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const parts = ["notices", "main"].map((id) => ({
    here: document.getElementById(id),
    there: page.getElementById(id),
  }));
  for (const { here, there } of parts) {
    if (!here || !there) return false;
  }
  for (const { here, there } of parts) if (here && there) here.replaceWith(document.adoptNode(there));
  document.title = page.title;
  history.pushState({ sent: true }, ""); // Back leads to the form, as it does from a page
  window.addEventListener("popstate", () => location.reload(), { once: true });
  return true;
}
