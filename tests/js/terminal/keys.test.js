import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isCopy, isPaste, isWayOut, withControl } from "../../../assets/js/terminal/keys.js";

const PLAIN = { ctrlKey: false, metaKey: false, shiftKey: false, key: "", code: "" };

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

describe("Ctrl of a phone's keys", () => {
  it("makes of a key what Ctrl with that key sends", () => {
    assert.deepEqual(["c", "D", "[", "_"].map(withControl), ["\x03", "\x04", "\x1b", "\x1f"]);
  });

  it("leaves what has no such meaning as it is", () => {
    assert.deepEqual(["1", "ab", "\r", "ä", ""].map(withControl), ["1", "ab", "\r", "ä", ""]);
  });
});
