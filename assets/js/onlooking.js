// A learner's terminal as a teacher sees it: xterm.js that takes no keys, and a WebSocket on which nothing is sent.
import { remember } from "./parts/cookies.js";
import { lifeOf, required } from "./parts/dom.js";
import { prepare, terminalOn } from "./terminal/screen.js";

/** @import { Terminal } from "@xterm/xterm" */

const SCROLLBACK_LINES = 1000;
const MOST_ROWS = 200; // as the server bounds the learner's window
const MOST_COLUMNS = 500;
const SIZE = 8; // of CSI 8 ; rows ; columns t: the learner's window has another size
const AGAIN_MS = 5000;
const MOST_REFUSED = 3; // times in a row that nothing was said: then the learner has ended it
const MOST_UNSHOWN_BYTES = 1024 * 1024; // received and not drawn yet; what comes beyond it is begun anew

await prepare();
start(required("[data-onlooker-url]", HTMLElement));

/** @param {HTMLElement} screen */
function start(screen) {
  const state = required(".terminal-state", HTMLElement);
  const terminal = terminalOn(screen, { disableStdin: true, scrollback: SCROLLBACK_LINES }, lifeOf(screen));
  terminal.parser.registerCsiHandler({ final: "t" }, ([kind, rows, columns]) => {
    if (kind === SIZE) terminal.resize(within(columns, MOST_COLUMNS), within(rows, MOST_ROWS));
    return true;
  });
  terminal.textarea?.setAttribute("aria-label", screen.dataset.onlookerName ?? "");
  offerReader(terminal);
  lookOn(screen.dataset.onlookerUrl ?? "", terminal, (text) => {
    if (state.textContent !== text) state.textContent = text; // it is live, so it is read out
  });
}

/**
 * Show what comes, and ask again where there is nothing to see for now. A page that was drawn anew asks no more.
 * @param {string} path
 * @param {Terminal} terminal
 * @param {(text: string) => void} tell
 * @param {number} refused how often in a row it was refused
 */
function lookOn(path, terminal, tell, refused = 0) {
  const url = new URL(path, location.href);
  url.protocol = url.protocol.replace("http", "ws");
  const socket = new WebSocket(url);
  socket.binaryType = "arraybuffer";
  let unshown = 0;
  let isOver = false;
  let isHeard = false;
  socket.addEventListener("message", ({ data }) => {
    isHeard = true;
    if (typeof data !== "string") {
      if (unshown > MOST_UNSHOWN_BYTES) return socket.close(); // a new connection begins with what is shown now
      unshown += data.byteLength;
      terminal.write(new Uint8Array(data), () => {
        unshown -= data.byteLength;
      });
      return;
    }
    const said = JSON.parse(data);
    isOver = "ended" in said;
    tell(said.ended ?? said.away ?? "looking on");
  });
  socket.addEventListener("close", () => {
    const inRow = isHeard ? 0 : refused + 1;
    if (inRow >= MOST_REFUSED) tell("There is nothing to look on at any more. Go back to the class.");
    else if (!isOver) setTimeout(() => lookOn(path, terminal, tell, inRow), AGAIN_MS);
  });
}

/** @param {Terminal} terminal */
function offerReader(terminal) {
  const box = required("[data-onlooker-reader]", HTMLInputElement);
  box.checked = terminal.options.screenReaderMode ?? false;
  box.addEventListener("change", () => {
    terminal.options.screenReaderMode = box.checked;
    remember("reader", box.checked ? "on" : "off");
  });
}

/**
 * @param {number | number[] | undefined} count
 * @param {number} most
 */
function within(count, most) {
  return Math.min(Math.max(Number(count) || 1, 1), most);
}
