// The hosts of a command that a quiz asks for: begun ahead, and the command run on them without leaving its page; the server
// alone says what it did.
import { browserClock } from "./clock.js";
import { all, find } from "./dom.js";
import { csrfToken } from "./identity.js";
import { signInAgain } from "./sign_in.js";

const ANSWER_WITHIN_MS = 75_000; // the server gives a command and its set-up up to 30 s on each host, and answers then
const RUN = "Both commands run, each on its host.";
const NO_ANSWER = "The server did not answer. Your command is kept: try again.";

/**
 * Begin hosts ahead.
 * @param {HTMLElement} place
 * @param {string} held the name under which this tab keeps where they are let go
 */
export async function beginHosts(place, held) {
  const { hostsAhead = "", hostsEnd = "", hostsHere } = place.dataset;
  sessionStorage.setItem(held, hostsEnd);
  const answer = await ask(hostsAhead);
  const box = find("[data-no-hosts]", HTMLElement, place);
  if (hostsHere === undefined || !box || !answer?.no_hosts) return;
  for (const said of all("[data-no-hosts-why]", HTMLElement, box)) said.textContent = answer.no_hosts;
  box.hidden = false;
}

/**
 * Send a form now, and each time that it is sent without leaving the page.
 * @param {HTMLFormElement} form
 */
export function runByItself(form) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    runIt(form);
  });
  form.requestSubmit();
}

/** @param {HTMLFormElement} form */
async function runIt(form) {
  if (form.dataset.sent !== undefined) return;
  form.dataset.sent = "";
  const button = form.querySelector("button");
  button?.setAttribute("aria-busy", "true");
  tell([RUN]);
  const answer = await ask(form.action);
  if (answer?.is_over) return location.reload();
  delete form.dataset.sent;
  if (answer) {
    tell(answer.says);
    browserClock.after(() => form.requestSubmit(), answer.again_ms);
    return;
  }
  button?.removeAttribute("aria-busy");
  tell([NO_ANSWER]);
}

/** @param {string[]} lines */
function tell(lines) {
  const place = find("[data-runs]", HTMLElement);
  const paragraphs = lines.map((line) => {
    const paragraph = document.createElement("p");
    paragraph.textContent = line;
    return paragraph;
  });
  if (place && place.textContent !== lines.join("")) place.replaceChildren(...paragraphs);
}

/**
 * The server's answer to a form without fields; null if none came. Whoever is signed out meanwhile is asked to sign in.
 * @param {string} address
 * @returns {Promise<any>}
 */
async function ask(address) {
  try {
    let response = await post(address);
    if (response.status === 401 && (await signInAgain())) response = await post(address);
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}

/** @param {string} address */
function post(address) {
  const headers = { Accept: "application/json", "X-CSRFToken": csrfToken() };
  return fetch(address, { method: "POST", headers, signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
}
