// A card that is answered by one command: its part comes from the server, which begins two hosts for it, and a form in it
// is sent without leaving the page. The server alone says what the card is rated.
import { Ahead } from "../core/proof.js";
import { browserClock } from "./clock.js";
import { equipCode } from "./code.js";
import { all, elementOf, find, required } from "./dom.js";
import { bringBackDraft, forgetDraft } from "./drafts.js";
import { askWhoIsSignedIn, csrfToken, takeToken } from "./identity.js";
import { unsay } from "./notices.js";
import { signInAgain } from "./sign_in.js";

const ANSWER_WITHIN_MS = 75_000; // the server gives a command and its set-up up to 30 s on each host, and answers then
const SLOW_MS = 300; // a wait that is longer is told of
const COMES = "The task comes in a moment.";
const NO_TASK =
  "There is no connection to the server, and this card needs hosts. Go on with the next one: it stays due.";
const NO_ANSWER = "The server did not answer. Your command is still here: try again, or go on with the next card.";

/**
 * That the server has rated the card. `due` is a time if the card comes back within the study day.
 * @typedef {{ due: string | null, notice: string | null }} Proved
 */

/**
 * The card's part as the server has drawn it.
 * @typedef {{ state: "asked" | "waiting" | "done", html: string, again_ms: number | null, rated: Proved | null }} Part
 */

/**
 * @param {HTMLElement} place where the cards of the sitting are shown
 * @param {object} page
 * @param {(rated: Proved) => void} page.rated the card on the page has been rated
 * @param {() => number} page.shownAt when it came onto the page, as `performance.now` gives it
 */
export function proofs(place, page) {
  /** @type {Ahead<Part | string>} */
  const ahead = new Ahead({ begin: partFrom, end: () => letGo(place), clock: browserClock });
  place.addEventListener("submit", (event) => {
    const form = elementOf(event)?.closest("form[data-proof-form]");
    if (!(form instanceof HTMLFormElement)) return;
    event.preventDefault();
    event.stopPropagation(); // its draft stays until the answer says that it was taken
    send(form, { ahead, page });
  });
  place.addEventListener("click", (event) => {
    const element = elementOf(event);
    if (element instanceof HTMLTextAreaElement) element.focus(); // what Enter on the card leads to
    if (element?.closest("[data-proof-later]")) required("[data-later]", HTMLElement, place).click();
  });
  window.addEventListener("pagehide", () => ahead.leave());
  const shown = async () => {
    const element = partOn(place);
    const elses = element ? all("[data-proof-else]", HTMLElement, place) : [];
    for (const other of elses) other.hidden = true; // the way without a script, which other labs have alone
    const timer = browserClock.after(() => element && say(element, COMES), SLOW_MS);
    const part = await ahead.show(element?.dataset.proof ?? null);
    browserClock.cancel(timer);
    if (element?.isConnected) draw(element, part);
  };
  window.addEventListener("online", () => {
    if (find("[data-proof-state]", HTMLElement, place)) shown();
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) shown(); // its hosts were let go
  });
  return {
    shown,
    /** @param {string | undefined} html the card that comes next */
    comes: (html) => ahead.comes(html ? addressIn(html) : null),
  };
}

/** @param {ParentNode} root */
function partOn(root) {
  return find("[data-proof]", HTMLElement, root);
}

/** @param {string} html */
function addressIn(html) {
  return partOn(new DOMParser().parseFromString(html, "text/html"))?.dataset.proof ?? null;
}

/**
 * @typedef {{ ahead: Ahead<Part | string>, page: { rated: (rated: Proved) => void, shownAt: () => number } }} Around
 */

/**
 * @param {HTMLElement} element
 * @param {Part | string | null} part a sentence where the server has refused it; null without an answer
 */
function draw(element, part) {
  if (!part || typeof part === "string") return say(element, part ?? NO_TASK);
  const wasOpen = find("details[open]", HTMLDetailsElement, element) !== null; // the way to the solution, the only one
  element.innerHTML = part.html;
  const details = find("details", HTMLDetailsElement, element);
  if (details) details.open = wasOpen;
  const before = all("[data-proof-before], form[data-deed], details.flags", HTMLElement);
  for (const other of before) other.hidden = part.state === "done"; // what is rated is not put away as well
  for (const form of all("form[data-draft]", HTMLFormElement, element)) bringBackDraft(form);
  equipCode();
  const grade = find("form[data-proof-form=grade]", HTMLFormElement, element);
  if (grade) browserClock.after(() => grade.isConnected && grade.requestSubmit(), part.again_ms ?? 0);
}

/**
 * @param {HTMLFormElement} form
 * @param {Around} around
 */
async function send(form, around) {
  if (form.dataset.sent !== undefined) return;
  form.dataset.sent = "";
  const element = required("[data-proof]", HTMLElement);
  const wait = find("[data-proof-wait]", HTMLElement, element);
  const isCommand = form.dataset.proofForm === "command";
  if (wait) wait.hidden = !isCommand;
  if (isCommand) announce(wait?.textContent ?? "");
  for (const input of all("[name=taken_ms]", HTMLInputElement, form)) {
    input.value = String(Math.round(performance.now() - around.page.shownAt()));
  }
  const part = await ask(form.action, fieldsOf(form));
  if (!element.isConnected) return;
  delete form.dataset.sent;
  if (wait) wait.hidden = true;
  if (typeof part === "string") return announce(part, form);
  if (part.state === "done") for (const draft of all("form[data-draft]", HTMLFormElement, element)) forgetDraft(draft);
  draw(element, part);
  unsay(); // such as to rate the card again, which is what this was for
  tell(element, part, form.dataset.proofForm ?? "");
  if (!part.rated) return;
  around.page.rated(part.rated);
  around.ahead.done();
}

/**
 * Lead on from what has come: to the result if the card is rated, back to the command if it is not, and read it out.
 * @param {HTMLElement} element
 * @param {Part} part
 * @param {string} sent
 */
function tell(element, part, sent) {
  const verdict = find(".verdict", HTMLElement, element);
  if (part.state === "done") return verdict?.focus();
  if (document.activeElement === document.body) required("#card", HTMLElement).focus({ preventScroll: true });
  if (part.state === "waiting") return announce(textOf(required("ul", HTMLElement, element)));
  const news = sent === "hint" ? find("ol li:last-child", HTMLElement, element) : verdict;
  required("textarea", HTMLElement, element).focus({ preventScroll: true });
  const told = find(".notice:not([data-proof-next]) > span", HTMLElement, element) ?? news;
  (told?.closest("[data-proof-result]") ?? told)?.scrollIntoView({ block: "nearest" });
  announce(told ? textOf(told) : "");
}

/** @param {HTMLElement} element */
function textOf(element) {
  return element.textContent.trim().replace(/\s+/g, " ");
}

/**
 * Read a sentence out; beside a form it is seen as well.
 * @param {string} text
 * @param {HTMLFormElement} [form]
 */
function announce(text, form) {
  const said = required("[data-proof-said]", HTMLElement);
  if (said.textContent !== text) said.textContent = text;
  if (!form) return;
  const line = document.createElement("p");
  line.className = "notice notice-warning";
  line.textContent = text;
  find(".notice", HTMLElement, form)?.remove();
  form.prepend(line);
}

/**
 * @param {HTMLElement} element
 * @param {string} text
 */
function say(element, text) {
  const state = find("[data-proof-state]", HTMLElement, element);
  if (state) state.textContent = text;
}

/**
 * A card's part, or why there is none, in the server's words; null if no answer came.
 * @param {string} address
 * @returns {Promise<Part | string | null>}
 */
async function partFrom(address) {
  const part = await ask(address, {});
  return part === NO_ANSWER ? null : part;
}

/**
 * Send a form; once more after a new sign-in, or with a new token where the page's was too old. A sentence if that failed.
 * @param {string} url
 * @param {Record<string, string>} fields
 * @returns {Promise<Part | string>}
 */
async function ask(url, fields) {
  try {
    let response = await post(url, fields);
    const again =
      (response.status === 401 && (await signInAgain())) ||
      (response.status === 400 && takeToken(await askWhoIsSignedIn()));
    if (again) response = await post(url, fields);
    const answer = await response.json();
    return response.ok ? answer : answer.message;
  } catch {
    return NO_ANSWER;
  }
}

/**
 * @param {string} url
 * @param {Record<string, string>} fields
 */
function post(url, fields) {
  const headers = { Accept: "application/json", "X-CSRFToken": csrfToken() };
  const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
  return fetch(url, { method: "POST", headers, body: new URLSearchParams(fields), signal });
}

/**
 * What a form would send, but for its token, which may be older than the page's.
 * @param {HTMLFormElement} form
 */
function fieldsOf(form) {
  const fields = [...new FormData(form)].filter(([name]) => name !== "csrf_token");
  return Object.fromEntries(fields.map(([name, value]) => [name, String(value)]));
}

/** @param {HTMLElement} place */
function letGo(place) {
  const address = place.dataset.hostsEnd ?? "";
  navigator.sendBeacon(address, new URLSearchParams({ csrf_token: csrfToken() }));
}
