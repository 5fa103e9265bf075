// Where words stand in a text, and which of the places is looked at. Knows no element.

export const HITS_MAX = 999; // marked at once: of a letter that is everywhere, more would take long and help nobody

/**
 * The places of what is sought, each with its begin and its end, in any case; any white space for a blank.
 * @param {string} text
 * @param {string} sought
 * @returns {[number, number][]}
 */
export function hitsIn(text, sought) {
  const words = sought.trim().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const pattern = new RegExp(words.map((word) => word.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")).join("\\s+"), "giu");
  /** @type {[number, number][]} */
  const hits = [];
  for (const { index, 0: found } of text.matchAll(pattern)) {
    if (hits.length === HITS_MAX) break;
    hits.push([index, index + found.length]);
  }
  return hits;
}

/** Which of some hits is looked at: from none to the first, and round. */
export class Walk {
  #count;
  #at = -1;

  /** @param {number} count */
  constructor(count) {
    this.#count = count;
  }

  /** The place of the hit that is looked at; -1 for none. */
  get at() {
    return this.#at;
  }

  /** @param {1 | -1} step */
  go(step) {
    if (this.#count === 0) return this.#at;
    const from = this.#at < 0 && step < 0 ? 0 : this.#at;
    this.#at = (from + step + this.#count) % this.#count;
    return this.#at;
  }

  /** What is said of it, such as "3 of 17". */
  get said() {
    if (this.#count === 0) return "not in this note";
    const all = this.#count === HITS_MAX ? `${HITS_MAX} or more` : `${this.#count}`;
    return this.#at < 0 ? all : `${this.#at + 1} of ${all}`;
  }
}
