import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DoneHere, takenAway } from "../../../assets/js/core/deeds.js";

/** @import { Done, Kind } from "../../../assets/js/core/deeds.js" */

/**
 * @param {string} id
 * @param {Kind} [kind]
 * @param {string} [undoes]
 */
function entry(id, kind, undoes) {
  return {
    id,
    url: "/review",
    fields: { card: `card of ${id}` },
    at: 0,
    ...(kind && { kind }),
    ...(undoes && { undoes }),
  };
}

/**
 * @param {Kind} kind
 * @param {Partial<Done>} [more]
 * @returns {Done}
 */
function done(kind, more = {}) {
  return { id: kind, kind, card: { card: "a", pile: "due", html: "" }, text: "", ...more };
}

describe("what waits in the outbox", () => {
  it("takes away what was rated, buried and suspended, and not what was flagged", () => {
    const held = [entry("one"), entry("two", "bury"), entry("three", "flag"), entry("four", "suspend")];
    assert.deepEqual(
      takenAway(held).map(({ id }) => id),
      ["one", "two", "four"],
    );
  });

  it("takes away nothing that was taken back", () => {
    const held = [
      entry("one"),
      entry("two", "bury"),
      entry("three", "undo", "two"),
      entry("four", "undo", "sent before"),
    ];
    assert.deepEqual(
      takenAway(held).map(({ id }) => id),
      ["one"],
    );
  });
});

describe("what was done on a page", () => {
  it("is taken back from the last to the first", () => {
    const here = new DoneHere([done("rating")]);
    here.add(done("bury"));
    assert.deepEqual([here.last?.kind, here.takeBack()?.card, here.last?.kind], ["bury", "a", "rating"]);
  });

  it("leaves a card whose rating was taken back two versions further on, one apart or buried as it was", () => {
    const versions = [done("rating"), done("rating", { isApart: true }), done("bury")].map(
      (one) => new DoneHere([one]).takeBack()?.version,
    );
    assert.deepEqual(versions, [2, 0, 0]);
  });

  it("counts the versions of a card that is rated and taken back again", () => {
    const here = new DoneHere([done("rating", { card: { card: "a", pile: "due", html: "", version: 2 } })]);
    assert.equal(here.takeBack()?.version, 4);
  });

  it("gives the flag back that a card had", () => {
    assert.equal(new DoneHere([done("flag", { flag: 0 })]).takeBack()?.flag, 0);
  });

  it("knows whether a card that comes back was taken back meanwhile", () => {
    const here = new DoneHere([done("rating")]);
    assert.ok(here.cameBack("rating"));
    here.takeBack();
    assert.ok(!here.cameBack("rating"));
  });

  it("leaves all to the server once something was done there", () => {
    const here = new DoneHere([done("rating")]);
    here.clear();
    assert.deepEqual([here.last, here.isAny], [undefined, true]);
  });

  it("forgets what the server will never take", () => {
    const here = new DoneHere([done("rating"), done("bury")]);
    here.forget("bury");
    assert.deepEqual(
      here.all.map(({ kind }) => kind),
      ["rating"],
    );
  });
});
