// The line between a terminal and its host. Bytes both ways are what is typed and shown; text is one JSON object of control:
// from here {"resize": {"rows", "columns"}} and {"ack": number of the next byte to be shown}, from there {"open": …} first,
// {"ended": why} at the end, {"away": why} if it should be tried later. All bytes of a shell's output are numbered, so that
// after a lost line, or when the page is drawn anew, the server sends exactly what is lacking.
import { keepWhileHidden } from "./keep.js";

const PIECE_BYTES = 16 * 1024; // a paste goes in pieces; the server refuses a message over 64 KiB
const ACK_BYTES = 16 * 1024; // the server waits when four times this is on its way, so Ctrl+C is never far behind
const ACK_MS = 200; // and at the latest so long after it was shown
const BURST_BYTES = 2 * 1024 * 1024; // shown as fast as it comes, then so much at a time: a page that only draws lives no more
const BURST_ACK_MS = 50;
const CALM_MS = 1000; // a burst is over when nothing came for so long
const WAITS_S = [0.5, 1, 2, 4, 8, 15];
const QUIET_MS = 1000; // after a command has printed nothing for so long, it has probably done what it does
const encoder = new TextEncoder();

/** Keep `terminal` connected to `url`; `tell` gets a word or a sentence on how the line is. */
export function connect(terminal, url, tell) {
  const line = new Line(terminal, url, tell);
  terminal.onData((text) => line.type(text));
  terminal.onBinary((text) => line.send(Uint8Array.from(text, (char) => char.charCodeAt(0))));
  terminal.onResize(() => line.resize());
  addEventListener("online", () => line.hurry());
  addEventListener("offline", () => line.drop());
  line.open();
  return line;
}

class Line {
  #terminal;
  #url;
  #tell;
  #kept;
  #socket = null;
  #greeted = false;
  #tries = 0;
  #ended = false;
  #away = "";
  #received = 0; // numbers of the next byte: to be received, to be shown, to be acknowledged
  #shown = 0;
  #acked = 0;
  #answered = 0; // what bytes before this one asked of the terminal, it has answered before
  #ackTimer = 0;
  #burst = 0; // bytes of it so far
  #cameAt = 0;
  #timer = 0;
  #quiet = 0;
  #entered = false;

  constructor(terminal, url, tell) {
    this.#terminal = terminal;
    this.#url = url;
    this.#tell = tell;
    this.#kept = keepWhileHidden(`terminal ${url}`);
  }

  open() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#ended = this.#greeted = false;
    this.#away = "";
    const { rows, cols } = this.#terminal;
    const url = new URL(`${this.#url}?rows=${rows}&columns=${cols}`, location.href);
    url.protocol = url.protocol.replace("http", "ws");
    if (this.#kept.value) {
      url.searchParams.set("terminal", this.#kept.value);
      url.searchParams.set("have", this.#received);
    }
    const socket = new WebSocket(url);
    socket.binaryType = "arraybuffer";
    socket.onmessage = ({ data }) => (typeof data === "string" ? this.#told(JSON.parse(data)) : this.#show(data));
    socket.onclose = () => this.#closed();
    this.#socket = socket;
  }

  /** Send what was typed; after the shell has ended, Enter opens a new one. */
  type(text) {
    if (this.#ended) {
      if (text === "\r") this.open();
      return;
    }
    if (this.#shown < this.#answered) return; // the terminal's own answers to a replay
    this.#entered ||= text.includes("\r");
    this.send(encoder.encode(text));
    this.#settle();
  }

  send(bytes) {
    if (!this.#isOpen()) return;
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) this.#socket.send(bytes.subarray(at, at + PIECE_BYTES));
  }

  resize() {
    const { rows, cols } = this.#terminal;
    this.#control({ resize: { rows, columns: cols } });
  }

  /** Try again now if it is waiting to. */
  hurry() {
    if (this.#timer) this.open();
  }

  /** Take the line for lost: a browser that goes offline keeps its sockets for minutes. */
  drop() {
    if (this.#ended || this.#timer) return;
    this.#socket.onmessage = this.#socket.onclose = null;
    this.#socket.close();
    this.#closed();
  }

  /** The server drops what comes before its greeting. */
  #isOpen() {
    return this.#greeted && this.#socket.readyState === WebSocket.OPEN;
  }

  #control(message) {
    if (this.#isOpen()) this.#socket.send(JSON.stringify(message));
  }

  #told(message) {
    if (message.open) this.#opened(message.open);
    if (message.away) this.#away = message.away;
    if (message.ended) this.#over(message.ended);
  }

  #opened({ terminal, start, seen, truncated }) {
    this.#greeted = true;
    const before = this.#kept.value;
    if (before && before !== terminal) this.#print("This is a new shell. The one before has ended, with what ran in it.");
    else if (truncated) this.#print("What was shown before this is not kept.");
    this.#kept.value = terminal;
    this.#received = this.#shown = this.#acked = start;
    this.#answered = seen;
    this.#tries = 0;
    this.#tell("connected");
    this.resize(); // it may have changed since the line was opened
  }

  #show(buffer) {
    this.#settle();
    this.#received += buffer.byteLength;
    this.#burst = performance.now() - this.#cameAt < CALM_MS ? this.#burst + buffer.byteLength : 0;
    this.#cameAt = performance.now();
    const shell = this.#kept.value;
    const next = this.#received;
    this.#terminal.write(new Uint8Array(buffer), () => {
      if (shell !== this.#kept.value) return;
      this.#shown = Math.max(this.#shown, next);
      if (this.#burst > BURST_BYTES) this.#ackTimer ||= setTimeout(() => this.#acknowledge(), BURST_ACK_MS);
      else if (this.#shown - this.#acked >= ACK_BYTES) this.#acknowledge();
      else this.#ackTimer ||= setTimeout(() => this.#acknowledge(), ACK_MS);
    });
  }

  #acknowledge() {
    clearTimeout(this.#ackTimer);
    this.#ackTimer = 0;
    this.#acked = this.#shown;
    this.#control({ ack: this.#shown });
  }

  /** Tell the page, once output has ended, that a command may have changed the host. */
  #settle() {
    if (!this.#entered) return;
    clearTimeout(this.#quiet);
    this.#quiet = setTimeout(() => {
      this.#entered = false;
      document.dispatchEvent(new CustomEvent("host-changed"));
    }, QUIET_MS);
  }

  #over(why) {
    this.#ended = true;
    this.#kept.value = null;
    this.#received = 0;
    this.#print(`${why} Press Enter for a new shell.`);
    document.dispatchEvent(new CustomEvent("host-ended"));
  }

  #closed() {
    if (this.#ended) {
      this.#tell("closed");
      return;
    }
    const wait = WAITS_S[Math.min(this.#tries, WAITS_S.length - 1)];
    this.#tries += 1;
    this.#greeted = false;
    this.#tell(`${this.#away} Reconnecting…`.trim());
    this.#timer = setTimeout(() => this.open(), wait * 1000);
  }

  #print(sentence) {
    this.#terminal.write(`\r\n\x1b[2m${sentence}\x1b[0m\r\n`);
  }
}
