// Keys that the page keeps from the shell: the way out, copy and paste. Everything else is the shell's.

/** @import { Terminal } from "@xterm/xterm" */
/** @typedef {Pick<KeyboardEvent, "ctrlKey" | "metaKey" | "shiftKey" | "key" | "code">} Pressed */

const SHIFT = { key: "Shift", keyCode: 16 }; // let go of any other key, xterm would take the focus back

/**
 * Give the terminal these keys; `leave` is called for the way out, Ctrl+Shift+full stop.
 *
 * Who leaves while a key is down lets go of it elsewhere. xterm 6 then takes the next text that comes without a key, as from
 * dictation or a table of emoji, for one that the key has sent, and drops it; so it is told when it is left.
 * @param {Terminal} terminal
 * @param {() => void} leave
 */
export function handleKeys(terminal, leave) {
  terminal.attachCustomKeyEventHandler((event) => {
    if (event.type !== "keydown" || event.altKey) return true;
    if (isWayOut(event)) {
      event.preventDefault();
      leave();
      return false;
    }
    if (isCopy(event) && (terminal.hasSelection() || event.shiftKey)) {
      event.preventDefault(); // with Shift a browser would open its own tools
      if (terminal.hasSelection()) copy(terminal);
      return false;
    }
    return !isPaste(event); // with Shift or without; then the browser pastes
  });
  terminal.textarea?.addEventListener("blur", ({ target }) => target?.dispatchEvent(new KeyboardEvent("keyup", SHIFT)));
}

/**
 * No shell has a use for it. The place of the key counts as well as what it prints, which differs by layout.
 * @param {Pressed} pressed
 */
export function isWayOut({ ctrlKey, shiftKey, key, code }) {
  return ctrlKey && shiftKey && (code === "Period" || key === "." || key === ">");
}

/**
 * Ctrl+C copies while something is selected, and interrupts otherwise. Ctrl+Shift+C only copies.
 * @param {Pressed} pressed
 */
export function isCopy({ ctrlKey, metaKey, key }) {
  return (ctrlKey || metaKey) && key.toLowerCase() === "c";
}

/** @param {Pressed} pressed */
export function isPaste({ ctrlKey, metaKey, key }) {
  return (ctrlKey || metaKey) && key.toLowerCase() === "v";
}

/**
 * What Ctrl held with a key sends: for `c` the byte 3. A text that is no such key stays as it is.
 * @param {string} text
 */
export function withControl(text) {
  const key = text.toUpperCase();
  return key.length === 1 && key >= "@" && key <= "_" ? String.fromCharCode(key.charCodeAt(0) & 0x1f) : text;
}

/** @param {Terminal} terminal */
function copy(terminal) {
  const text = terminal.getSelection();
  terminal.clearSelection();
  if (navigator.clipboard) navigator.clipboard.writeText(text).catch(() => copyByEvent(text));
  else copyByEvent(text);
}

/**
 * Over plain http beyond loopback there is no clipboard object; the copy command still works there.
 * @param {string} text
 */
function copyByEvent(text) {
  const put = (/** @type {ClipboardEvent} */ event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    event.clipboardData?.setData("text/plain", text);
  };
  document.addEventListener("copy", put, { capture: true, once: true });
  document.execCommand("copy");
  document.removeEventListener("copy", put, { capture: true });
}
