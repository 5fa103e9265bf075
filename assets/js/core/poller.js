// Asks for one thing again and again: at most one request at a time, and one timer between two requests, whatever happens
// in between. Knows no page and no server.

/** @import { Clock } from "./clock.js" */

/**
 * How long to wait from an answer to the next request, in milliseconds, while the page is seen and while it is hidden.
 * @typedef {{ seen: number, hidden: number }} Pace
 */

/** The outcome of a request after which there is nothing more to ask. */
export const ENDED = Symbol("ended");

/** The outcome of a request that brought no answer. */
export const FAILED = Symbol("failed");

const BACK_OFF_MS = [2_000, 5_000, 10_000, 20_000, 30_000]; // waits after failed requests; the last one for each further one

export class Poller {
  #ask;
  #clock;
  #isHidden;
  #isWanted = false;
  #isAsking = false;
  #askAgain = false;
  #timer = 0;
  #failures = 0;

  /**
   * @param {object} parts
   * @param {() => Promise<Pace | typeof ENDED | typeof FAILED>} parts.ask one request; resolves to what follows from it
   * @param {Clock} parts.clock
   * @param {() => boolean} [parts.isHidden] whether nobody sees the page just now
   */
  constructor({ ask, clock, isHidden = () => false }) {
    this.#ask = ask;
    this.#clock = clock;
    this.#isHidden = isHidden;
  }

  /**
   * Begin to ask, first after `pace`. Does nothing if it has begun already.
   * @param {Pace} pace
   */
  start(pace) {
    if (this.#isWanted) return;
    this.#isWanted = true;
    this.#failures = 0;
    if (!this.#isAsking) this.#askAfter(this.#waitOf(pace));
  }

  /** Ask now instead of later; while an answer is awaited, once more after it. Does nothing before `start` and after the end. */
  askNow() {
    if (!this.#isWanted) return;
    if (this.#isAsking) this.#askAgain = true;
    else this.#askAfter(0);
  }

  /** Ask no more. What a request that is under way brings is thrown away. */
  stop() {
    this.#isWanted = this.#askAgain = false;
    this.#clock.cancel(this.#timer);
  }

  /** @param {number} ms */
  #askAfter(ms) {
    this.#clock.cancel(this.#timer);
    this.#timer = this.#clock.after(() => this.#run(), ms);
  }

  async #run() {
    this.#isAsking = true;
    /** @type {Pace | typeof ENDED | typeof FAILED} */
    let outcome = FAILED;
    try {
      outcome = await this.#ask();
    } finally {
      this.#isAsking = false;
      this.#goOn(outcome); // also after an error in our own code, which the console then shows
    }
  }

  /** @param {Pace | typeof ENDED | typeof FAILED} outcome */
  #goOn(outcome) {
    if (!this.#isWanted) return;
    if (outcome === ENDED) return this.stop();
    const wait = outcome === FAILED ? this.#backOff() : this.#waitOf(outcome);
    if (outcome !== FAILED) this.#failures = 0;
    this.#askAfter(this.#askAgain ? 0 : wait);
    this.#askAgain = false;
  }

  #backOff() {
    this.#failures += 1;
    return BACK_OFF_MS[Math.min(this.#failures, BACK_OFF_MS.length) - 1];
  }

  /** @param {Pace} pace */
  #waitOf(pace) {
    return this.#isHidden() ? pace.hidden : pace.seen;
  }
}
