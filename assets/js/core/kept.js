// What is kept of a sitting in the browser, so that it goes on after a reload without a connection. Knows no storage.
// The cards' texts are kept apart from the rest, which changes with each answer and is a hundred times smaller.
import { DoneHere, takenAway } from "./deeds.js";
import { Sitting } from "./sitting.js";

/** @import { Done } from "./deeds.js" */
/** @import { Entry } from "./outbox.js" */
/** @import { Coming, Piles } from "./sitting.js" */

/** @typedef {Omit<Coming, "html">} Slim a card without its text */
/** @typedef {Record<string, string>} Texts the HTML of cards, by their ids */

/**
 * `address` and `more` are where the sitting's cards are shown and had.
 * @typedef {object} State
 * @property {number} format
 * @property {string} address
 * @property {string} more
 * @property {Slim} shown
 * @property {boolean} isAway
 * @property {Slim[]} coming
 * @property {Piles} left
 * @property {(Omit<Done, "card"> & { card: Slim })[]} done
 */

const FORMAT = 1; // another version of the product reads what it knows, and nothing else
const STEPS = 50; // that can be taken back after a reload; as many as there are cards

/**
 * @param {{ sitting: Sitting, done: DoneHere }} review
 * @param {{ address: string, more: string }} where
 * @returns {State}
 */
export function stateOf({ sitting, done }, where) {
  return {
    ...where,
    format: FORMAT,
    shown: slim(sitting.shown),
    isAway: sitting.isAway,
    coming: sitting.coming.map(slim),
    left: sitting.left,
    done: done.all.slice(-STEPS).map((one) => ({ ...one, card: slim(one.card) })),
  };
}

/**
 * The texts of all cards that may be shown, without the tokens in their forms, which belong to one sign-in.
 * @param {{ sitting: Sitting, done: DoneHere }} review
 * @returns {Texts}
 */
export function textsOf({ sitting, done }) {
  const cards = [...done.all.slice(-STEPS).map(({ card }) => card), ...sitting.coming, sitting.shown];
  return Object.fromEntries(cards.map(({ card, html }) => [card, withoutTokens(html)]));
}

/**
 * The sitting as it was, but for cards that are rated or put away by what the outbox holds; null for what cannot be read.
 * @param {State | null} state
 * @param {Texts | null} texts
 * @param {Entry[]} held
 */
export function restored(state, texts, held) {
  if (state?.format !== FORMAT || !texts || texts[state.shown.card] === undefined) return null;
  const whole = (/** @type {Slim} */ card) => ({ ...card, html: texts[card.card] });
  const isThere = (/** @type {Slim} */ { card }) => texts[card] !== undefined;
  const away = new Set(takenAway(held).map(({ fields }) => fields.card));
  const sitting = new Sitting(whole(state.shown), state.left, {
    coming: state.coming.filter((card) => isThere(card) && !away.has(card.card)).map(whole),
    isAway: state.isAway || away.has(state.shown.card),
  });
  const done = state.done.filter(({ card }) => isThere(card)).map((one) => ({ ...one, card: whole(one.card) }));
  return { sitting, done: new DoneHere(done), address: state.address, more: state.more };
}

/** @param {Coming} card */
function slim({ html, ...rest }) {
  return rest;
}

/** @param {string} html */
function withoutTokens(html) {
  return html.replaceAll(/(name="csrf_token" value=")[^"]*"/g, '$1"');
}
