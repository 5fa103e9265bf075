import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { sizeOf, told } from "../../../assets/js/parts/sending.js";

const MIB = 1024 * 1024;

describe("how much of a form has arrived", () => {
  it("moves with each bit of it", () => {
    assert.deepEqual(told(3 * MIB, 12 * MIB), {
      percent: 25,
      shown: "3.0 of 12.0 MiB have arrived.",
      said: "20 % have arrived.",
    });
  });

  it("is said again only after ten percent more", () => {
    assert.equal(told(20, 100).said, told(29, 100).said);
    assert.notEqual(told(29, 100).said, told(30, 100).said);
  });

  it("is all once all is there, and never more", () => {
    assert.equal(told(120, 100).percent, 100);
    assert.match(told(100, 100).said, /being read/);
  });

  it("is nothing of nothing", () => assert.equal(told(0, 0).percent, 0));
});

describe("the size of a form", () => {
  it("is that of its texts in UTF-8 and of its files", () => {
    const fields = new FormData();
    fields.append("text", "é");
    fields.append("files", new File([new Uint8Array(10)], "a.zip"));
    assert.equal(sizeOf(fields), 12);
  });
});
