// Time as the browser has it, for the state machines.

/** @type {import("../core/clock.js").Clock} */
export const browserClock = {
  now: () => performance.now(),
  after: (call, ms) => window.setTimeout(call, ms),
  cancel: (timer) => window.clearTimeout(timer),
};
