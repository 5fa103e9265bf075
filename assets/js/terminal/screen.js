// A terminal on its page: letters, colours and links, the same for a learner and for who looks on.
import { Terminal } from "@xterm/xterm";
import { recall } from "../parts/cookies.js";
import { boundCounts, linksTo } from "./bounds.js";
import { setStylesOfSpans, withoutStyleElements } from "./styles.js";
import { followTheme, themeOf } from "./theme.js";

/** @import { ITerminalOptions } from "@xterm/xterm" */

export const FONT_PX = 14;
const FONT = '"JetBrains Mono Variable"';
const LEAST_CONTRAST = 4.5; // WCAG 1.4.3: programs choose their own colours

/** What a page needs before its first terminal: without the font letters would be measured in another one. */
export async function prepare() {
  setStylesOfSpans();
  await document.fonts.load(`${FONT_PX}px ${FONT}`).catch(() => []);
}

/**
 * A new terminal on a screen, in the screen's colours until `life` aborts.
 * @param {HTMLElement} screen
 * @param {ITerminalOptions} own what it has otherwise than other terminals
 * @param {AbortSignal} life
 */
export function terminalOn(screen, own, life) {
  const terminal = new Terminal({
    fontFamily: `${FONT}, ui-monospace, monospace`,
    fontSize: FONT_PX,
    lineHeight: 1.2,
    cursorBlink: false,
    minimumContrastRatio: LEAST_CONTRAST,
    screenReaderMode: recall("reader") === "on",
    linkHandler: linksTo(screen),
    logLevel: "off", // it would log each sequence that makes no sense, and noise is full of them
    theme: themeOf(screen),
    ...own,
  });
  boundCounts(terminal);
  withoutStyleElements(() => terminal.open(screen));
  followTheme(() => {
    terminal.options.theme = themeOf(screen);
  }, life);
  return terminal;
}
