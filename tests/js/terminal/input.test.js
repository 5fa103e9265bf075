import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isCopy, isPaste, isWayOut } from "../../../assets/js/terminal/keys.js";
import { cleaned } from "../../../assets/js/terminal/paste.js";

const PLAIN = { ctrlKey: false, metaKey: false, shiftKey: false, key: "", code: "" };

describe("what is pasted", () => {
  it("has no control characters but tabs and ends of lines", () => {
    assert.equal(cleaned("a\tb\x1b[201~\x00c\x7f\x9fd").text, "a\tb[201~cd");
  });

  it("has a line for each that would run", () => {
    const counted = ["ls", "ls\n", "a\nb", "a\r\nb\rc\n\n"].map((text) => cleaned(text).lines);
    assert.deepEqual(counted, [1, 1, 2, 3]);
  });
});

describe("keys that the page keeps from the shell", () => {
  it("are the way out, on any layout", () => {
    const held = { ...PLAIN, ctrlKey: true, shiftKey: true };
    assert.ok(isWayOut({ ...held, code: "Period" }));
    assert.ok(isWayOut({ ...held, key: ">" }));
    assert.ok(!isWayOut({ ...held, shiftKey: false, code: "Period" }));
  });

  it("are copy and paste, with Ctrl or with ⌘", () => {
    assert.ok(isCopy({ ...PLAIN, ctrlKey: true, key: "C" }));
    assert.ok(isPaste({ ...PLAIN, metaKey: true, key: "v" }));
    assert.ok(!isCopy({ ...PLAIN, key: "c" }));
  });
});
