// The outbox: what was answered and has not been confirmed by the server yet. Knows no card and no page.
// An entry stays in this browser, under the person it belongs to, until the server says that it has it. It carries an id that
// the server knows it by, so that sending it twice counts once.
const RETRY_S = [2, 5, 15, 60]; // waits between tries; the last one for ever
const ANSWER_WITHIN_MS = 8000; // the server itself gives up on a locked database after 5 s
const KEEP_MS = 30 * 24 * 60 * 60 * 1000;
const GONE = [404, 409]; // the thing is no more, or the id was used for another: no later try can succeed
const REFUSED = [400, 403]; // kept: the next page has another token. The entries behind it may still pass

const KEPT = Symbol("kept");
const NO_LINE = Symbol("no line");

const user = document.body.dataset.user;
const prefix = `outbox.${user}.`;

let tries = 0;
let timer;
let sending = Promise.resolve();

/** Everything held for this person, oldest first: `{id, url, fields, at}`. */
export function held() {
  const entries = Object.keys(localStorage).filter((key) => key.startsWith(prefix)).flatMap((key) => read(key) ?? []);
  return entries.sort((one, other) => one.at - other.at);
}

/** Keep a form's fields under `id`. False if this browser cannot keep anything; send the form the plain way then. */
export function keep(id, url, fields) {
  try {
    localStorage.setItem(prefix + id, JSON.stringify({ id, url, fields, at: Date.now() }));
    return true;
  } catch {
    return false;
  }
}

/** Send everything held, in order and one after another. Resolves to the server's answers by entry id. */
export function sendAll() {
  sending = sending.then(attempt, attempt);
  return sending;
}

async function attempt() {
  clearTimeout(timer);
  const answers = new Map();
  for (const entry of held()) {
    const answer = await send(entry);
    if (answer === NO_LINE) break;
    if (answer === KEPT) continue;
    localStorage.removeItem(prefix + entry.id);
    answers.set(entry.id, answer);
  }
  const left = held().length > 0;
  tries = left ? tries + 1 : 0;
  if (left) timer = setTimeout(sendAll, RETRY_S[Math.min(tries, RETRY_S.length) - 1] * 1000);
  const notice = document.getElementById("outbox");
  if (notice) notice.hidden = !left;
  return answers;
}

/** The server's answer (undefined if it will never take the entry), KEPT or NO_LINE. */
async function send({ url, fields }) {
  const token = document.querySelector("input[name=csrf_token]")?.value ?? "";
  const headers = { Accept: "application/json", "X-CSRFToken": token };
  try {
    const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
    const response = await fetch(url, { method: "POST", headers, body: new URLSearchParams(fields), signal });
    if (response.ok) return await response.json();
    if (GONE.includes(response.status)) return undefined;
    return REFUSED.includes(response.status) ? KEPT : NO_LINE;
  } catch {
    return NO_LINE; // or no time, or an answer cut short: what came of it is found out by sending it again
  }
}

function read(key) {
  try {
    const entry = JSON.parse(localStorage.getItem(key));
    if (entry.at > Date.now() - KEEP_MS) return entry;
  } catch {
    // Not ours, or cut short by a full disk: it could never be sent.
  }
  localStorage.removeItem(key);
  return undefined;
}

if (user) {
  window.addEventListener("online", sendAll);
  if (held().length > 0) sendAll();
}
