// What a program may not do to the page by what it prints. The emulator itself draws titles nowhere, and has no access to the
// clipboard (OSC 52). What is left to bound are counts: it would repeat a letter, or shift lines, two thousand million times.

/** @import { IFunctionIdentifier, ILinkHandler, Terminal } from "@xterm/xterm" */

const COUNTED = [..."@ILMPSTXZb"]; // insert and delete letters and lines, scroll, erase, tabs, repeat
const SHIFTED = ["@", "A"].map((final) => ({ intermediates: " ", final })); // whole columns
const COLUMNS = ["}", "~"].map((final) => ({ intermediates: "'", final }));
const REPEAT = "b";

/**
 * Leave out sequences with a count that no screen has use for.
 * @param {Terminal} terminal
 */
export function boundCounts(terminal) {
  const most = (/** @type {string} */ final) =>
    final === REPEAT ? terminal.cols : Math.max(terminal.rows, terminal.cols);
  /** @type {IFunctionIdentifier[]} */
  const ids = [...COUNTED.map((final) => ({ final })), ...SHIFTED, ...COLUMNS];
  for (const id of ids) terminal.parser.registerCsiHandler(id, ([count]) => Number(count) > most(id.final));
}

/**
 * Links (OSC 8): web addresses alone, with the real address shown, opened in a tab that knows nothing of this one.
 * @param {HTMLElement} screen
 * @returns {ILinkHandler}
 */
export function linksTo(screen) {
  return {
    allowNonHttpProtocols: false,
    activate: (_, address) => {
      window.open(address, "_blank", "noopener,noreferrer");
    },
    hover: (_, address) => {
      screen.title = address;
    },
    leave: () => screen.removeAttribute("title"),
  };
}
