// For which card of a sitting hosts are begun, and when they are let go. Knows no element and no server.
// A learner has one pair of hosts for commands: while a card that needs them is on the page, they are that card's.

/** @import { Clock } from "./clock.js" */

const FRESH_MS = 240_000; // hosts that nobody asks for are ended after ten minutes; what is older is asked for again

/**
 * @template Answer
 */
export class Ahead {
  #begin;
  #end;
  #clock;
  /** @type {string | null} the address of the shown card's part, while it needs hosts */
  #shown = null;
  /** @type {string | null} */
  #coming = null;
  /** @type {{ address: string, answer: Promise<Answer | null>, at: number } | null} */
  #begun = null;
  #holds = false;

  /**
   * @param {object} parts
   * @param {(address: string) => Promise<Answer | null>} parts.begin ask for a card's part, which begins its hosts; null: no answer
   * @param {() => void} parts.end let the hosts go that no command was tried on
   * @param {Clock} parts.clock
   */
  constructor({ begin, end, clock }) {
    this.#begin = begin;
    this.#end = end;
    this.#clock = clock;
  }

  /**
   * Another card is on the page. Resolves to the answer for its part; null for a card that needs no hosts, or without one.
   * @param {string | null} address of the card's part
   * @returns {Promise<Answer | null>}
   */
  async show(address) {
    this.#shown = address;
    if (address === null) return null;
    const begun = this.#begun;
    this.#begun = null;
    const isFresh = begun !== null && begun.address === address && this.#clock.now() - begun.at < FRESH_MS;
    return (isFresh ? await begun.answer : null) ?? this.#ask(address);
  }

  /** The card on the page needs its hosts no more. */
  done() {
    this.#shown = null;
    this.#prepare();
  }

  /**
   * Which card comes after the one on the page; null for one that needs no hosts, or for none.
   * @param {string | null} address
   */
  comes(address) {
    this.#coming = address;
    this.#prepare();
  }

  /** The page is left. */
  leave() {
    this.#begun = null;
    if (!this.#holds) return;
    this.#holds = false;
    this.#end();
  }

  #prepare() {
    if (this.#shown !== null) return;
    if (this.#coming === null) return this.leave();
    if (this.#begun?.address === this.#coming) return;
    this.#begun = { address: this.#coming, answer: this.#ask(this.#coming), at: this.#clock.now() };
  }

  /** @param {string} address */
  #ask(address) {
    this.#holds = true;
    return this.#begin(address);
  }
}
