// The terminals of a lab's host: xterm.js on the page, a WebSocket to the server. Only the lab page loads this.
import { FitAddon } from "@xterm/addon-fit";
import { recall, remember } from "./parts/cookies.js";
import { all, elementOf, find, lifeOf, required } from "./parts/dom.js";
import { connect, shellKey } from "./terminal/connect.js";
import { handleKeys, withControl } from "./terminal/keys.js";
import { handlePaste } from "./terminal/paste.js";
import { FONT_PX, prepare, terminalOn } from "./terminal/screen.js";
import { MOST, Tabs } from "./terminal/tabs.js";
import { offerWhole } from "./terminal/whole.js";

/** @import { Terminal } from "@xterm/xterm" */
/** @import { Line } from "./terminal/line.js" */
/** @typedef {{ terminal: Terminal, fit: FitAddon, line: Line, shown: () => void, close: () => void }} Shown */

const LEAST_PX = 10; // smaller letters cannot be told apart
const MOST_PX = 28; // 40 columns at 700 pixels
const STEP_PX = 2;
const SCROLLBACK_LINES = 5000; // a long `docker logs`; more would only cost memory

await prepare();
for (const screen of all("[data-terminal-url]", HTMLElement)) whenSeen(screen);

/**
 * Start the terminals of a screen once it is seen: on a phone it is in a tab, and what a shell prints before its width is
 * known breaks inside words.
 * @param {HTMLElement} screen
 */
function whenSeen(screen) {
  if (screen.clientWidth > 0) return start(screen);
  const sizes = new ResizeObserver(() => {
    if (screen.clientWidth === 0) return;
    sizes.disconnect();
    start(screen);
  });
  sizes.observe(screen);
  lifeOf(screen).addEventListener("abort", () => sizes.disconnect());
}

/** @param {HTMLElement} screen */
function start(screen) {
  const frame = required(".terminal-frame", HTMLElement);
  const url = screen.dataset.terminalUrl ?? "";
  const state = required(".terminal-state", HTMLElement, frame);
  const control = required("[data-terminal-control]", HTMLButtonElement);
  const life = lifeOf(screen);
  const waiting = [...Array(MOST).keys()].slice(1).map((place) => place + 1);
  const kept = waiting.filter((number) => sessionStorage.getItem(shellKey(url, number)) !== null);
  const tabs = new Tabs({
    list: required("[data-terminal-tabs]", HTMLElement, frame),
    more: required("[data-terminal-more]", HTMLButtonElement, frame),
    less: required("[data-terminal-less]", HTMLButtonElement, frame),
    first: screen,
    open: (on, number) => open(on, { url, number, state, control, life }),
  });
  for (const number of kept) tabs.add(number);
  if (kept.length > 0) tabs.show(0);
  offerReaderMode(tabs);
  offerKeys(tabs, control);
  offerSizes(tabs, frame);
  leaveFocus(frame);
  offerWhole(frame, required("[data-terminal-whole]", HTMLButtonElement, frame), life);
  goOnIn(tabs);
}

/**
 * A terminal on its screen, until it is closed or the page's terminals end.
 * @param {HTMLElement} screen
 * @param {{ url: string, number: number, state: HTMLElement, control: HTMLButtonElement, life: AbortSignal }} parts
 * @returns {Shown}
 */
function open(screen, { url, number, state, control, life: pageLife }) {
  const { terminalName, terminalWayOut, terminalExit = "", terminalPaste } = screen.dataset;
  const own = new AbortController();
  const life = own.signal;
  pageLife.addEventListener("abort", () => own.abort(), { signal: life });
  const { terminal, fit } = makeTerminal(screen, life);
  terminal.textarea?.setAttribute("aria-label", `${terminalName}. ${terminalWayOut}`);
  let said = "";
  const tell = (/** @type {string} */ text) => {
    said = text;
    if (!screen.hidden && state.textContent !== text) state.textContent = text; // it is live, so it is read out
  };
  const typed = (/** @type {string} */ text) => {
    if (control.ariaPressed !== "true") return text;
    control.ariaPressed = "false";
    return withControl(text);
  };
  const line = connect(terminal, url, number, tell, typed, life);
  handleKeys(terminal, () => leave(screen, terminalExit));
  handlePaste(terminal, screen, required(`#${terminalPaste}`, HTMLDialogElement), life);
  life.addEventListener("abort", () => terminal.dispose());
  const shown = () => {
    state.textContent = said;
    terminal.focus();
  };
  const close = () => {
    line.forget();
    own.abort();
  };
  return { terminal, fit, line, shown, close };
}

/**
 * The emulator on its screen, of the screen's size and colours until `life` aborts.
 * @param {HTMLElement} screen
 * @param {AbortSignal} life
 */
function makeTerminal(screen, life) {
  const own = {
    fontSize: sizeOfLetters(),
    reflowCursorLine: true, // or a narrower window cuts off the line that is being typed (off by default in xterm 6)
    scrollback: SCROLLBACK_LINES,
  };
  const terminal = terminalOn(screen, own, life);
  const fit = new FitAddon();
  terminal.loadAddon(fit);
  const sizes = new ResizeObserver(() => fit.fit());
  sizes.observe(screen); // also when a tab shows it for the first time
  life.addEventListener("abort", () => sizes.disconnect());
  fit.fit();
  return { terminal, fit };
}

/** The size of the terminal's letters in this browser, in pixels. */
function sizeOfLetters() {
  const size = Number(recall("terminal-size"));
  return size >= LEAST_PX && size <= MOST_PX ? size : FONT_PX;
}

/** @param {Tabs<Shown>} tabs */
function offerReaderMode(tabs) {
  for (const box of all("[data-terminal-reader]", HTMLInputElement)) {
    box.checked = tabs.current.terminal.options.screenReaderMode ?? false;
    box.addEventListener("change", () => {
      for (const { terminal } of tabs.all) terminal.options.screenReaderMode = box.checked;
      remember("reader", box.checked ? "on" : "off");
    });
  }
}

/**
 * Keys that a phone's keyboard lacks. Ctrl holds for the next key.
 * @param {Tabs<Shown>} tabs
 * @param {HTMLButtonElement} control
 */
function offerKeys(tabs, control) {
  for (const button of all("[data-terminal-key]", HTMLButtonElement)) {
    button.addEventListener("click", () => {
      tabs.current.line.type(JSON.parse(`"${button.dataset.terminalKey}"`));
      tabs.current.terminal.focus();
    });
  }
  control.addEventListener("click", () => {
    control.ariaPressed = control.ariaPressed === "true" ? "false" : "true";
    tabs.current.terminal.focus();
  });
}

/**
 * Smaller and larger letters, kept in this browser.
 * @param {Tabs<Shown>} tabs
 * @param {HTMLElement} frame
 */
function offerSizes(tabs, frame) {
  for (const button of all("[data-terminal-size]", HTMLButtonElement, frame)) {
    button.addEventListener("click", () => {
      const size = sizeOfLetters() + STEP_PX * Number(button.dataset.terminalSize);
      if (size < LEAST_PX || size > MOST_PX) return;
      remember("terminal-size", String(size));
      for (const { terminal, fit } of tabs.all) {
        terminal.options.fontSize = size;
        fit.fit();
      }
    });
  }
}

/**
 * Whoever types in a terminal and changes its letters or its size by the mouse types on.
 * @param {HTMLElement} frame
 */
function leaveFocus(frame) {
  frame.addEventListener("mousedown", (event) => {
    const isSize = elementOf(event)?.closest("[data-terminal-size], [data-terminal-whole]");
    if (isSize && document.activeElement?.closest(".terminal-screen")) event.preventDefault();
  });
}

/**
 * Go on in the terminal if the page was drawn anew because its host is ready, and nothing else has the focus.
 * @param {Tabs<Shown>} tabs
 */
function goOnIn(tabs) {
  const isAwaited = sessionStorage.getItem("host awaited") === location.pathname;
  sessionStorage.removeItem("host awaited");
  if (!isAwaited || document.activeElement !== document.body) return;
  tabs.current.terminal.focus();
  // With the keys of a phone below it, which the bar at the bottom of the page would cover.
  tabs.current.terminal.element?.closest(".terminal-frame")?.scrollIntoView({ block: "nearest" });
}

/**
 * Put the focus on what comes after the terminal. After a pass there may be nothing left to do, and in full screen all but
 * the terminal's own frame is inert: then on the link to the result, or on the button that makes the frame small again.
 * @param {HTMLElement} screen
 * @param {string} exit
 */
function leave(screen, exit) {
  for (const way of [exit, "[data-lab-passed] a", "[data-terminal-whole]"]) {
    find(way, HTMLElement)?.focus();
    if (!screen.contains(document.activeElement)) return;
  }
}
