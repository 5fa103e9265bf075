import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { ENDED, FAILED, Poller } from "../../../assets/js/core/poller.js";
import { FakeClock, settle } from "../doubles.js";

/** @import { Pace } from "../../../assets/js/core/poller.js" */

const PACE = { seen: 1_000, hidden: 60_000 };
const MINUTE_MS = 60_000;

describe("a poller", () => {
  /** @type {FakeClock} */
  let clock;
  /** @type {((outcome: Pace | typeof ENDED | typeof FAILED) => void)[]} */
  let open;
  let asked = 0;
  let isHidden = false;
  /** @type {Poller} */
  let poller;

  beforeEach(() => {
    clock = new FakeClock();
    open = [];
    asked = 0;
    isHidden = false;
    poller = new Poller({ ask, clock, isHidden: () => isHidden });
  });

  function ask() {
    asked += 1;
    return new Promise((resolve) => open.push(resolve));
  }

  /** @param {Pace | typeof ENDED | typeof FAILED} outcome */
  async function answer(outcome = PACE) {
    open.shift()?.(outcome);
    await settle();
  }

  it("asks after its pace, and again so long after each answer", async () => {
    poller.start(PACE);
    await clock.pass(999);
    assert.equal(asked, 0);
    await clock.pass(1);
    await clock.pass(MINUTE_MS);
    assert.equal(asked, 1, "the answer is awaited");
    await answer();
    await clock.pass(1_000);
    assert.equal(asked, 2);
  });

  it("stays one loop, however often it is started or told to ask now", async () => {
    for (let time = 0; time < 5; time += 1) {
      poller.start(PACE);
      poller.askNow();
    }
    await clock.pass(0);
    for (let time = 0; time < 5; time += 1) poller.askNow();
    assert.equal(asked, 1);
    await answer();
    await clock.pass(0);
    assert.equal(asked, 2, "once more, for what happened while the answer was awaited");
    await answer();
    assert.equal(clock.waiting, 1);
    await clock.pass(999);
    assert.equal(asked, 2);
  });

  it("is not put off by being started again", async () => {
    poller.start(PACE);
    await clock.pass(500);
    poller.start(PACE);
    await clock.pass(500);
    assert.equal(asked, 1);
  });

  it("ends for good with the thing it asks for", async () => {
    poller.start(PACE);
    poller.askNow();
    await clock.pass(0);
    await answer(ENDED);
    poller.askNow();
    await clock.pass(MINUTE_MS);
    assert.deepEqual([asked, clock.waiting], [1, 0]);
  });

  it("can be started again after its end", async () => {
    poller.start(PACE);
    poller.stop();
    poller.start(PACE);
    await clock.pass(1_000);
    assert.equal(asked, 1);
  });

  it("is still one loop when it is stopped and started while an answer is awaited", async () => {
    poller.start(PACE);
    await clock.pass(1_000);
    poller.stop();
    poller.start(PACE);
    await clock.pass(MINUTE_MS);
    assert.equal(asked, 1);
    await answer();
    assert.equal(clock.waiting, 1);
  });

  it("throws away what comes after it was stopped", async () => {
    poller.start(PACE);
    await clock.pass(1_000);
    poller.stop();
    await answer();
    assert.equal(clock.waiting, 0);
  });

  it("waits longer and longer after requests that fail, and as usual after the next answer", async () => {
    poller.start({ seen: 0, hidden: 0 });
    await clock.pass(0);
    for (const wait of [2_000, 5_000, 10_000, 20_000, 30_000, 30_000]) {
      const before = asked;
      await answer(FAILED);
      await clock.pass(wait - 1);
      assert.equal(asked, before);
      await clock.pass(1);
      assert.equal(asked, before + 1);
    }
    await answer();
    await clock.pass(1_000);
    await answer(FAILED);
    await clock.pass(2_000);
    assert.equal(asked, 9);
  });

  it("asks seldom while the page is hidden, and at once when it is told that it is seen", async () => {
    isHidden = true;
    poller.start(PACE);
    await clock.pass(59_999);
    assert.equal(asked, 0);
    isHidden = false;
    poller.askNow();
    await clock.pass(0);
    await answer();
    await clock.pass(1_000);
    assert.equal(asked, 2);
  });

  it("goes on after an error of the one who asks, which is not swallowed", async () => {
    let calls = 0;
    const faults = await unhandled(async () => {
      const failing = new Poller({ ask: () => Promise.reject(new Error(`bug ${++calls}`)), clock });
      failing.start(PACE);
      await clock.pass(3_000);
    });
    assert.deepEqual(faults, ["bug 1", "bug 2"]);
  });
});

/**
 * The messages of the errors that nobody handled while `work` went on.
 * @param {() => Promise<void>} work
 */
async function unhandled(work) {
  /** @type {string[]} */
  const messages = [];
  const note = (/** @type {Error} */ error) => messages.push(error.message);
  const others = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", note);
  await work();
  await settle();
  process.off("unhandledRejection", note);
  for (const other of others) process.on("unhandledRejection", other);
  return messages;
}
