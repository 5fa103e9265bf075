import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { steps } from "../../../assets/js/core/steps.js";

describe("steps that are asked for faster than they come", () => {
  test("lead further with each press, and no further than the row", () => {
    const asked = steps(3, 6);
    assert.deepEqual([1, 1, 1, 1, -1].map(asked.by), [4, 5, 6, 6, 5]);
    assert.equal(steps(2, 6).by(-5), 1);
  });

  test("are drawn if nothing was asked for since", () => {
    const asked = steps(3, 6);
    asked.by(1);
    asked.by(1);
    assert.deepEqual([4, 5].map(asked.is), [false, true]);
  });
});
