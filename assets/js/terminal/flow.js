// Counts the bytes of a shell's output: received, shown and acknowledged. The server waits while four times ACK_BYTES are
// unacknowledged, so that Ctrl+C never has long to wait. Knows no socket.

/** @import { Clock } from "../core/clock.js" */

const ACK_BYTES = 16 * 1024; // acknowledged at once when so many have been shown
const ACK_MS = 200; // and at the latest so long after they were shown
const BURST_BYTES = 2 * 1024 * 1024; // shown as fast as they come; of more, some at a time, or the page could do nothing else
const BURST_ACK_MS = 50;
const CALM_MS = 1000; // a burst is over when nothing came for so long

export class Flow {
  #clock;
  #acknowledge;
  #received = 0; // each of the three is the number of the next byte
  #shown = 0;
  #acknowledged = 0;
  #timer = 0;
  #burst = 0; // bytes of it so far
  #cameAt = 0;
  #start = {}; // another object after each restart

  /**
   * @param {object} parts
   * @param {Clock} parts.clock
   * @param {(next: number) => void} parts.acknowledge tell the server the number of the next byte to be shown
   */
  constructor({ clock, acknowledge }) {
    this.#clock = clock;
    this.#acknowledge = acknowledge;
  }

  /** The number of the next byte to be received. */
  get received() {
    return this.#received;
  }

  /** The number of the next byte to be shown. */
  get shown() {
    return this.#shown;
  }

  /**
   * The next byte that comes has the number `next`. What came before and is not shown yet no longer counts.
   * @param {number} next
   */
  restart(next) {
    this.#clock.cancel(this.#timer);
    this.#timer = 0;
    this.#start = {};
    this.#received = this.#shown = this.#acknowledged = next;
  }

  /**
   * Count bytes that have come. Returns what to call once they are shown.
   * @param {number} bytes
   */
  take(bytes) {
    const now = this.#clock.now();
    this.#received += bytes;
    this.#burst = now - this.#cameAt < CALM_MS ? this.#burst + bytes : 0;
    this.#cameAt = now;
    const next = this.#received;
    const start = this.#start;
    return () => {
      if (start === this.#start) this.#show(next);
    };
  }

  /** @param {number} next */
  #show(next) {
    this.#shown = Math.max(this.#shown, next);
    if (this.#burst > BURST_BYTES) this.#tellWithin(BURST_ACK_MS);
    else if (this.#shown - this.#acknowledged >= ACK_BYTES) this.#tell();
    else this.#tellWithin(ACK_MS);
  }

  /** @param {number} ms */
  #tellWithin(ms) {
    this.#timer ||= this.#clock.after(() => this.#tell(), ms);
  }

  #tell() {
    this.#clock.cancel(this.#timer);
    this.#timer = 0;
    this.#acknowledged = this.#shown;
    this.#acknowledge(this.#shown);
  }
}
