import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { draftOf, keepDraft, markSent, settleSent } from "../../../assets/js/core/drafts.js";
import { FakeStorage } from "../doubles.js";

const NAME = "draft.ada./practice/1";

describe("a draft", () => {
  /** @type {FakeStorage} */
  let store;

  beforeEach(() => {
    store = new FakeStorage();
    keepDraft(store, NAME, [["text", "half an answer"]]);
  });

  it("is there again", () => assert.deepEqual(draftOf(store, NAME), [["text", "half an answer"]]));

  it("is nothing where nothing was typed", () => assert.equal(draftOf(store, "draft.ada./other"), null));

  it("is nothing where it cannot be read", () => {
    store.setItem(NAME, "{");
    assert.equal(draftOf(store, NAME), null);
  });

  it("goes once the server has taken the form", () => {
    markSent(store, NAME);
    settleSent(store, true);
    assert.equal(draftOf(store, NAME), null);
  });

  it("stays when the server has not taken it, and when the form was not sent", () => {
    settleSent(store, true);
    markSent(store, NAME);
    settleSent(store, false);
    settleSent(store, true);
    assert.notEqual(draftOf(store, NAME), null);
  });

  it("is not kept in a full storage, without a word", () => {
    store.isFull = true;
    keepDraft(store, "draft.ada./full", [["text", "x"]]);
    assert.equal(draftOf(store, "draft.ada./full"), null);
  });
});
