// What the review page decides: which card comes next, whether a key means to go on, and whether a press came too soon to
// be meant. Knows no element.

// From showing an answer to rating it by the same key or at the same place: a double click takes up to half a second, but
// who reads answers at a glance rates after a third of one.
export const TOO_SOON_MS = 250;

/**
 * The address of the next card that has no answer waiting in the outbox.
 * @param {string} address where cards are shown, in this sitting
 * @param {{ fields: Record<string, string> }[]} waiting
 */
export function nextCard(address, waiting) {
  const skipped = waiting.map(({ fields }) => ["skip", fields.card]);
  if (skipped.length === 0) return address;
  return `${address}${address.includes("?") ? "&" : "?"}${new URLSearchParams(skipped)}`;
}

/**
 * Whether a key press means to go on: Enter, or Space unless single keys are off, without a modifier and not yet used up.
 * @param {Pick<KeyboardEvent, "key" | "defaultPrevented" | "repeat" | "ctrlKey" | "metaKey" | "altKey">} event
 * @param {boolean} singleKeys
 */
export function meansGoOn(event, singleKeys) {
  if (event.defaultPrevented || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return false;
  return event.key === "Enter" || (event.key === " " && singleKeys);
}
