// Clocks on the page. `data-timer="down"` or `"up"` with `data-seconds` as of the moment the server drew it; the browser's
// own clock is never asked for the time of day. At the end of a countdown the element fires `timer:end`.
const TICK_MS = 500;
const started = new WeakMap();

export function timers() {
  tick();
  setInterval(tick, TICK_MS);
}

function tick() {
  for (const element of document.querySelectorAll("[data-timer]")) show(element);
}

function show(element) {
  const { timer, seconds } = element.dataset;
  const known = started.get(element);
  // Extending a lease changes the attribute; then the count begins anew.
  const start = known?.seconds === seconds ? known : { seconds, at: performance.now(), ended: false };
  started.set(element, start);
  const passed = (performance.now() - start.at) / 1000;
  const value = timer === "down" ? Math.max(0, Number(seconds) - passed) : Number(seconds) + passed;
  const text = clock(timer === "down" ? Math.ceil(value) : Math.floor(value));
  if (element.textContent !== text) element.textContent = text;
  if (timer === "down" && value === 0 && !start.ended) {
    start.ended = true;
    element.dispatchEvent(new CustomEvent("timer:end", { bubbles: true }));
  }
}

/** 372 -> "6:12", 4000 -> "1:06:40". */
function clock(total) {
  const [hours, minutes, seconds] = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60];
  const two = (number) => String(number).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}
