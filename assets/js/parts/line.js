// Whether the server answers, and what is said on a page that stays where it is because it does not.
import { elementOf, find } from "./dom.js";
import { mountedAt } from "./identity.js";
import { notify } from "./notices.js";

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
  notify(`${name} needs a connection${isOurs ? " to the server" : ""}, and there is none now; ${stays}.`);
}

/** @param {HTMLAnchorElement} link */
function nameOf(link) {
  if (link.dataset.needsLine) return link.dataset.needsLine;
  const text = (link.ariaLabel ?? link.textContent).trim().replace(/\s+/g, " ");
  return text ? `“${text.slice(0, NAME_MAX_CHARS)}”` : "This link";
}
