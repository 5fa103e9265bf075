// The lab page while its host starts and runs: asks the server how the host is and shows the answer where it stands.
// When that changes what can be done, the page is drawn anew by the server.
import htmx from "htmx.org";
import { drawHops } from "./parts/hops.js";

const STARTING_MS = 500; // a start takes a few seconds, and each step should be seen
const RUNNING_MS = 15_000; // also tells the server that somebody is here; it ends hosts that nobody uses
const LOST_LINE_MS = 5_000;
const LOST_LINE = "The server did not answer. Your host goes on; this page keeps trying.";

drawHops();
document.addEventListener("htmx:after:swap", drawHops);

let timer = 0;
if (live()) {
  timer = setTimeout(ask, pause());
  for (const happening of ["host-ended", "timer:end", "visibilitychange"]) document.addEventListener(happening, askNow);
}

function askNow() {
  clearTimeout(timer);
  ask();
}

async function ask() {
  const answer = await request(live().dataset.hostUrl);
  if (answer) await take(await answer.text());
  else say(LOST_LINE);
  timer = setTimeout(ask, answer ? pause() : LOST_LINE_MS);
}

/** Show what the server says of the host. */
async function take(markup) {
  const next = document.createRange().createContextualFragment(markup).firstElementChild;
  if (next.dataset.hostState === "up") await setUp(next);
  else if (next.dataset.hostState !== state()) location.reload();
  if (live().contains(document.activeElement)) return; // a button that is about to be pressed stays where it is
  live().replaceChildren(next);
  htmx.process(next);
  say(next.dataset.hostSays);
}

async function setUp(next) {
  const form = next.querySelector("form[data-set-up]");
  if (await request(form.action, { method: "POST", body: new FormData(form) })) location.reload();
}

/** Where the host's state stands; absent while there is nothing to wait for. */
function live() {
  return document.getElementById("host-live");
}

function state() {
  return live().firstElementChild.dataset.hostState;
}

function pause() {
  return { ready: RUNNING_MS, away: LOST_LINE_MS }[state()] ?? STARTING_MS;
}

/** The answer to a request, or null if there was none that helps. */
async function request(url, options = {}) {
  const answer = await fetch(url, options).catch(() => null);
  return answer?.ok ? answer : null;
}

/** Put a sentence where screen readers hear it, once. */
function say(text) {
  const status = document.querySelector("[data-host-status]");
  if (status && status.textContent !== text) status.textContent = text;
}
