// The line between a terminal and its host. Bytes both ways are what is typed and shown; text is one JSON object of control:
// from here {"resize": {"rows", "columns"}} and {"ack": number of the next byte to be shown}, from there {"open": …} first,
// {"ended": why} at the end, {"away": why} if it should be tried later. All bytes of a shell's output are numbered, so that
// after a lost line, or when the page is drawn anew, the server sends exactly what is lacking. Knows no browser: sockets,
// time and what the tab keeps are given to it.
import { Flow } from "./flow.js";
import { Quiet } from "./quiet.js";

/** @import { Clock } from "../core/clock.js" */

/** @typedef {Pick<WebSocket, "readyState" | "onmessage" | "onclose" | "send" | "close">} Socket */

/**
 * @typedef {object} LineParts
 * @property {{ rows: number, cols: number, write: (data: string | Uint8Array, shown?: () => void) => void }} terminal
 * @property {(query: Record<string, string>) => Socket} openSocket a new connection; its messages of bytes are ArrayBuffers
 * @property {{ value: string | null }} kept the id of the shell that this tab had; null if it had none
 * @property {Clock} clock
 * @property {(text: string) => void} tell gets a word or a sentence on how the line is
 * @property {(happening: "host-changed" | "host-ended") => void} announce
 */

/** @typedef {{ terminal: string, start: number, seen: number, truncated: boolean }} Greeting */

const PIECE_BYTES = 16 * 1024; // a paste goes in pieces; the server refuses a message over 64 KiB
const WAITS_S = [0.5, 1, 2, 4, 8, 15]; // before the line is opened again; the last one for each further try
const SOCKET_OPEN = 1; // WebSocket.OPEN
const encoder = new TextEncoder();

/**
 * "opening" until the server's greeting, then "open"; "waiting" until it is tried again; "ended" with its shell, until Enter
 * is pressed; "left" once the page has no terminal any more.
 * @typedef {"opening" | "open" | "waiting" | "ended" | "left"} State
 */

export class Line {
  #parts;
  #flow;
  #quiet;
  /** @type {Socket | null} */
  #socket = null;
  /** @type {State} */
  #state = "waiting";
  #tries = 0;
  #timer = 0;
  #away = "";
  #answered = 0; // what bytes before this one asked of the terminal, it has answered before

  /** @param {LineParts} parts */
  constructor(parts) {
    const { clock, announce } = parts;
    this.#parts = parts;
    this.#flow = new Flow({ clock, acknowledge: (next) => this.#control({ ack: next }) });
    this.#quiet = new Quiet(clock, () => announce("host-changed"));
  }

  open() {
    const { terminal, kept, openSocket } = this.#parts;
    this.#detach();
    this.#state = "opening";
    this.#away = "";
    const size = { rows: String(terminal.rows), columns: String(terminal.cols) };
    const before = kept.value ? { terminal: kept.value, have: String(this.#flow.received) } : {};
    const socket = openSocket({ ...size, ...before });
    socket.onmessage = ({ data }) => (typeof data === "string" ? this.#told(JSON.parse(data)) : this.#show(data));
    socket.onclose = () => this.#closed();
    this.#socket = socket;
  }

  /**
   * Send what was typed; after the shell has ended, Enter opens a new one.
   * @param {string} text
   */
  type(text) {
    if (this.#state === "ended") {
      if (text === "\r") this.open();
      return;
    }
    if (this.#flow.shown < this.#answered) return; // the terminal's own answers to a replay
    this.send(encoder.encode(text));
    this.#quiet.typed(text);
  }

  /** @param {Uint8Array<ArrayBuffer>} bytes */
  send(bytes) {
    const socket = this.#openSocket();
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) socket?.send(bytes.subarray(at, at + PIECE_BYTES));
  }

  resize() {
    const { rows, cols } = this.#parts.terminal;
    this.#control({ resize: { rows, columns: cols } });
  }

  /** Try again now if it is waiting to. */
  hurry() {
    if (this.#state === "waiting") this.open();
  }

  /** Take the line for lost: a browser that goes offline keeps its sockets for minutes. */
  drop() {
    if (this.#state !== "opening" && this.#state !== "open") return;
    this.#detach();
    this.#closed();
  }

  /** End it for good, and leave the shell to whoever comes back for it. */
  leave() {
    this.#detach();
    this.#quiet.end();
    this.#state = "left";
  }

  /** As `leave`, and no later page of this tab comes back for the shell. */
  forget() {
    this.leave();
    this.#parts.kept.value = null;
  }

  /** No socket and no timer of before says or does anything from now on. */
  #detach() {
    this.#parts.clock.cancel(this.#timer);
    if (!this.#socket) return;
    this.#socket.onmessage = this.#socket.onclose = null;
    this.#socket.close();
    this.#socket = null;
  }

  /** The socket, if what is sent arrives: the server drops what comes before its greeting. */
  #openSocket() {
    const isOpen = this.#state === "open" && this.#socket?.readyState === SOCKET_OPEN;
    return isOpen ? this.#socket : null;
  }

  /** @param {object} message */
  #control(message) {
    this.#openSocket()?.send(JSON.stringify(message));
  }

  /** @param {{ open?: Greeting, away?: string, ended?: string }} message */
  #told(message) {
    if (message.open) this.#opened(message.open);
    if (message.away) this.#away = message.away;
    if (message.ended) this.#over(message.ended);
  }

  /** @param {Greeting} greeting */
  #opened({ terminal, start, seen, truncated }) {
    const { kept, tell } = this.#parts;
    const before = kept.value;
    if (before && before !== terminal)
      this.#print("This is a new shell. The one before has ended, with what ran in it.");
    else if (truncated) this.#print("What was shown before this is not kept.");
    kept.value = terminal;
    this.#state = "open";
    this.#flow.restart(start);
    this.#answered = seen;
    this.#tries = 0;
    tell("connected");
    this.resize(); // it may have changed since the line was opened
  }

  /** @param {ArrayBuffer} buffer */
  #show(buffer) {
    const bytes = new Uint8Array(buffer);
    this.#quiet.printed(bytes);
    this.#parts.terminal.write(bytes, this.#flow.take(buffer.byteLength));
  }

  /** @param {string} why */
  #over(why) {
    this.#state = "ended";
    this.#parts.kept.value = null;
    this.#flow.restart(0);
    this.#print(`${why} Press Enter for a new shell.`);
    this.#parts.announce("host-ended");
  }

  #closed() {
    const { clock, tell } = this.#parts;
    if (this.#state === "ended") {
      tell("closed");
      return;
    }
    const wait = WAITS_S[Math.min(this.#tries, WAITS_S.length - 1)];
    this.#tries += 1;
    this.#state = "waiting";
    tell(`${this.#away} Reconnecting…`.trim());
    this.#timer = clock.after(() => this.open(), wait * 1000);
  }

  /** @param {string} sentence */
  #print(sentence) {
    this.#parts.terminal.write(`\r\n\x1b[2m${sentence}\x1b[0m\r\n`);
  }
}
