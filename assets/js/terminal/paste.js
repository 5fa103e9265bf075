// Pasting: what is pasted has no control characters, and several lines are asked about first where each would run at once.
import { required } from "../parts/dom.js";

/** @import { Terminal } from "@xterm/xterm" */

// All but tab and the ends of lines: an escape could end a bracketed paste.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const CONTROL = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/g;

/**
 * `text` as it may be pasted, and how many lines it has.
 * @param {string} text
 */
export function cleaned(text) {
  const clean = text.replace(CONTROL, "");
  return { text: clean, lines: clean.trimEnd().split(/\r\n?|\n/).length };
}

/**
 * Paste into `terminal`, asking by the `dialog` first where the program at work does not tell a paste from typing.
 * @param {Terminal} terminal
 * @param {HTMLElement} screen
 * @param {HTMLDialogElement} dialog that all terminals of the page share
 * @param {AbortSignal} life
 */
export function handlePaste(terminal, screen, dialog, life) {
  let waiting = "";
  screen.addEventListener("paste", take, { capture: true });
  dialog.addEventListener("close", answer, { signal: life });

  /** @param {ClipboardEvent} event */
  function take(event) {
    event.preventDefault();
    event.stopImmediatePropagation();
    const { text, lines } = cleaned(event.clipboardData?.getData("text/plain") ?? "");
    if (lines === 1 || terminal.modes.bracketedPasteMode) {
      terminal.paste(text);
      return;
    }
    waiting = text;
    required("[data-lines]", HTMLElement, dialog).textContent = String(lines);
    dialog.returnValue = "";
    dialog.showModal();
  }

  function answer() {
    if (waiting === "") return; // another terminal has asked
    if (dialog.returnValue === "paste") terminal.paste(waiting);
    waiting = "";
    terminal.focus();
  }
}
