// Tells when a command has probably done what it does: Enter was typed, and then nothing was typed or printed for a while.

/** @import { Clock } from "../core/clock.js" */

const QUIET_MS = 1000;

export class Quiet {
  #clock;
  #call;
  #timer = 0;
  #entered = false;

  /**
   * @param {Clock} clock
   * @param {() => void} call called once after each command
   */
  constructor(clock, call) {
    this.#clock = clock;
    this.#call = call;
  }

  /** @param {string} text */
  typed(text) {
    this.#entered ||= text.includes("\r");
    this.printed();
  }

  /** Something was printed, or typed: wait from now on. */
  printed() {
    if (!this.#entered) return;
    this.end();
    this.#timer = this.#clock.after(() => {
      this.#entered = false;
      this.#call();
    }, QUIET_MS);
  }

  /** Wait no longer. */
  end() {
    this.#clock.cancel(this.#timer);
  }
}
