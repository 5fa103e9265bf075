// What the lab page does with each answer about its host: set it up, show it, or have the page drawn anew. Knows no element.
import { ENDED, FAILED } from "./poller.js";

/** @import { Pace } from "./poller.js" */

/**
 * How the host is, as the server drew it. `state` is undefined where the answer was none about a host, such as the sign-in
 * page. `secondsLeft` is null while no lease runs.
 * @typedef {{ state: string | undefined, says: string, secondsLeft: number | null }} HostStatus
 */

/**
 * The page that shows the host; `Drawn` is how the host is, with whatever the page needs to show it.
 * @template {HostStatus} Drawn
 * @typedef {object} HostPage
 * @property {() => string | null} address where to ask; null once the page has no place for a host any more
 * @property {() => HostStatus} shown what the page shows now
 * @property {() => unknown} drawn what shows it: another thing once something else was put in its place
 * @property {(address: string) => Promise<Drawn | null>} ask null if no answer came that helps
 * @property {(host: Drawn) => Promise<boolean>} setUp have the lab set up; whether that was done
 * @property {(host: Drawn) => void} show
 * @property {(text: string) => void} say put a sentence where screen readers hear it
 * @property {() => void} reload
 */

export const NO_ANSWER = "The server did not answer. Your host goes on; this page keeps trying.";

// sandboxd ends a host that no page has asked about for 10 minutes, and lets one that waits its turn go after 2. So a hidden
// page asks as well, but seldom; one that starts is to be set up by the time somebody looks at it again.
/** @type {Pace} */
const STARTING = { seen: 500, hidden: 5_000 }; // a start takes a few seconds, and each step should be seen
/** @type {Pace} */
const READY = { seen: 15_000, hidden: 60_000 };
/** @type {Pace} */
const RUN_OUT = { seen: 1_000, hidden: 60_000 }; // the lease is over, and sandboxd ends the host within seconds
/** @type {Pace} */
const AWAY = { seen: 5_000, hidden: 60_000 }; // sandboxd does not answer; it is being started again, or an operator has to

/**
 * How long to wait before asking again about a host like this.
 * @param {HostStatus} host
 * @returns {Pace}
 */
export function paceOf({ state, secondsLeft }) {
  if (state === "ready") return secondsLeft === 0 ? RUN_OUT : READY;
  return state === "away" ? AWAY : STARTING;
}

/**
 * Ask once how the host is, and do what follows from it.
 * @template {HostStatus} Drawn
 * @param {HostPage<Drawn>} page
 */
export async function askForHost(page) {
  const address = page.address();
  if (address === null) return ENDED;
  const drawn = page.drawn();
  const host = await page.ask(address);
  if (page.address() === null) return ENDED; // the answer to something else took its place meanwhile
  if (page.drawn() !== drawn) return paceOf(page.shown()); // or was put there, and is newer than this one
  if (host === null) {
    page.say(NO_ANSWER);
    return FAILED;
  }
  return host.state === "up" ? setUp(page, host) : take(page, host);
}

/**
 * @template {HostStatus} Drawn
 * @param {HostPage<Drawn>} page
 * @param {Drawn} host
 */
async function setUp(page, host) {
  if (await page.setUp(host)) {
    page.reload();
    return ENDED;
  }
  show(page, host); // with a button that sets it up by hand
  return FAILED;
}

/**
 * @template {HostStatus} Drawn
 * @param {HostPage<Drawn>} page
 * @param {Drawn} host
 */
function take(page, host) {
  if (host.state !== page.shown().state) {
    page.reload(); // what can be done has changed, and only the server draws that
    return ENDED;
  }
  show(page, host);
  return paceOf(host);
}

/**
 * @template {HostStatus} Drawn
 * @param {HostPage<Drawn>} page
 * @param {Drawn} host
 */
function show(page, host) {
  page.show(host);
  page.say(host.says);
}
