// The outbox of this page: the browser's storage, and forms sent with the token of the page that sends them.
import { Outbox } from "../core/outbox.js";
import { browserClock } from "./clock.js";
import { required } from "./dom.js";
import { askWhoIsSignedIn, csrfToken, isSomebodyElse, leaveToOther, pageUser, takeToken } from "./identity.js";
import { tell } from "./notices.js";
import { signInAgain } from "./sign_in.js";

/** @import { Entry } from "../core/outbox.js" */

const GONE = "A card that you rated has been removed meanwhile. Its rating counts no more.";
const ANSWER_WITHIN_MS = 8000; // the server itself gives up on a locked database after 5 s

export const outbox = new Outbox({
  user: pageUser,
  // Asked for when it is used: a browser that forbids storage throws there, and Outbox.keep then returns false.
  get storage() {
    return localStorage;
  },
  clock: browserClock,
  today: () => Date.now(),
  post,
  signedOut: async () => {
    if (await signInAgain()) await outbox.sendAll();
  },
  show: showKept,
  taken: (entry, answer) => {
    if (answer?.notice) tell(answer.notice);
    announce("outbox:taken", { entry, answer });
  },
  refused: (entry, why) => {
    tell((entry.kind ?? "rating") === "rating" ? GONE : why);
    announce("outbox:refused", { entry, answer: null });
  },
});

/**
 * What became of an entry, for the page that shows its card: the name of the event and what it carries.
 * @param {"outbox:taken" | "outbox:refused"} what
 * @param {{ entry: Entry, answer: any }} detail
 */
function announce(what, detail) {
  document.dispatchEvent(new CustomEvent(what, { detail }));
}

/**
 * Say on this page how many things are kept; again for a part of the page that is new.
 * @param {number} left
 */
export function showKept(left = outbox.left) {
  const notice = document.getElementById("outbox");
  if (!notice) return;
  notice.hidden = left === 0;
  required("[data-kept]", HTMLElement, notice).textContent = left > 1 ? `${left} kept here` : "Kept here";
}

/** Send what an earlier page has left, now and whenever the browser is online or the server answers again. */
export function sendWhatIsLeft() {
  if (!pageUser) return;
  window.addEventListener("online", () => outbox.sendAll());
  document.addEventListener("line:back", () => outbox.sendAll());
  if (outbox.held().length > 0) outbox.sendAll();
}

/**
 * Send a form; once more if it was refused for a token that has grown too old, or was another sign-in's. A page that was kept
 * for a reload without a connection has none, and asks for one first.
 * @param {string} url
 * @param {Record<string, string>} fields
 */
export async function post(url, fields) {
  if (!csrfToken()) await hasNewToken();
  const response = await send(url, fields);
  if (response.status !== 400) return response;
  return (await hasNewToken()) ? send(url, fields) : response;
}

async function hasNewToken() {
  const seen = await askWhoIsSignedIn();
  if (isSomebodyElse(seen?.user)) leaveToOther();
  return takeToken(seen);
}

/**
 * @param {string} url
 * @param {Record<string, string>} fields
 */
function send(url, fields) {
  const headers = { Accept: "application/json", "X-CSRFToken": csrfToken() };
  const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
  return fetch(url, { method: "POST", headers, body: new URLSearchParams(fields), signal });
}
