import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nearest } from "../../../assets/js/parts/split.js";

describe("the share of a pane", () => {
  it("is a step that the style sheet has a rule for", () => {
    assert.deepEqual([0, 26, 27.5, 44, 61, 99].map(nearest), [25, 25, 30, 45, 60, 60]);
  });
});
