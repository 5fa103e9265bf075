// The terminal of a lab's host: xterm.js on the page, a WebSocket to the server. Only the lab page loads this.
import { Terminal } from "@xterm/xterm";
import { FitAddon } from "@xterm/addon-fit";
import { recall, remember } from "./parts/cookies.js";
import { boundCounts, linksTo } from "./terminal/bounds.js";
import { handleKeys } from "./terminal/keys.js";
import { connect } from "./terminal/line.js";
import { handlePaste } from "./terminal/paste.js";
import { followTheme, themeOf } from "./terminal/theme.js";

const FONT = '"JetBrains Mono Variable"';
const FONT_PX = 14;
const SCROLLBACK_LINES = 5000; // a long `docker logs`; more would only cost memory
const LEAST_CONTRAST = 4.5; // WCAG 1.4.3: programs choose their own colours

await document.fonts.load(`${FONT_PX}px ${FONT}`).catch(() => []); // or letters would be measured in the fallback
for (const screen of document.querySelectorAll("[data-terminal-url]")) start(screen);

function start(screen) {
  const terminal = new Terminal({
    fontFamily: `${FONT}, ui-monospace, monospace`,
    fontSize: FONT_PX,
    lineHeight: 1.2,
    cursorBlink: false,
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
  terminal.textarea.setAttribute("aria-label", `${screen.dataset.terminalName}. ${screen.dataset.terminalWayOut}`);
  new ResizeObserver(() => fit.fit()).observe(screen); // also when a phone's tab shows it for the first time
  fit.fit();
  followTheme(() => (terminal.options.theme = themeOf(screen)));

  const line = connect(terminal, screen.dataset.terminalUrl, (text) => tell(screen, text));
  handleKeys(terminal, () => document.querySelector(screen.dataset.terminalExit)?.focus());
  handlePaste(terminal, screen, document.getElementById(screen.dataset.terminalPaste));
  offerReaderMode(terminal);
  offerKeys(terminal, line);
}

/** Say in the terminal's bar how the line is; the element is live, so it is read out. */
function tell(screen, text) {
  const state = screen.closest(".terminal-frame").querySelector(".terminal-state");
  if (state.textContent !== text) state.textContent = text;
}

function offerReaderMode(terminal) {
  for (const box of document.querySelectorAll("[data-terminal-reader]")) {
    box.checked = terminal.options.screenReaderMode;
    box.addEventListener("change", () => {
      terminal.options.screenReaderMode = box.checked;
      remember("reader", box.checked ? "on" : "off");
    });
  }
}

/** Keys that a phone's keyboard lacks. */
function offerKeys(terminal, line) {
  for (const button of document.querySelectorAll("[data-terminal-key]")) {
    button.addEventListener("click", () => {
      line.type(JSON.parse(`"${button.dataset.terminalKey}"`));
      terminal.focus();
    });
  }
}
