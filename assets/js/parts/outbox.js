// The outbox of this page: the browser's storage, and forms sent with the token of the page that sends them.
import { Outbox } from "../core/outbox.js";
import { browserClock } from "./clock.js";
import { find } from "./dom.js";

const ANSWER_WITHIN_MS = 8000; // the server itself gives up on a locked database after 5 s

const { user = "" } = document.body.dataset;

export const outbox = new Outbox({
  user,
  // Asked for when it is used: a browser that forbids storage throws there, and Outbox.keep then returns false.
  get storage() {
    return localStorage;
  },
  clock: browserClock,
  today: () => Date.now(),
  post,
  show: (isLeft) => {
    const notice = document.getElementById("outbox");
    if (notice) notice.hidden = !isLeft;
  },
});

/** Send what an earlier page has left, now and whenever the browser is online again. */
export function sendWhatIsLeft() {
  if (!user) return;
  window.addEventListener("online", () => outbox.sendAll());
  if (outbox.held().length > 0) outbox.sendAll();
}

/**
 * @param {string} url
 * @param {Record<string, string>} fields
 */
function post(url, fields) {
  const token = find("input[name=csrf_token]", HTMLInputElement)?.value ?? "";
  const headers = { Accept: "application/json", "X-CSRFToken": token };
  const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
  return fetch(url, { method: "POST", headers, body: new URLSearchParams(fields), signal });
}
