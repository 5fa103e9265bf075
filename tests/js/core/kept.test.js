import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DoneHere } from "../../../assets/js/core/deeds.js";
import { restored, stateOf, textsOf } from "../../../assets/js/core/kept.js";
import { Sitting } from "../../../assets/js/core/sitting.js";

/** @import { Coming } from "../../../assets/js/core/sitting.js" */

const WHERE = { address: "/review", more: "/review/coming" };

/** @param {string} card @returns {Coming} */
function due(card) {
  return { card, pile: "due", html: `<input name="csrf_token" value="of this sign-in"><p>${card}</p>` };
}

/** A sitting in which a was rated, b is shown with a flag, and c and d come. */
function review() {
  const sitting = new Sitting(
    due("a"),
    { new: 0, learning: 0, due: 4, later: 0 },
    { coming: ["b", "c", "d"].map(due) },
  );
  const done = new DoneHere([{ id: "1", kind: "rating", card: due("a"), text: "Undone." }]);
  sitting.rated();
  sitting.next();
  sitting.flagged(2);
  return { sitting, done };
}

/**
 * What comes back after it was written and read.
 * @param {import("../../../assets/js/core/outbox.js").Entry[]} [held]
 */
function reloaded(held = []) {
  const written = JSON.stringify([stateOf(review(), WHERE), textsOf(review())]);
  const [state, texts] = JSON.parse(written);
  const back = restored(state, texts, held);
  assert.ok(back);
  return back;
}

/** @param {string} card */
function rated(card) {
  return { id: `of ${card}`, url: "/review", fields: { card }, at: 0 };
}

describe("a sitting after a reload", () => {
  it("is where it was, with what comes and what is left", () => {
    const { sitting, address, more } = reloaded();
    assert.deepEqual([sitting.shown.card, sitting.shown.flag, sitting.isAway], ["b", 2, false]);
    assert.deepEqual([sitting.coming.map(({ card }) => card), sitting.left.due], [["c", "d"], 3]);
    assert.deepEqual({ address, more }, WHERE);
  });

  it("can take back what was done before it", () => {
    assert.match(reloaded().done.takeBack()?.html ?? "", /<p>a<\/p>/);
  });

  it("has no token in its cards", () => {
    assert.doesNotMatch(JSON.stringify(textsOf(review())), /of this sign-in/);
    assert.match(reloaded().sitting.shown.html, /name="csrf_token" value=""/);
  });

  it("leaves out what was rated after it was last kept", () => {
    const { sitting } = reloaded([rated("b"), rated("d")]);
    assert.deepEqual([sitting.isAway, sitting.coming.map(({ card }) => card)], [true, ["c"]]);
  });

  it("is none where nothing was kept, or by another version of the product", () => {
    const texts = textsOf(review());
    assert.equal(restored(null, texts, []), null);
    assert.equal(restored(stateOf(review(), WHERE), null, []), null);
    assert.equal(restored({ ...stateOf(review(), WHERE), format: 0 }, texts, []), null);
  });
});
