// The cards of a sitting that are there before they are needed, and what is left of each pile. Knows no element.

/**
 * One card as the server sends it. What was done with it on this page since: by how much its version has grown, if it was
 * shown before, and the flag that it was given.
 * @typedef {{ card: string, pile: string, html: string, version?: number, flag?: number }} Coming
 */

/** @typedef {Record<string, number>} Piles the cards of each pile: new, learning, due, and later today */

export const REFILL_BELOW = 25; // half of what the server sends at a time

/** @param {Coming} card */
function isChanged({ version, flag }) {
  return version !== undefined || flag !== undefined;
}

export class Sitting {
  /** @type {Coming[]} */
  #coming;
  #shown;
  #rated = 0;
  /** @type {Map<string, number>} when each card was rated, counted in ratings */
  #ratedAt = new Map();
  /** @type {Set<string>} cards that wait until the others are done */
  #aside = new Set();
  #isAway;
  /** @type {Map<string, number>} by the pile's name, which the server gives */
  #left;

  /**
   * @param {Coming} shown the card on the page
   * @param {Piles} left
   * @param {{ coming?: Coming[], isAway?: boolean }} [was] of an earlier state
   */
  constructor(shown, left, { coming = [], isAway = false } = {}) {
    this.#shown = shown;
    this.#left = new Map(Object.entries(left));
    this.#coming = [...coming];
    this.#isAway = isAway;
  }

  get left() {
    return Object.fromEntries(this.#left);
  }

  get shown() {
    return this.#shown;
  }

  /** The card that comes after the shown one; undefined if none is here. */
  get upcoming() {
    return this.#coming[0];
  }

  /** Whether the shown card has been answered or put away, and only waits for the next one. */
  get isAway() {
    return this.#isAway;
  }

  /** The cards that are here, in order. */
  get coming() {
    return [...this.#coming];
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
   * @param {boolean} [knowsAll] whether the server had been sent all that was done here; if not, what was changed here stays
   */
  refill(cards, asked, knowsAll = true) {
    const own = new Map(this.#coming.filter(isChanged).map((one) => [one.card, one]));
    const left = cards
      .filter(({ card }) => card !== this.#shown.card && (this.#ratedAt.get(card) ?? Number.NEGATIVE_INFINITY) <= asked)
      .map((one) => (knowsAll ? one : (own.get(one.card) ?? one)));
    const waits = (/** @type {Coming} */ { card }) => Number(this.#aside.has(card));
    this.#coming = left.sort((one, other) => waits(one) - waits(other));
  }

  /** The shown card is to be answered after the others. */
  setAside() {
    this.#aside.add(this.#shown.card);
  }

  /** The shown card has been rated or put away: it leaves its pile. */
  rated() {
    this.#rated += 1;
    this.#ratedAt.set(this.#shown.card, this.#rated);
    this.#isAway = true;
    this.#move(this.#shown.pile, -1);
  }

  /** The server has said that a card comes back later today. */
  comesBack() {
    this.#move("later", 1);
  }

  /**
   * What was done with a card is taken back: show it again, and after it the one that was shown meanwhile.
   * @param {Coming} card
   * @param {{ wasAway: boolean, cameBack?: boolean | undefined }} how whether it had left its pile, and was to come back later today
   */
  back(card, { wasAway, cameBack = false }) {
    if (this.#shown.card !== card.card && !this.#isAway) this.#coming.unshift(this.#shown);
    this.#coming = this.#coming.filter((one) => one.card !== card.card);
    this.#show(card);
    this.#rated += 1;
    this.#ratedAt.delete(card.card);
    if (wasAway) this.#move(card.pile, 1);
    if (cameBack) this.#move("later", -1);
  }

  /**
   * The server has counted what is left.
   * @param {Piles} left
   */
  count(left) {
    this.#left = new Map(Object.entries(left));
  }

  /**
   * The shown card has been given a flag, or none with 0.
   * @param {number} flag
   */
  flagged(flag) {
    this.#shown = { ...this.#shown, flag };
  }

  /** The next card, which is shown from now on; undefined if there is none here. */
  next() {
    const next = this.#coming.shift();
    if (next) this.#show(next);
    return next;
  }

  /** @param {Coming} card */
  #show(card) {
    this.#shown = card;
    this.#isAway = false;
  }

  /**
   * @param {string} pile
   * @param {number} by
   */
  #move(pile, by) {
    this.#left.set(pile, Math.max((this.#left.get(pile) ?? 0) + by, 0));
  }
}
