// Time as the state machines get it: parts/clock.js has the browser's, tests have their own.

/**
 * @typedef {object} Clock
 * @property {() => number} now milliseconds since a moment that stays the same
 * @property {(call: () => void, ms: number) => number} after call once, `ms` from now; returns a number for `cancel`, never 0
 * @property {(timer: number) => void} cancel does nothing for a timer that has fired, and for 0
 */

export {};
