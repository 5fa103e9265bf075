import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Count } from "../../../assets/js/core/countdown.js";

describe("a countdown", () => {
  it("shows whole seconds, the last one until it is over", () => {
    const count = new Count({ direction: "down", seconds: 372, now: 5_000 });
    assert.equal(count.at(5_000).text, "6:12");
    assert.equal(count.at(5_001).text, "6:12");
    assert.equal(count.at(6_000).text, "6:11");
    assert.equal(count.at(376_999).text, "0:01");
  });

  it("comes to its end once", () => {
    const count = new Count({ direction: "down", seconds: 2, now: 0 });
    assert.deepEqual(
      [1_999, 2_000, 2_500, 9_000].map((now) => count.at(now).ends),
      [false, true, false, false],
    );
    assert.equal(count.at(9_000).text, "0:00");
  });

  it("that was drawn at its end does not come to it", () => {
    const count = new Count({ direction: "down", seconds: 0, now: 0 });
    assert.deepEqual(count.at(0), { text: "0:00", ends: false });
  });
});

describe("a clock that counts up", () => {
  it("shows the seconds that are over, and hours when there are any", () => {
    const count = new Count({ direction: "up", seconds: 3_599, now: 0 });
    assert.equal(count.at(999).text, "59:59");
    assert.equal(count.at(1_000).text, "1:00:00");
    assert.equal(count.at(402_000).text, "1:06:41");
  });

  it("has no end", () => {
    assert.equal(new Count({ direction: "up", seconds: 0, now: 0 }).at(0).ends, false);
  });
});
