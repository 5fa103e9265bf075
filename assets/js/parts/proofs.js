// The script of cards that are answered by one command, fetched once such a card is on the page or comes next: most sittings
// have none. Until it is here, and where it cannot be had, the card's link to its lab does.

/** @import { Proved } from "./proof.js" */

const MARK = "[data-proof]";
const MARKED = "data-proof="; // the same in a card's text

/**
 * @param {HTMLElement} place where the cards of the sitting are shown
 * @param {{ rated: (rated: Proved) => void, shownAt: () => number }} page as `proof.js` has it
 */
export function proofs(place, page) {
  /** @type {Promise<ReturnType<typeof import("./proof.js").proofs> | null> | null} */
  let fetched = null;
  const needed = () => {
    fetched ??= import("./proof.js").then(
      (script) => script.proofs(place, page),
      () => null, // asked for anew with the next page: the browser keeps that it failed
    );
  };
  return {
    /** Another card is on the page. */
    shown() {
      if (place.querySelector(MARK)) needed();
      fetched?.then((cards) => cards?.shown());
    },
    /** @param {string | undefined} html the card that comes next */
    comes(html) {
      if (html?.includes(MARKED)) needed();
      fetched?.then((cards) => cards?.comes(html));
    },
  };
}
