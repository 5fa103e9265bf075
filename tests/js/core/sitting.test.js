import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { REFILL_BELOW, Sitting } from "../../../assets/js/core/sitting.js";

/** @param {string} names each letter a card that is due */
function cards(names) {
  return [...names].map((card) => ({ card, pile: "due", html: `<p>${card}</p>` }));
}

function sittingOf(names = "") {
  const sitting = new Sitting({ card: "a", pile: "new", html: "<p>a</p>" }, { new: 1, learning: 0, due: 3, later: 0 });
  sitting.refill(cards(names), sitting.moment);
  return sitting;
}

describe("a sitting", () => {
  it("gives out the cards in the server's order, but for the one that is shown", () => {
    const sitting = sittingOf("abc");
    assert.deepEqual([sitting.next()?.card, sitting.next()?.card, sitting.next()], ["b", "c", undefined]);
  });

  it("keeps what is left of each pile", () => {
    const sitting = sittingOf("bc");
    sitting.rated();
    sitting.comesBack();
    sitting.next();
    sitting.rated();
    assert.deepEqual(sitting.left, { new: 0, learning: 0, due: 2, later: 1 });
  });

  it("leaves out what was rated while the server was asked", () => {
    const sitting = sittingOf("bc");
    const asked = sitting.moment;
    sitting.rated();
    sitting.next();
    sitting.refill(cards("abcd"), asked);
    assert.deepEqual([sitting.next()?.card, sitting.next()?.card], ["c", "d"]);
  });

  it("shows a card again that the server sends again later", () => {
    const sitting = sittingOf("b");
    sitting.rated();
    sitting.next();
    sitting.refill(cards("a"), sitting.moment);
    assert.equal(sitting.next()?.card, "a");
  });

  it("gives out a card that was set aside after all others", () => {
    const sitting = sittingOf("b");
    sitting.setAside();
    sitting.next();
    sitting.refill(cards("acd"), sitting.moment);
    assert.deepEqual([sitting.next()?.card, sitting.next()?.card, sitting.next()?.card], ["c", "d", "a"]);
  });

  it("asks for more before it runs out", () => {
    assert.ok(sittingOf("bcd").runsLow);
    const many = Array.from({ length: REFILL_BELOW }, (_, index) => ({ card: `card ${index}`, pile: "due", html: "" }));
    const sitting = sittingOf();
    sitting.refill(many, sitting.moment);
    assert.ok(!sitting.runsLow);
  });

  it("shows a card again that was taken back, and then the one that was shown meanwhile", () => {
    const sitting = sittingOf("bc");
    const first = sitting.shown;
    sitting.rated();
    sitting.next();
    sitting.back(first, { wasAway: true });
    assert.deepEqual([sitting.shown.card, sitting.left.new], ["a", 1]);
    assert.deepEqual([sitting.next()?.card, sitting.next()?.card], ["b", "c"]);
  });

  it("takes back a card after which none was here", () => {
    const sitting = sittingOf();
    sitting.rated();
    sitting.comesBack();
    assert.ok(sitting.isAway);
    sitting.back(sitting.shown, { wasAway: true, cameBack: true });
    assert.deepEqual(
      [sitting.isAway, sitting.left, sitting.coming],
      [false, { new: 1, learning: 0, due: 3, later: 0 }, []],
    );
  });

  it("keeps what was changed here until the server has been told", () => {
    const sitting = sittingOf("bc");
    sitting.next();
    sitting.flagged(3);
    sitting.back({ card: "a", pile: "new", html: "", version: 2 }, { wasAway: false });
    sitting.refill(cards("bc"), sitting.moment, false);
    assert.deepEqual(
      sitting.coming.map(({ flag }) => flag),
      [3, undefined],
    );
    sitting.refill(cards("bc"), sitting.moment);
    assert.deepEqual(
      sitting.coming.map(({ flag }) => flag),
      [undefined, undefined],
    );
  });
});
