// Two hosts for a command that a quiz asks for: begun while the question before it is shown, and let go on the first page
// that needs none. The command is run without leaving its page; the server alone says what it did.
import { browserClock } from "./clock.js";
import { all, find } from "./dom.js";
import { csrfToken } from "./identity.js";
import { signInAgain } from "./sign_in.js";

const ANSWER_WITHIN_MS = 75_000; // the server gives a command and its set-up up to 30 s on each host, and answers then
const HELD = "quizapp.hosts-ahead"; // in this tab: where the hosts are let go that it had begun
const RUN = "Both commands run, each on its host.";
const NO_ANSWER = "The server did not answer. Your command is kept: try again.";

export function hostsAhead() {
  const asks = find("[data-hosts-ahead]", HTMLElement);
  const runs = find("form[data-runs-by-itself]", HTMLFormElement);
  if (asks) begin(asks);
  else if (!runs) letGo();
  if (!runs) return;
  runs.addEventListener("submit", (event) => {
    event.preventDefault();
    runIt(runs);
  });
  runs.requestSubmit();
}

/** @param {HTMLElement} place */
async function begin(place) {
  const { hostsAhead = "", hostsEnd = "", hostsHere } = place.dataset;
  sessionStorage.setItem(HELD, hostsEnd);
  const answer = await ask(hostsAhead);
  const box = find("[data-no-hosts]", HTMLElement, place);
  if (hostsHere === undefined || !box || !answer?.no_hosts) return;
  for (const said of all("[data-no-hosts-why]", HTMLElement, box)) said.textContent = answer.no_hosts;
  box.hidden = false;
}

function letGo() {
  const address = sessionStorage.getItem(HELD);
  if (!address) return;
  sessionStorage.removeItem(HELD);
  navigator.sendBeacon(address, new URLSearchParams({ csrf_token: csrfToken() }));
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
