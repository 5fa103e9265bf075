// What a program may not do to the page by what it prints. The emulator itself draws titles nowhere, and has no access to the
// clipboard (OSC 52); left to bound are counts, since it would repeat a letter, or shift lines, two thousand million times.
const COUNTED = [..."@ILMPSTXZb"]; // insert and delete letters and lines, scroll, erase, tabs, repeat
const SHIFTED = [{ intermediates: " ", final: "@" }, { intermediates: " ", final: "A" }]; // whole columns
const COLUMNS = [{ intermediates: "'", final: "}" }, { intermediates: "'", final: "~" }];
const REPEAT = "b";

/** Leave out sequences with a count that no screen has use for. */
export function boundCounts(terminal) {
  const most = (final) => (final === REPEAT ? terminal.cols : Math.max(terminal.rows, terminal.cols));
  for (const id of [...COUNTED.map((final) => ({ final })), ...SHIFTED, ...COLUMNS]) {
    terminal.parser.registerCsiHandler(id, ([count]) => count > most(id.final));
  }
}

/** Links (OSC 8): web addresses alone, with the real address shown, opened in a tab that knows nothing of this one. */
export function linksTo(screen) {
  return {
    allowNonHttpProtocols: false,
    activate: (_, address) => window.open(address, "_blank", "noopener,noreferrer"),
    hover: (_, address) => (screen.title = address),
    leave: () => screen.removeAttribute("title"),
  };
}
