// The outbox: what was answered and has not been confirmed by the server yet. Knows no card and no page.
// An entry stays in the browser's storage, under the person it belongs to, until the server says that it has it. It carries
// an id that the server knows it by, so that sending it twice counts once.

/** @import { Clock } from "./clock.js" */

/** @import { Kind } from "./deeds.js" */

/**
 * What is known of a form beside what it sends: what it does, a rating if nothing is said, and which entry it takes back.
 * @typedef {{ kind?: Kind, undoes?: string }} About
 */

/**
 * A form that is kept. `at` is when, in milliseconds since 1970; of two at the same time the one with the smaller `number`
 * was kept first.
 * @typedef {{ id: string, url: string, fields: Record<string, string>, at: number, number?: number } & About} Entry
 */

/** @typedef {{ ok: boolean, status: number, json: () => Promise<any> }} Answer */

/**
 * @typedef {object} OutboxParts
 * @property {string} user whose entries these are
 * @property {Pick<Storage, "length" | "key" | "getItem" | "setItem" | "removeItem">} storage
 * @property {Clock} clock
 * @property {() => number} today milliseconds since 1970
 * @property {(url: string, fields: Record<string, string>) => Promise<Answer>} post send a form; rejects if no answer came
 * @property {() => void} signedOut the server takes nothing before the person has signed in again
 * @property {(left: number) => void} show tell the page how many entries a try has left
 * @property {(entry: Entry, answer: any) => void} [taken] the server has taken an entry, now or at an earlier try
 * @property {(entry: Entry, why: string) => void} [refused] the server will never take an entry, which is let go
 */

const RETRY_S = [2, 5, 15]; // waits between tries; the last one for each further one, so that no message outlasts the silence
const KEEP_MS = 30 * 24 * 60 * 60 * 1000;
const LATE_MS = 60 * 1000; // after less, nothing is said of when it was done: it is hardly another day
const GONE = [404, 409]; // the thing is no more, or the id was used for another: no later try can succeed
const REFUSED = [400, 403]; // kept: the next page has another token. The entries behind it may still pass

const KEPT = Symbol("kept");
const NO_ANSWER = Symbol("no answer");
const SIGNED_OUT = Symbol("signed out");

export class Outbox {
  #parts;
  #prefix;
  #tries = 0;
  #left = 0;
  #kept = 0;
  #timer = 0;
  /** @type {Promise<Map<string, any>>} */
  #sending = Promise.resolve(new Map());

  /** @param {OutboxParts} parts */
  constructor(parts) {
    this.#parts = parts;
    this.#prefix = `outbox.${parts.user}.`;
  }

  /** How many entries the last try left. */
  get left() {
    return this.#left;
  }

  /** Everything held for this person, oldest first. */
  held() {
    const keys = this.#keys();
    const entries = keys.flatMap((key) => this.#read(key) ?? []);
    return entries.sort((one, other) => one.at - other.at || (one.number ?? 0) - (other.number ?? 0));
  }

  /**
   * Keep a form's fields under `id`. False if this browser cannot keep anything; send the form the plain way then.
   * @param {string} id
   * @param {string} url
   * @param {Record<string, string>} fields
   * @param {About} [about]
   */
  keep(id, url, fields, about = {}) {
    this.#kept += 1;
    /** @type {Entry} */
    const entry = { id, url, fields, at: this.#parts.today(), number: this.#kept, ...about };
    try {
      this.#parts.storage.setItem(this.#prefix + id, JSON.stringify(entry));
      return true;
    } catch {
      return false;
    }
  }

  /** Send everything held, in order and one after another. Resolves to the server's answers by entry id. */
  sendAll() {
    const attempt = () => this.#attempt();
    this.#sending = this.#sending.then(attempt, attempt);
    return this.#sending;
  }

  async #attempt() {
    const { clock, storage, show, signedOut } = this.#parts;
    clock.cancel(this.#timer);
    const answers = new Map();
    for (const entry of this.held()) {
      if (this.#waits(entry)) continue;
      const answer = await this.#send(entry);
      if (answer === SIGNED_OUT) signedOut();
      if (answer === NO_ANSWER || answer === SIGNED_OUT) break;
      if (answer === KEPT) continue;
      storage.removeItem(this.#prefix + entry.id);
      answers.set(entry.id, answer);
      if (answer !== undefined) this.#parts.taken?.(entry, answer);
    }
    this.#left = this.held().length;
    this.#tries = this.#left > 0 ? this.#tries + 1 : 0;
    if (this.#left > 0) this.#timer = clock.after(() => this.sendAll(), this.#wait());
    show(this.#left);
    return answers;
  }

  /**
   * Whether what an entry takes back is still held, as it was refused for now: it goes after it.
   * @param {Entry} entry
   */
  #waits({ undoes }) {
    return undoes !== undefined && this.#parts.storage.getItem(this.#prefix + undoes) !== null;
  }

  #wait() {
    return RETRY_S[Math.min(this.#tries, RETRY_S.length) - 1] * 1000;
  }

  /**
   * The server's answer (undefined if it will never take the entry), KEPT, SIGNED_OUT or NO_ANSWER.
   * @param {Entry} entry
   */
  async #send(entry) {
    try {
      const response = await this.#parts.post(entry.url, this.#fields(entry));
      if (response.ok) return await response.json();
      if (response.status === 401) return SIGNED_OUT;
      if (GONE.includes(response.status)) {
        const said = await response.json().catch(() => null);
        this.#parts.refused?.(entry, said?.message ?? "");
        return undefined;
      }
      return REFUSED.includes(response.status) ? KEPT : NO_ANSWER;
    } catch {
      return NO_ANSWER; // or not in time, or cut short: what came of it is found out by sending it again
    }
  }

  /**
   * What is sent of an entry: with how many milliseconds ago it was done, if that is a while. As a span, it is right even if
   * this browser's clock is not.
   * @param {Entry} entry
   */
  #fields({ fields, at }) {
    const late = this.#parts.today() - at;
    return late < LATE_MS ? fields : { ...fields, late_ms: String(late) };
  }

  #keys() {
    const { storage } = this.#parts;
    const keys = Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? "");
    return keys.filter((key) => key.startsWith(this.#prefix));
  }

  /**
   * The entry under a key; undefined, and removed, if it is too old, or cut short by a full disk so that it cannot be sent.
   * @param {string} key
   * @returns {Entry | undefined}
   */
  #read(key) {
    const { storage, today } = this.#parts;
    try {
      const entry = JSON.parse(storage.getItem(key) ?? "null");
      if (entry.at > today() - KEEP_MS) return entry;
    } catch {
      // Removed below.
    }
    storage.removeItem(key);
    return undefined;
  }
}
