// The lab page while its host starts and runs: asks the server how the host is and shows the answer where it stands.
// When that changes what can be done, the page is drawn anew by the server.
import { askForHost, paceOf } from "./core/host.js";
import { Poller } from "./core/poller.js";
import { browserClock } from "./parts/clock.js";
import { find, required } from "./parts/dom.js";
import "./parts/clocks.js";
import { drawHops } from "./parts/hops.js";
import { answered } from "./parts/line.js";
import { offerSplit } from "./parts/split.js";
import { htmx } from "./parts/swaps.js";
import { keepForReload, putBackAfterReload } from "./parts/undisturbed.js";

/** @import { HostPage, HostStatus } from "./core/host.js" */
/** @typedef {HostStatus & { element: Element | null }} DrawnHost */

/** @type {HostPage<DrawnHost>} */
const page = {
  address: () => place()?.dataset.hostUrl ?? null,
  shown: () => read(place()),
  drawn: () => read(place()).element,
  ask,
  setUp,
  show,
  say,
  reload,
};
const poller = new Poller({ ask: () => askForHost(page), clock: browserClock, isHidden: () => document.hidden });

putBackAfterReload();
follow();
offerSplit();
document.addEventListener("htmx:after:swap", follow);
document.addEventListener("lab-passed", passed);
for (const happening of ["host-ended", "timer:end"]) document.addEventListener(happening, () => poller.askNow());
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) poller.askNow();
});
window.addEventListener("online", () => poller.askNow());

/** Draw the diagrams of what has come onto the page, and ask about its host, if it has one. */
function follow() {
  drawHops();
  if (place()) poller.start(paceOf(page.shown()));
}

/** Where the host's state stands; absent while there is nothing to wait for. */
function place() {
  return find("#host-live", HTMLElement);
}

/**
 * What the server has drawn of a host within `root`.
 * @param {ParentNode | null} root
 * @returns {DrawnHost}
 */
function read(root) {
  const element = root && find("[data-host-state]", HTMLElement, root);
  if (!element) return { state: undefined, says: "", secondsLeft: null, element: null };
  const timer = find("[data-timer=down]", HTMLElement, element);
  const { hostState, hostSays = "" } = element.dataset;
  return { state: hostState, says: hostSays, secondsLeft: timer && Number(timer.dataset.seconds), element };
}

/** Draw the page anew. If it is its host that has come, the terminal goes on from there: see terminal.js. */
function reload() {
  if (page.shown().state !== "ready") sessionStorage.setItem("host awaited", location.pathname);
  keepForReload();
  location.reload();
}

/** The checks that run by themselves have passed, while one is at work in the terminal: say so there. */
function passed() {
  const place = find("[data-lab-passed]", HTMLElement);
  const link = document.createElement("a");
  link.href = "#result";
  link.textContent = "Passed: see the result";
  link.addEventListener("click", () => find(".panes-tabs input[value='1']", HTMLInputElement)?.click());
  place?.replaceChildren(link);
  poller.askNow();
}

/** @param {string} address */
async function ask(address) {
  const answer = await request(address);
  if (answer !== null) answered();
  return answer === null ? null : read(document.createRange().createContextualFragment(answer));
}

/** @param {DrawnHost} host */
async function setUp({ element }) {
  if (!element) return false;
  const form = required("form[data-set-up]", HTMLFormElement, element);
  return (await request(form.action, { method: "POST", body: new FormData(form) })) !== null;
}

/** @param {DrawnHost} host */
function show({ element }) {
  const shown = place();
  if (!shown || !element) return;
  if (shown.contains(document.activeElement)) return; // a button that is about to be pressed stays where it is
  shown.replaceChildren(element);
  htmx.process(element);
}

/**
 * The text of an answer; null if none came, in whole, that helps.
 * @param {string} url
 * @param {RequestInit} [options]
 */
async function request(url, options) {
  try {
    const answer = await fetch(url, options);
    return answer.ok ? await answer.text() : null;
  } catch {
    return null;
  }
}

/**
 * Put a sentence where screen readers hear it, once.
 * @param {string} text
 */
function say(text) {
  const status = find("[data-host-status]", HTMLElement);
  if (status && status.textContent !== text) status.textContent = text;
}
