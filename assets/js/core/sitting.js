// The cards of a sitting that are there before they are needed, and what is left of each pile. Knows no element.

/** @typedef {{ card: string, pile: string, html: string }} Coming one card as the server sends it */

/** @typedef {Record<string, number>} Piles the cards of each pile: new, learning, due, and later today */

export const REFILL_BELOW = 25; // half of what the server sends at a time

export class Sitting {
  /** @type {Coming[]} */
  #coming = [];
  #shown;
  #rated = 0;
  /** @type {Map<string, number>} when each card was rated, counted in ratings */
  #ratedAt = new Map();
  /** @type {Set<string>} cards that wait until the others are done */
  #aside = new Set();
  #left;

  /**
   * @param {{ card: string, pile: string }} shown the card on the page
   * @param {Piles} left
   */
  constructor(shown, left) {
    this.#shown = shown;
    this.#left = { ...left };
  }

  get left() {
    return { ...this.#left };
  }

  get shown() {
    return this.#shown;
  }

  /** The card that comes after the shown one; undefined if none is here. */
  get upcoming() {
    return this.#coming[0];
  }

  /** Whether it is time to ask the server for the cards that come. */
  get runsLow() {
    return this.#coming.length < REFILL_BELOW;
  }

  /** A mark of this moment, for `refill`. */
  get moment() {
    return this.#rated;
  }

  /**
   * Take what the server sent in place of what was there, but for the card that is shown and those rated since it was asked.
   * @param {Coming[]} cards
   * @param {number} asked the `moment` at which it was asked
   */
  refill(cards, asked) {
    const left = cards.filter(
      ({ card }) => card !== this.#shown.card && (this.#ratedAt.get(card) ?? Number.NEGATIVE_INFINITY) <= asked,
    );
    const waits = (/** @type {Coming} */ { card }) => Number(this.#aside.has(card));
    this.#coming = left.sort((one, other) => waits(one) - waits(other));
  }

  /** The shown card is to be answered after the others. */
  setAside() {
    this.#aside.add(this.#shown.card);
  }

  /** The shown card has been rated: it leaves its pile. */
  rated() {
    this.#rated += 1;
    this.#ratedAt.set(this.#shown.card, this.#rated);
    this.#move(this.#shown.pile, -1);
  }

  /** The server has said that a card comes back later today. */
  comesBack() {
    this.#move("later", 1);
  }

  /** The next card, which is shown from now on; undefined if there is none here. */
  next() {
    const next = this.#coming.shift();
    if (next) this.#shown = next;
    return next;
  }

  /**
   * @param {string} pile
   * @param {number} by
   */
  #move(pile, by) {
    this.#left[pile] = Math.max((this.#left[pile] ?? 0) + by, 0);
  }
}
