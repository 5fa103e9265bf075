// Stand-ins for what a browser gives: time, storage, sockets. Each does what its real one does, as far as it is used.

/** @import { Clock } from "../../assets/js/core/clock.js" */
/** @import { Socket } from "../../assets/js/terminal/line.js" */

/** Let everything go on that waits for nothing but its turn. */
export async function settle() {
  await new Promise((resolve) => setImmediate(resolve));
}

/**
 * A clock that stands still until it is moved.
 * @implements {Clock}
 */
export class FakeClock {
  #now = 0;
  #last = 0;
  /** @type {Map<number, { at: number, call: () => void }>} */
  #timers = new Map();

  now = () => this.#now;

  /**
   * @param {() => void} call
   * @param {number} ms
   */
  after = (call, ms) => {
    this.#last += 1;
    this.#timers.set(this.#last, { at: this.#now + ms, call });
    return this.#last;
  };

  /** @param {number} timer */
  cancel = (timer) => {
    this.#timers.delete(timer);
  };

  /** How many timers are set. */
  get waiting() {
    return this.#timers.size;
  }

  /**
   * Move on by `ms`; each timer on the way fires at its time, and what follows from it is done before the next one.
   * @param {number} ms
   */
  async pass(ms) {
    const end = this.#now + ms;
    for (let next = this.#next(end); next; next = this.#next(end)) {
      this.#now = next.at;
      this.#timers.delete(next.timer);
      next.call();
      await settle();
    }
    this.#now = end;
  }

  /**
   * The timer that fires first, if that is not after `end`.
   * @param {number} end
   */
  #next(end) {
    const due = [...this.#timers].map(([timer, { at, call }]) => ({ timer, at, call }));
    return due.filter(({ at }) => at <= end).sort((one, other) => one.at - other.at || one.timer - other.timer)[0];
  }
}

/** Storage that a browser keeps. `isFull` lets it refuse what is new. */
export class FakeStorage {
  /** @type {Map<string, string>} */
  #items = new Map();
  isFull = false;

  get length() {
    return this.#items.size;
  }

  /** @param {number} index */
  key(index) {
    return [...this.#items.keys()][index] ?? null;
  }

  /** @param {string} key */
  getItem(key) {
    return this.#items.get(key) ?? null;
  }

  /**
   * @param {string} key
   * @param {string} value
   */
  setItem(key, value) {
    if (this.isFull) throw new DOMException("no room", "QuotaExceededError");
    this.#items.set(key, value);
  }

  /** @param {string} key */
  removeItem(key) {
    this.#items.delete(key);
  }
}

/** A connection whose server is the test. `sent` is what the page has sent: text as what its JSON says, bytes as text. */
export class FakeSocket {
  /** @type {unknown[]} */
  sent = [];
  /** @type {0 | 1 | 2 | 3} */
  readyState = 1;
  /** @type {Socket["onmessage"]} */
  onmessage = null;
  /** @type {Socket["onclose"]} */
  onclose = null;

  /** @param {Record<string, string>} query what it was opened with */
  constructor(query) {
    this.query = query;
  }

  /** @param {unknown} data */
  send(data) {
    this.sent.push(typeof data === "string" ? JSON.parse(data) : new TextDecoder().decode(/** @type {any} */ (data)));
  }

  /** The page closes it. */
  close() {
    this.readyState = 2;
  }

  /**
   * The server says something: an object of control, or output.
   * @param {object | string} message
   */
  receive(message) {
    const data = typeof message === "string" ? new TextEncoder().encode(message).buffer : JSON.stringify(message);
    this.onmessage?.call(/** @type {any} */ (this), new MessageEvent("message", { data }));
  }

  /** It is lost, or the server closes it. */
  lose() {
    this.readyState = 3;
    this.onclose?.call(/** @type {any} */ (this), /** @type {any} */ (new Event("close")));
  }
}
