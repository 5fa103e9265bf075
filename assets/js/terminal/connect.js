// A terminal's line in this browser: its WebSocket, its clock, and the browser's word on whether it is online.
import { browserClock } from "../parts/clock.js";
import { keepWhileHidden } from "./keep.js";
import { Line } from "./line.js";

/** @import { Terminal } from "@xterm/xterm" */

/**
 * The name under which a browser's tab keeps the shell of the page's first terminal, its second one and so on.
 * @param {string} url
 * @param {number} number from 1
 */
export function shellKey(url, number) {
  return number === 1 ? `terminal ${url}` : `terminal ${url} ${number}`;
}

/**
 * Keep `terminal` connected to `url` until `life` aborts.
 * @param {Terminal} terminal
 * @param {string} url a path of this site
 * @param {number} number of the terminal on its page, from 1
 * @param {(text: string) => void} tell gets a word or a sentence on how the line is
 * @param {(text: string) => string} typed what to send for what was typed
 * @param {AbortSignal} life
 */
export function connect(terminal, url, number, tell, typed, life) {
  const line = new Line({
    terminal,
    openSocket: (query) => openSocket(url, query),
    kept: keepWhileHidden(shellKey(url, number), { storage: sessionStorage, page: document, window }),
    clock: browserClock,
    tell,
    announce: (happening) => document.dispatchEvent(new CustomEvent(happening)),
  });
  terminal.onData((text) => line.type(typed(text)));
  terminal.onBinary((text) => line.send(Uint8Array.from(text, (char) => char.charCodeAt(0))));
  terminal.onResize(() => line.resize());
  window.addEventListener("online", () => line.hurry(), { signal: life });
  window.addEventListener("offline", () => line.drop(), { signal: life });
  life.addEventListener("abort", () => line.leave());
  line.open();
  return line;
}

/**
 * @param {string} path
 * @param {Record<string, string>} query
 */
function openSocket(path, query) {
  const url = new URL(`${path}?${new URLSearchParams(query)}`, location.href);
  url.protocol = url.protocol.replace("http", "ws");
  const socket = new WebSocket(url);
  socket.binaryType = "arraybuffer";
  return socket;
}
