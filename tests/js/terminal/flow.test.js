import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { Flow } from "../../../assets/js/terminal/flow.js";
import { FakeClock } from "../doubles.js";

const KIB = 1024;

describe("the flow of output", () => {
  /** @type {FakeClock} */
  let clock;
  /** @type {number[]} */
  let acknowledged;
  /** @type {Flow} */
  let flow;

  beforeEach(() => {
    clock = new FakeClock();
    acknowledged = [];
    flow = new Flow({ clock, acknowledge: (next) => acknowledged.push(next) });
    flow.restart(100);
  });

  it("is acknowledged once it is shown, not when it comes", async () => {
    const shown = flow.take(5);
    await clock.pass(1_000);
    assert.deepEqual([flow.received, flow.shown, acknowledged], [105, 100, []]);
    shown();
    await clock.pass(200);
    assert.deepEqual([flow.shown, acknowledged], [105, [105]]);
  });

  it("is acknowledged in one for much that is shown within 200 ms", async () => {
    for (let time = 0; time < 10; time += 1) flow.take(5)();
    await clock.pass(1_000);
    assert.deepEqual(acknowledged, [150]);
  });

  it("is acknowledged at once after 16 KiB", () => {
    flow.take(16 * KIB)();
    assert.deepEqual([acknowledged, clock.waiting], [[100 + 16 * KIB], 0]);
  });

  it("is slowed once a burst is over 2 MiB, until nothing came for a second", async () => {
    await clock.pass(1_000);
    flow.take(1);
    flow.take(2 * KIB * KIB + 1)();
    assert.deepEqual(acknowledged, []);
    await clock.pass(50);
    assert.equal(acknowledged.length, 1);
    await clock.pass(1_000);
    flow.take(16 * KIB)();
    assert.equal(acknowledged.length, 2, "at once again");
  });

  it("forgets what was not shown when it is numbered anew", async () => {
    const shown = flow.take(5);
    flow.restart(0);
    shown();
    await clock.pass(1_000);
    assert.deepEqual([flow.received, flow.shown, acknowledged], [0, 0, []]);
  });
});
