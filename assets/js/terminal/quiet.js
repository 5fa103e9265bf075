// Tells when a command has probably done what it does: its shell shows its prompt again, or Enter was typed and then nothing
// was typed or printed for a while.

/** @import { Clock } from "../core/clock.js" */

const QUIET_MS = 1000; // of a program that goes on, such as one that waits for more
const SETTLED_MS = 100; // after the prompt: what a command left running has begun by then
const TAIL_BYTES = 256; // of what was printed at once; a prompt stands at its end
// Bash asks the terminal to mark what is pasted while it waits for a line, and not to while a command runs.
const PROMPT = "\x1b[?2004h";
const RUNS = "\x1b[?2004l";

export class Quiet {
  #clock;
  #call;
  #timer = 0;
  #hasTyped = false; // what a terminal shows of before it was opened is nobody's command
  #entered = false;
  #isPrompted = false;
  #goesOn = false; // it was told of a command that had fallen quiet, and no prompt has come since

  /**
   * @param {Clock} clock
   * @param {() => void} call called once after each command; of one that falls quiet on its way also then
   */
  constructor(clock, call) {
    this.#clock = clock;
    this.#call = call;
  }

  /** @param {string} text */
  typed(text) {
    this.#hasTyped = true;
    this.#entered ||= text.includes("\r");
    this.#isPrompted = false;
    this.#wait();
  }

  /**
   * Something was printed: wait from now on.
   * @param {Uint8Array} bytes
   */
  printed(bytes) {
    const tail = String.fromCharCode(...bytes.subarray(-TAIL_BYTES));
    const [prompt, runs] = [tail.lastIndexOf(PROMPT), tail.lastIndexOf(RUNS)];
    this.#entered ||= this.#hasTyped && runs >= 0; // a line that was typed ahead begins by itself
    this.#entered ||= this.#goesOn && prompt >= 0; // what took its time is over only now
    if (prompt !== runs) this.#isPrompted = prompt > runs;
    this.#wait();
  }

  #wait() {
    if (!this.#entered) return;
    this.end();
    this.#timer = this.#clock.after(
      () => {
        this.#entered = false;
        this.#goesOn = !this.#isPrompted;
        this.#call();
      },
      this.#isPrompted ? SETTLED_MS : QUIET_MS,
    );
  }

  /** Wait no longer. */
  end() {
    this.#clock.cancel(this.#timer);
  }
}
