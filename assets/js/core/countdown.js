// What a clock on the page shows, from the seconds that the server drew. Knows no element and not the time of day.

export class Count {
  #direction;
  #seconds;
  #since;
  #isOver;

  /**
   * @param {object} start
   * @param {"up" | "down"} start.direction
   * @param {number} start.seconds as of `now`
   * @param {number} start.now in milliseconds, of the same clock as in `at`
   */
  constructor({ direction, seconds, now }) {
    this.#direction = direction;
    this.#seconds = seconds;
    this.#since = now;
    this.#isOver = direction === "up" || seconds <= 0; // what was drawn at its end does not come to it again
  }

  /**
   * What to show, and whether a countdown has come to its end since it was last asked.
   * @param {number} now
   */
  at(now) {
    const passed = (now - this.#since) / 1000;
    const value = this.#direction === "down" ? Math.max(0, this.#seconds - passed) : this.#seconds + passed;
    const ends = value === 0 && !this.#isOver;
    this.#isOver ||= ends;
    return { text: clockText(this.#direction === "down" ? Math.ceil(value) : Math.floor(value)), ends };
  }
}

/**
 * 372 -> "6:12", 4000 -> "1:06:40".
 * @param {number} total whole seconds
 */
function clockText(total) {
  const [hours, minutes, seconds] = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60];
  const two = (/** @type {number} */ number) => String(number).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}
