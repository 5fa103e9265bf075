// The terminal of a lab's host: xterm.js on the page, a WebSocket to the server. Only the lab page loads this.
import { FitAddon } from "@xterm/addon-fit";
import { Terminal } from "@xterm/xterm";
import { recall, remember } from "./parts/cookies.js";
import { all, find, lifeOf, required } from "./parts/dom.js";
import { boundCounts, linksTo } from "./terminal/bounds.js";
import { connect } from "./terminal/connect.js";
import { handleKeys } from "./terminal/keys.js";
import { handlePaste } from "./terminal/paste.js";
import { followTheme, themeOf } from "./terminal/theme.js";

/** @import { Line } from "./terminal/line.js" */

const FONT = '"JetBrains Mono Variable"';
const FONT_PX = 14;
const SCROLLBACK_LINES = 5000; // a long `docker logs`; more would only cost memory
const LEAST_CONTRAST = 4.5; // WCAG 1.4.3: programs choose their own colours

await document.fonts.load(`${FONT_PX}px ${FONT}`).catch(() => []); // or letters would be measured in the fallback
for (const screen of all("[data-terminal-url]", HTMLElement)) start(screen);

/** @param {HTMLElement} screen */
function start(screen) {
  const { terminalUrl = "", terminalName, terminalWayOut, terminalExit = "", terminalPaste } = screen.dataset;
  const life = lifeOf(screen);
  const terminal = makeTerminal(screen, life);
  terminal.textarea?.setAttribute("aria-label", `${terminalName}. ${terminalWayOut}`);
  const line = connect(terminal, terminalUrl, (text) => tell(screen, text), life);
  handleKeys(terminal, () => find(terminalExit, HTMLElement)?.focus());
  handlePaste(terminal, screen, required(`#${terminalPaste}`, HTMLDialogElement));
  offerReaderMode(terminal);
  offerKeys(terminal, line);
  life.addEventListener("abort", () => terminal.dispose());
}

/**
 * The emulator on its screen, of the screen's size and colours until `life` aborts.
 * @param {HTMLElement} screen
 * @param {AbortSignal} life
 */
function makeTerminal(screen, life) {
  const terminal = new Terminal({
    fontFamily: `${FONT}, ui-monospace, monospace`,
    fontSize: FONT_PX,
    lineHeight: 1.2,
    cursorBlink: false,
    reflowCursorLine: true, // or a narrower window cuts off the line that is being typed (off by default in xterm 6)
    scrollback: SCROLLBACK_LINES,
    minimumContrastRatio: LEAST_CONTRAST,
    screenReaderMode: recall("reader") === "on",
    linkHandler: linksTo(screen),
    logLevel: "off", // it would log each sequence that makes no sense, and noise is full of them
    theme: themeOf(screen),
  });
  boundCounts(terminal);
  const fit = new FitAddon();
  terminal.loadAddon(fit);
  terminal.open(screen);
  const sizes = new ResizeObserver(() => fit.fit());
  sizes.observe(screen); // also when a phone's tab shows it for the first time
  life.addEventListener("abort", () => sizes.disconnect());
  fit.fit();
  followTheme(() => {
    terminal.options.theme = themeOf(screen);
  }, life);
  return terminal;
}

/**
 * Say in the terminal's bar how the line is; the element is live, so it is read out.
 * @param {HTMLElement} screen
 * @param {string} text
 */
function tell(screen, text) {
  const state = screen.closest(".terminal-frame")?.querySelector(".terminal-state");
  if (state && state.textContent !== text) state.textContent = text;
}

/** @param {Terminal} terminal */
function offerReaderMode(terminal) {
  for (const box of all("[data-terminal-reader]", HTMLInputElement)) {
    box.checked = terminal.options.screenReaderMode ?? false;
    box.addEventListener("change", () => {
      terminal.options.screenReaderMode = box.checked;
      remember("reader", box.checked ? "on" : "off");
    });
  }
}

/**
 * Keys that a phone's keyboard lacks.
 * @param {Terminal} terminal
 * @param {Line} line
 */
function offerKeys(terminal, line) {
  for (const button of all("[data-terminal-key]", HTMLButtonElement)) {
    button.addEventListener("click", () => {
      line.type(JSON.parse(`"${button.dataset.terminalKey}"`));
      terminal.focus();
    });
  }
}
