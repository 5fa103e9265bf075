// Clocks on the page. `data-timer="down"` or `"up"` with `data-seconds` as of the moment the server drew it; the browser's
// own clock is never asked for the time of day. At the end of a countdown the element fires `timer:end`.
import { Count } from "../core/countdown.js";
import { all } from "./dom.js";

const TICK_MS = 500;

/** @type {WeakMap<HTMLElement, { seconds: string, count: Count }>} */
const started = new WeakMap();

/** Every clock that is on the page now or comes onto it later. */
export function timers() {
  tick();
  setInterval(tick, TICK_MS);
}

function tick() {
  for (const element of all("[data-timer]", HTMLElement)) show(element);
}

/** @param {HTMLElement} element */
function show(element) {
  const { text, ends } = countOf(element).at(performance.now());
  if (element.textContent !== text) element.textContent = text;
  if (ends) element.dispatchEvent(new CustomEvent("timer:end", { bubbles: true }));
}

/**
 * The count of an element; a new one once its attribute has changed, as it does when a lease is extended.
 * @param {HTMLElement} element
 */
function countOf(element) {
  const { timer, seconds = "0" } = element.dataset;
  const known = started.get(element);
  if (known?.seconds === seconds) return known.count;
  const direction = timer === "down" ? "down" : "up";
  const count = new Count({ direction, seconds: Number(seconds), now: performance.now() });
  started.set(element, { seconds, count });
  return count;
}
