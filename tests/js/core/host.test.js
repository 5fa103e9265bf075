import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { askForHost, NO_ANSWER, paceOf } from "../../../assets/js/core/host.js";
import { ENDED, FAILED } from "../../../assets/js/core/poller.js";

/** @import { HostStatus } from "../../../assets/js/core/host.js" */

/**
 * A host in a state.
 * @param {string | undefined} state
 * @param {Partial<HostStatus>} more
 * @returns {HostStatus}
 */
function host(state, more = {}) {
  return { state, says: `It is ${state}.`, secondsLeft: null, ...more };
}

/** A page that shows a host; `did` is what was done on it, in order. */
class FakePage {
  /** @type {string[]} */
  did = [];
  /** @type {string | null} */
  place = "/host";
  element = "the first";
  canBeSetUp = true;

  /**
   * @param {HostStatus} shown
   * @param {HostStatus | null} answer
   */
  constructor(shown, answer) {
    this.shown = () => shown;
    this.ask = () => {
      this.did.push("ask");
      return Promise.resolve(answer);
    };
  }

  address = () => this.place;
  drawn = () => this.element;
  setUp = () => {
    this.did.push("set up");
    return Promise.resolve(this.canBeSetUp);
  };
  show = (/** @type {HostStatus} */ { state }) => {
    this.did.push(`show ${state}`);
  };
  say = (/** @type {string} */ text) => {
    this.did.push(`say ${text}`);
  };
  reload = () => {
    this.did.push("reload");
  };
}

describe("asking for a host", () => {
  it("shows how it is, and asks again at the pace of its state", async () => {
    const page = new FakePage(host("starting"), host("starting"));
    assert.deepEqual(await askForHost(page), { seen: 500, hidden: 5_000 });
    assert.deepEqual(page.did, ["ask", "show starting", "say It is starting."]);
  });

  it("has the page drawn anew when the state has changed, and asks no more", async () => {
    const page = new FakePage(host("ready"), host("lost"));
    assert.equal(await askForHost(page), ENDED);
    assert.deepEqual(page.did, ["ask", "reload"]);
  });

  it("has the page drawn anew for an answer that is none about a host, as after signing out", async () => {
    const page = new FakePage(host("ready"), host(undefined));
    assert.equal(await askForHost(page), ENDED);
    assert.deepEqual(page.did, ["ask", "reload"]);
  });

  it("sets up one that has started, once", async () => {
    const page = new FakePage(host("starting"), host("up"));
    assert.equal(await askForHost(page), ENDED);
    assert.deepEqual(page.did, ["ask", "set up", "reload"]);
  });

  it("shows the button where it could not set up, and tries again with more and more patience", async () => {
    const page = new FakePage(host("starting"), host("up"));
    page.canBeSetUp = false;
    assert.equal(await askForHost(page), FAILED);
    assert.deepEqual(page.did, ["ask", "set up", "show up", "say It is up."]);
  });

  it("says that no answer came", async () => {
    const page = new FakePage(host("ready"), null);
    assert.equal(await askForHost(page), FAILED);
    assert.deepEqual(page.did, ["ask", `say ${NO_ANSWER}`]);
  });

  it("asks nothing once the page has no place for a host", async () => {
    const page = new FakePage(host("ready"), host("ready"));
    page.place = null;
    assert.equal(await askForHost(page), ENDED);
    assert.deepEqual(page.did, []);
  });

  it("does nothing with an answer whose place has gone meanwhile", async () => {
    const page = new FakePage(host("starting"), host("up"));
    const asked = askForHost(page);
    page.place = null;
    assert.equal(await asked, ENDED);
    assert.deepEqual(page.did, ["ask"]);
  });

  it("shows no answer that is older than what a form has put there meanwhile, as a host that is kept after all", async () => {
    const page = new FakePage(host("ready"), host("ready"));
    const asked = askForHost(page);
    page.element = "the answer to Keep it";
    assert.deepEqual(await asked, paceOf(host("ready")));
    assert.deepEqual(page.did, ["ask"]);
  });
});

describe("the pace", () => {
  for (const [state, seen] of /** @type {const} */ ([
    ["starting", 500],
    ["up", 500],
    ["ready", 15_000],
    ["away", 5_000],
  ])) {
    it(`is ${seen} ms for a host that is ${state}`, () => assert.equal(paceOf(host(state)).seen, seen));
  }

  it("is quicker once the lease is over, but not without pause", () => {
    assert.equal(paceOf(host("ready", { secondsLeft: 0 })).seen, 1_000);
    assert.equal(paceOf(host("ready", { secondsLeft: 1 })).seen, 15_000);
  });

  it("of a hidden page is enough to keep a host, and the place in the queue", () => {
    for (const state of ["starting", "ready", "away"]) assert.ok(paceOf(host(state)).hidden <= 60_000);
  });
});
