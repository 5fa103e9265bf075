// Whether the server answers, and what is said on a page that stays where it is because it does not.
import { ENDED, FAILED, Poller } from "../core/poller.js";
import { browserClock } from "./clock.js";
import { all, elementOf, find } from "./dom.js";
import { mountedAt } from "./identity.js";
import { region, warning } from "./notices.js";

const LOST = "The server did not answer. Nothing on this page was lost; try again in a moment.";
const FIRST_ASK_MS = 2000;
const ANSWER_WITHIN_MS = 8000;
const NAME_MAX_CHARS = 60;

/** Whether the server answers: it may be on this machine, so that it does without the connection that is missing. */
export async function isReached() {
  try {
    await fetch(location.href, { method: "HEAD", signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    return true;
  } catch {
    return false;
  }
}

/** Asks, while a page says that the server does not answer, whether it does again. */
const back = new Poller({
  ask: async () => {
    if (!(await isReached())) return FAILED;
    answered();
    document.dispatchEvent(new CustomEvent("line:back"));
    return ENDED;
  },
  clock: browserClock,
});

/**
 * Say that something could not be done without the server, until it answers again.
 * @param {string} text
 */
export function sayNoLine(text) {
  const said = untilAnswered(text);
  region().replaceChildren(said);
}

/**
 * What is said until the server answers again, to be put on the page.
 * @param {string} text
 */
function untilAnswered(text) {
  const said = warning(text);
  said.dataset.lost = "";
  back.start({ seen: FIRST_ASK_MS, hidden: FIRST_ASK_MS });
  return said;
}

/**
 * Say that the server did not answer: on the review page beside its card, else below the form that was sent. Of what the page
 * asks by itself only the review page says so.
 */
export function lostConnection() {
  document.addEventListener("htmx:error", (event) => {
    const form = elementOf(event)?.closest("form:not([data-quiet])");
    if (find("[data-notices]", HTMLElement)) return sayNoLine(LOST);
    if (!form) return;
    answered();
    const lost = untilAnswered(LOST);
    lost.setAttribute("role", "alert");
    form.after(lost);
    lost.scrollIntoView({ block: "nearest" });
  });
  document.addEventListener("htmx:after:swap", answered);
  window.addEventListener("online", () => back.askNow());
}

/** The server answers again: nothing says any more that it did not. */
export function answered() {
  back.stop();
  for (const lost of all("[data-lost]", HTMLElement)) lost.remove();
}

/**
 * Follow links, and send what is searched for, once the server has answered. Where it does not, the page stays, in place of
 * the browser's own error page, and a sentence says why. With a connection only the review page asks, whose card would be
 * lost, and links with `data-needs-line`, whose words begin the sentence.
 */
export function staysWithoutLine() {
  document.addEventListener("click", (event) => {
    const link = elementOf(event)?.closest("a[href]");
    if (!(link instanceof HTMLAnchorElement) || event.defaultPrevented || opensBeside(event, link)) return;
    const url = new URL(link.href);
    if (!isElsewhere(url) || !isToBeAsked(url, link.dataset.needsLine !== undefined)) return;
    event.preventDefault();
    goIfReached(link, url.origin === location.origin, nameOf(link), () => location.assign(link.href));
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || event.defaultPrevented || form.method !== "get") return;
    if (!isToBeAsked(new URL(form.action), false)) return;
    event.preventDefault();
    goIfReached(form, true, form.role === "search" ? "Search" : "This", () => form.submit());
  });
}

/**
 * Whether a link opens beside this page, which stays.
 * @param {MouseEvent} event
 * @param {HTMLAnchorElement} link
 */
function opensBeside(event, link) {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return true;
  return link.hasAttribute("download") || !["", "_self"].includes(link.target);
}

/**
 * Whether an address is another page than this one, and one that a browser fetches.
 * @param {URL} url
 */
function isElsewhere(url) {
  const isHere = url.hash !== "" && url.href.split("#")[0] === location.href.split("#")[0];
  return !isHere && ["http:", "https:"].includes(url.protocol);
}

/**
 * Whether it is not sure that an address can be opened. What the review page's worker answers always can.
 * @param {URL} url
 * @param {boolean} needsLine
 */
function isToBeAsked(url, needsLine) {
  if (url.origin !== location.origin) return !navigator.onLine;
  const review = find("[data-sitting]", HTMLElement);
  const isKept = review !== null && url.pathname === `${mountedAt}/review` && navigator.serviceWorker?.controller;
  return needsLine || (!isKept && (review !== null || !navigator.onLine));
}

/**
 * @param {HTMLElement} asking
 * @param {boolean} isOurs whether it leads to this server
 * @param {string} name
 * @param {() => void} go
 */
async function goIfReached(asking, isOurs, name, go) {
  asking.ariaBusy = "true";
  const reached = isOurs && (await isReached());
  asking.ariaBusy = null;
  if (!asking.isConnected) return; // another card is shown meanwhile
  if (reached) return go();
  const stays = find("[data-sitting]", HTMLElement) ? "the card stays here" : "this page stays as it is";
  sayNoLine(`${name} needs a connection${isOurs ? " to the server" : ""}, and there is none now; ${stays}.`);
}

/** @param {HTMLAnchorElement} link */
function nameOf(link) {
  if (link.dataset.needsLine) return link.dataset.needsLine;
  const text = (link.ariaLabel ?? link.textContent).trim().replace(/\s+/g, " ");
  return text ? `“${text.slice(0, NAME_MAX_CHARS)}”` : "This link";
}
