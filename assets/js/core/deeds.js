// What was done in a sitting, and what the outbox holds of it: which cards are away meanwhile. Knows no element.

/** @import { Entry } from "./outbox.js" */
/** @import { Coming } from "./sitting.js" */

/** What can be done with a card and waits in the outbox. @typedef {"rating" | "bury" | "suspend" | "flag" | "undo"} Kind */

/**
 * Something done to the card that was shown. `id` is the one that the server knows it by, `text` what is said once it is
 * taken back, `flag` the flag that the card had before, if that was changed.
 * @typedef {{ id: string, kind: Kind, card: Coming, text: string, isApart?: boolean, cameBack?: boolean, flag?: number }} Done
 */

const STAYS = ["flag"]; // kinds after which the card is still the one to answer
const RATED_AND_UNDONE = 2; // by how much a card's version has grown on the server then

/**
 * The entries by which a card is out of the queue although the server may not know it yet, one for each such deed.
 * @param {Entry[]} held in the order in which they were kept
 */
export function takenAway(held) {
  const undone = new Set(held.flatMap(({ undoes }) => undoes ?? []));
  return held.filter(({ id, kind = "rating" }) => kind !== "undo" && !STAYS.includes(kind) && !undone.has(id));
}

/** The things done on a page, of which the last one is taken back first. */
export class DoneHere {
  /** @type {Done[]} */
  #done;
  #isAny;

  /** @param {Done[]} [done] from an earlier state of the page, in order */
  constructor(done = []) {
    this.#done = [...done];
    this.#isAny = done.length > 0;
  }

  /** Whether anything was done since the page was opened, taken back since or not. */
  get isAny() {
    return this.#isAny;
  }

  get all() {
    return [...this.#done];
  }

  /** @param {Done} done */
  add(done) {
    this.#isAny = true;
    this.#done.push(done);
  }

  /**
   * The server has said that a card which was rated comes back later today. False if that was taken back meanwhile.
   * @param {string} id
   */
  cameBack(id) {
    const rated = this.#done.find((done) => done.id === id);
    if (rated) rated.cameBack = true;
    return rated !== undefined;
  }

  /**
   * The server has said that it will never take this.
   * @param {string} id
   */
  forget(id) {
    this.#done = this.#done.filter((done) => done.id !== id);
  }

  /** Something was done on the server, which alone can take it back, and what was done before it after that. */
  clear() {
    this.#isAny = true;
    this.#done = [];
  }

  /** What was done last, if anything is left. */
  get last() {
    return this.#done.at(-1);
  }

  /** Take back what was done last; returns the card as it is to be shown again. */
  takeBack() {
    const last = this.#done.pop();
    if (!last) return undefined;
    const { card, kind, isApart, flag } = last;
    const grown = kind === "rating" && !isApart ? RATED_AND_UNDONE : 0;
    const version = (card.version ?? 0) + grown;
    return { ...card, version, ...(flag === undefined ? {} : { flag }) };
  }
}
