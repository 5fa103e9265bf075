// The terminals of one host: a tab for each, of which one is seen. Knows no emulator and no socket.

/**
 * A terminal with its tab.
 * @template Opened
 * @typedef {{ number: number, button: HTMLButtonElement, screen: HTMLElement, opened: Opened }} Tab
 */

export const MOST = 4; // sandboxd runs as many shells on a host at once

/** @template {{ shown: () => void, close: () => void }} Opened */
export class Tabs {
  #parts;
  /** @type {Tab<Opened>[]} */
  #tabs = [];
  #current = 0;

  /**
   * @param {object} parts
   * @param {HTMLElement} parts.list the element with the role tablist
   * @param {HTMLButtonElement} parts.more adds a terminal
   * @param {HTMLButtonElement} parts.less closes the terminal that is seen
   * @param {HTMLElement} parts.first the screen of the first terminal; the others are made like it
   * @param {(screen: HTMLElement, number: number) => Opened} parts.open start a terminal on a screen
   */
  constructor(parts) {
    this.#parts = parts;
    parts.more.addEventListener("click", () => this.#showNew());
    parts.less.addEventListener("click", () => this.#close());
    parts.list.addEventListener("keydown", (event) => this.#moveBy(event));
    this.add(1);
  }

  /** The terminal that is seen. */
  get current() {
    return this.#tabs[this.#current].opened;
  }

  /** Every terminal, in the order of their tabs. */
  get all() {
    return this.#tabs.map(({ opened }) => opened);
  }

  /**
   * Add the terminal with this number, and show it.
   * @param {number} number
   */
  add(number) {
    const { list, first, open } = this.#parts;
    const screen = number === 1 ? first : /** @type {HTMLElement} */ (first.cloneNode(false));
    if (number > 1) {
      screen.id = `${first.id}-${number}`;
      first.parentElement?.append(screen);
    }
    const button = tabOf(number, screen);
    list.append(button);
    button.addEventListener("click", () => this.show(this.#tabs.findIndex((tab) => tab.button === button)));
    screen.setAttribute("role", "tabpanel");
    screen.setAttribute("aria-labelledby", button.id);
    this.#tabs.push({ number, button, screen, opened: open(screen, number) });
    this.#see(this.#tabs.length - 1);
  }

  /**
   * Show a terminal and go on in it.
   * @param {number} place of its tab, from 0
   */
  show(place) {
    this.#see(place);
    this.current.shown();
  }

  #showNew() {
    const taken = this.#tabs.map(({ number }) => number);
    const free = Array.from({ length: MOST }, (_, place) => place + 1).find((number) => !taken.includes(number));
    if (free === undefined) return;
    this.add(free);
    this.current.shown();
  }

  #close() {
    const { button, screen, opened } = this.#tabs[this.#current];
    if (screen === this.#parts.first) return; // the page's own stays
    this.#tabs.splice(this.#current, 1);
    opened.close();
    button.remove();
    screen.remove();
    this.show(Math.min(this.#current, this.#tabs.length - 1));
  }

  /** @param {number} place */
  #see(place) {
    this.#current = place;
    for (const [at, { button, screen }] of this.#tabs.entries()) {
      const isSeen = at === place;
      screen.hidden = !isSeen;
      button.setAttribute("aria-selected", String(isSeen));
      button.tabIndex = isSeen ? 0 : -1;
      if (isSeen) button.dataset.key = "t";
      else delete button.dataset.key;
    }
    this.#parts.more.hidden = this.#tabs.length >= MOST;
    this.#parts.less.hidden = this.#tabs[place].screen === this.#parts.first;
  }

  /** @param {KeyboardEvent} event */
  #moveBy(event) {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const count = this.#tabs.length;
    this.#see((this.#current + by + count) % count);
    this.#tabs[this.#current].button.focus();
  }
}

/**
 * @param {number} number
 * @param {HTMLElement} screen
 */
function tabOf(number, screen) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "terminal-tab";
  button.id = `${screen.id}-tab`;
  button.textContent = String(number);
  button.dataset.keyLabel = "Into the terminal";
  button.setAttribute("role", "tab");
  button.setAttribute("aria-label", `Terminal ${number}`);
  button.setAttribute("aria-controls", screen.id);
  return button;
}
