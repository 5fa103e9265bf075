// Time as the state machines get it: tests pass a clock of their own. None of them asks the browser for the time.

/**
 * @typedef {object} Clock
 * @property {() => number} now milliseconds since a moment that stays the same
 * @property {(call: () => void, ms: number) => number} after call once, `ms` from now; returns a number for `cancel`, never 0
 * @property {(timer: number) => void} cancel does nothing for a timer that has fired, and for 0
 */

/** @type {Clock} */
export const browserClock = {
  now: () => performance.now(),
  after: (call, ms) => window.setTimeout(call, ms),
  cancel: (timer) => window.clearTimeout(timer),
};
