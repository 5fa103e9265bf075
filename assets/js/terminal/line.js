// The line between a terminal and its host. Bytes both ways are what is typed and shown; text is one JSON object of control:
// from here {"resize": {"rows", "columns"}} and {"ack": bytes shown}, from there {"ended": why}.
const PIECE_BYTES = 16 * 1024; // a paste goes in pieces; the server refuses a message over 64 KiB
const ACK_BYTES = 16 * 1024; // the server waits when four times this is on its way, so Ctrl+C is never far behind
const WAITS_S = [0.5, 1, 2, 4, 8, 15];
const FULL_WAIT_S = 30;
const QUIET_MS = 1000; // after a command has printed nothing for so long, it has probably done what it does
const TOO_MANY = 1013; // close code "try again later"
const encoder = new TextEncoder();

/** Keep `terminal` connected to `url`; `tell` gets a word or a sentence on how the line is. */
export function connect(terminal, url, tell) {
  const line = new Line(terminal, url, tell);
  terminal.onData((text) => line.type(text));
  terminal.onBinary((text) => line.send(Uint8Array.from(text, (char) => char.charCodeAt(0))));
  terminal.onResize(({ rows, cols }) => line.control({ resize: { rows, columns: cols } }));
  addEventListener("online", () => line.hurry());
  line.open();
  return line;
}

class Line {
  #terminal;
  #url;
  #tell;
  #socket = null;
  #tries = 0;
  #ended = false;
  #shown = 0;
  #timer = 0;
  #quiet = 0;
  #entered = false;

  constructor(terminal, url, tell) {
    this.#terminal = terminal;
    this.#url = url;
    this.#tell = tell;
  }

  open() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#ended = false;
    this.#shown = 0;
    const { rows, cols } = this.#terminal;
    const url = new URL(`${this.#url}?rows=${rows}&columns=${cols}`, location.href);
    url.protocol = url.protocol.replace("http", "ws");
    const socket = new WebSocket(url);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => this.#opened();
    socket.onmessage = ({ data }) => (typeof data === "string" ? this.#told(JSON.parse(data)) : this.#show(data));
    socket.onclose = ({ code }) => this.#closed(code);
    this.#socket = socket;
  }

  /** Send what was typed; after the shell has ended, Enter opens a new one. */
  type(text) {
    if (this.#ended) {
      if (text === "\r") this.open();
      return;
    }
    this.#entered ||= text.includes("\r");
    this.send(encoder.encode(text));
    this.#settle();
  }

  send(bytes) {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) this.#socket.send(bytes.subarray(at, at + PIECE_BYTES));
  }

  control(message) {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  /** Try again now if it is waiting to. */
  hurry() {
    if (this.#timer) this.open();
  }

  #opened() {
    if (this.#tries > 0) this.#print("Connected again, to a new shell. What ran in the old one has been stopped.");
    this.#tries = 0;
    this.#tell("connected");
  }

  #show(buffer) {
    this.#settle();
    this.#terminal.write(new Uint8Array(buffer), () => {
      this.#shown += buffer.byteLength;
      if (this.#shown < ACK_BYTES) return;
      this.control({ ack: this.#shown });
      this.#shown = 0;
    });
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

  #told({ ended }) {
    if (ended === undefined) return;
    this.#ended = true;
    this.#print(`${ended} Press Enter for a new shell.`);
    document.dispatchEvent(new CustomEvent("host-ended"));
  }

  #closed(code) {
    if (this.#ended) {
      this.#tell("closed");
      return;
    }
    const wait = code === TOO_MANY ? FULL_WAIT_S : WAITS_S[Math.min(this.#tries, WAITS_S.length - 1)];
    const why = code === TOO_MANY ? "All terminals are taken" : "The line dropped";
    this.#tries += 1;
    this.#tell(`${why}; trying again in ${wait} s`);
    this.#timer = setTimeout(() => this.open(), wait * 1000);
  }

  #print(sentence) {
    this.#terminal.write(`\r\n\x1b[2m${sentence}\x1b[0m\r\n`);
  }
}
