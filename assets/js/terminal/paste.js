// Pasting: what is pasted has no control characters, and several lines are asked about first where each would run at once.
const CONTROL = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/g; // all but tab and the ends of lines; an escape could end a bracketed paste

/** Paste into `terminal`, asking by the `dialog` first where the program at work does not tell a paste from typing. */
export function handlePaste(terminal, screen, dialog) {
  let waiting = "";
  screen.addEventListener("paste", take, { capture: true });
  dialog.addEventListener("close", answer);

  function take(event) {
    event.preventDefault();
    event.stopImmediatePropagation();
    const text = (event.clipboardData?.getData("text/plain") ?? "").replace(CONTROL, "");
    const lines = text.trimEnd().split(/\r\n?|\n/).length;
    if (lines === 1 || terminal.modes.bracketedPasteMode) {
      terminal.paste(text);
      return;
    }
    waiting = text;
    dialog.querySelector("[data-lines]").textContent = lines;
    dialog.returnValue = "";
    dialog.showModal();
  }

  function answer() {
    if (dialog.returnValue === "paste") terminal.paste(waiting);
    waiting = "";
    terminal.focus();
  }
}
