import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Ahead } from "../../../assets/js/core/proof.js";
import { FakeClock } from "../doubles.js";

/** @param {(string | null)[]} [answers] what each request brings; by default a part named after its number */
function aheadWith(answers) {
  const clock = new FakeClock();
  /** @type {string[]} */
  const happened = [];
  let asked = 0;
  const ahead = new Ahead({
    begin: (address) => {
      happened.push(address);
      asked += 1;
      return Promise.resolve(answers ? (answers[asked - 1] ?? null) : `part ${asked}`);
    },
    end: () => happened.push("end"),
    clock,
  });
  return { ahead, happened, clock };
}

describe("hosts for a card", () => {
  it("are begun while the card before is shown, and asked for once", async () => {
    const { ahead, happened } = aheadWith();
    await ahead.show(null);
    ahead.comes("one");
    ahead.comes("one");
    assert.equal(await ahead.show("one"), "part 1");
    assert.deepEqual(happened, ["one"]);
  });

  it("are the shown card's until it is done; then those of the next are begun", async () => {
    const { ahead, happened } = aheadWith();
    await ahead.show("one");
    ahead.comes("two");
    assert.deepEqual(happened, ["one"]);
    ahead.done();
    assert.deepEqual(happened, ["one", "two"]);
  });

  it("pass on to the next card that needs some, if the shown one is put off", async () => {
    const { ahead, happened } = aheadWith();
    await ahead.show("one");
    ahead.comes("two");
    await ahead.show("two");
    ahead.comes(null);
    assert.deepEqual(happened, ["one", "two"]);
  });

  it("are let go once no card needs them", async () => {
    const { ahead, happened } = aheadWith();
    ahead.comes("one");
    await ahead.show(null);
    ahead.comes(null);
    ahead.leave();
    assert.deepEqual(happened, ["one", "end"]);
  });

  it("are not let go where none were begun", async () => {
    const { ahead, happened } = aheadWith();
    await ahead.show(null);
    ahead.comes(null);
    ahead.leave();
    assert.deepEqual(happened, []);
  });

  it("are asked for again where no answer came", async () => {
    const { ahead, happened } = aheadWith([null, "part"]);
    ahead.comes("one");
    assert.equal(await ahead.show("one"), "part");
    assert.deepEqual(happened, ["one", "one"]);
  });

  it("are asked for again after minutes in which nobody did", async () => {
    const { ahead, happened, clock } = aheadWith();
    ahead.comes("one");
    clock.pass(300_000);
    assert.equal(await ahead.show("one"), "part 2");
    assert.deepEqual(happened, ["one", "one"]);
  });
});
