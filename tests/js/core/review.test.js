import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { meansGoOn, nextCard } from "../../../assets/js/core/review.js";

const NOT_HELD = { defaultPrevented: false, repeat: false, ctrlKey: false, metaKey: false, altKey: false };

describe("the next card", () => {
  it("is whichever the server has", () => assert.equal(nextCard("/review", []), "/review"));

  it("is none whose answer still waits", () => {
    const waiting = [{ fields: { card: "a" } }, { fields: { card: "b" } }];
    assert.equal(nextCard("/review", waiting), "/review?skip=a&skip=b");
    assert.equal(nextCard("/review?ahead=1", waiting), "/review?ahead=1&skip=a&skip=b");
  });
});

describe("going on", () => {
  it("is Enter or Space", () => {
    const meant = ["Enter", " ", "x"].map((key) => meansGoOn({ ...NOT_HELD, key }, true));
    assert.deepEqual(meant, [true, true, false]);
  });

  it("is Enter alone when single keys are off", () => {
    const meant = ["Enter", " "].map((key) => meansGoOn({ ...NOT_HELD, key }, false));
    assert.deepEqual(meant, [true, false]);
  });

  for (const held of Object.keys(NOT_HELD)) {
    it(`is no key with ${held}`, () => {
      assert.equal(meansGoOn({ ...NOT_HELD, [held]: true, key: "Enter" }, true), false);
    });
  }
});
