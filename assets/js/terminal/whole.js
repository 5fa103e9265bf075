// A part of the page over all of it. Not the browser's own full screen: Escape would leave that, and vim needs Escape.

const LEAVES_ALONE = "dialog, script, style, link";

/**
 * Let `button` show `part` over the whole page, and put it back. What stands behind it cannot be reached meanwhile.
 * @param {HTMLElement} part
 * @param {HTMLButtonElement} button
 * @param {AbortSignal} life
 */
export function offerWhole(part, button, life) {
  /** @type {HTMLElement[]} */
  let behind = [];
  button.addEventListener("click", () => (behind.length > 0 ? leave() : enter()));
  life.addEventListener("abort", leave);

  function enter() {
    behind = besideAllOf(part).filter((element) => !element.inert);
    for (const element of behind) element.inert = true;
    part.popover = "manual"; // in the top layer, above bars that are stuck to an edge
    part.showPopover();
    button.setAttribute("aria-pressed", "true");
  }

  function leave() {
    for (const element of behind) element.inert = false;
    behind = [];
    part.popover = null;
    button.setAttribute("aria-pressed", "false");
  }
}

/**
 * The elements beside `part` and beside each element round it.
 * @param {HTMLElement} part
 * @returns {HTMLElement[]}
 */
function besideAllOf(part) {
  const round = part.parentElement;
  if (!round || part === document.body) return [];
  const beside = [...round.children].flatMap((each) => (each instanceof HTMLElement && each !== part ? [each] : []));
  return [...beside.filter((each) => !each.matches(LEAVES_ALONE)), ...besideAllOf(round)];
}
