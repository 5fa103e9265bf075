import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cleaned } from "../../../assets/js/terminal/paste.js";

describe("what is pasted", () => {
  it("has no control characters but tabs and ends of lines", () => {
    assert.equal(cleaned("a\tb\x1b[201~\x00c\x7f\x9fd").text, "a\tb[201~cd");
  });

  it("has a line for each that would run", () => {
    const counted = ["ls", "ls\n", "a\nb", "a\r\nb\rc\n\n"].map((text) => cleaned(text).lines);
    assert.deepEqual(counted, [1, 1, 2, 3]);
  });
});
