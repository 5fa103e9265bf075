import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import {
  draftOf,
  forgetOld,
  keepDraft,
  LASTS_MS,
  markSent,
  olderDraftOf,
  settleSent,
  textsOf,
  typedAfterSent,
} from "../../../assets/js/core/drafts.js";
import { FakeStorage } from "../doubles.js";

const NAME = "draft.ada./practice/1";
const EMPTY = '[""]';
/** @type {import("../../../assets/js/core/drafts.js").Typed} */
const TYPED = [["text", "half an answer"]];

describe("a draft", () => {
  /** @type {FakeStorage} */
  let store;

  beforeEach(() => {
    store = new FakeStorage();
    keepDraft(store, NAME, { typed: TYPED, at: 1, drawn: EMPTY });
  });

  it("is there again", () => assert.deepEqual(draftOf(store, NAME, EMPTY), TYPED));

  it("is nothing where nothing was typed", () => assert.equal(draftOf(store, "draft.ada./other", EMPTY), null));

  it("is nothing where it cannot be read", () => {
    for (const nonsense of ["{", "[]", "1", '{"drawn":"[\\"\\"]"}']) {
      store.setItem(NAME, nonsense);
      assert.equal(draftOf(store, NAME, EMPTY), null);
    }
  });

  it("gives way to what the server has meanwhile, from here or from another browser", () =>
    assert.equal(draftOf(store, NAME, '["half an answer"]'), null));

  it("says what it was a change of where that is another text by now", () => {
    assert.equal(olderDraftOf(store, NAME, EMPTY), null);
    assert.deepEqual(olderDraftOf(store, NAME, "[]"), { typed: TYPED, at: 1, drawn: EMPTY });
    for (const nonsense of ["{", "[]", "1", '{"typed":[]}']) {
      store.setItem(NAME, nonsense);
      assert.equal(olderDraftOf(store, NAME, "[]"), null);
    }
  });

  it("gives its texts to the page of a question that is closed, whatever that has in it", () => {
    store.setItem(NAME, JSON.stringify({ typed: [["go", "next"], ...TYPED, ["line", " "]], at: 1, drawn: "[]" }));
    assert.deepEqual(textsOf(store, NAME, ["text", "line"]), ["half an answer"]);
    for (const nonsense of ["{", "[]", "1"]) {
      store.setItem(NAME, nonsense);
      assert.deepEqual(textsOf(store, NAME, ["text", "line"]), []);
    }
  });

  it("goes once the server has taken the form", () => {
    markSent(store, NAME);
    settleSent(store, true, [store]);
    assert.equal(draftOf(store, NAME, EMPTY), null);
  });

  it("stays when the server has not taken it, and when the form was not sent", () => {
    settleSent(store, true, [store]);
    markSent(store, NAME);
    settleSent(store, false, [store]);
    settleSent(store, true, [store]);
    assert.notEqual(draftOf(store, NAME, EMPTY), null);
  });

  it("stays when more was typed after the form was sent, by an answer that took a part of the page alone", () => {
    markSent(store, "draft.ada./other");
    typedAfterSent(store, NAME);
    settleSent(store, true, [store]);
    markSent(store, NAME);
    typedAfterSent(store, NAME);
    settleSent(store, true, [store]);
    assert.notEqual(draftOf(store, NAME, EMPTY), null);
  });

  it("goes from the browser as well as from the tab", () => {
    const tab = new FakeStorage();
    markSent(tab, NAME);
    settleSent(tab, true, [tab, store]);
    assert.equal(draftOf(store, NAME, EMPTY), null);
  });

  it("goes when it is old, and nothing else of the storage does", () => {
    store.setItem("outbox.ada", "[]");
    forgetOld(store, LASTS_MS);
    assert.notEqual(draftOf(store, NAME, EMPTY), null);
    forgetOld(store, LASTS_MS + 1);
    assert.equal(draftOf(store, NAME, EMPTY), null);
    assert.equal(store.getItem("outbox.ada"), "[]");
  });

  it("is not kept in a full storage, without a word", () => {
    store.isFull = true;
    keepDraft(store, "draft.ada./full", { typed: TYPED, at: 1, drawn: EMPTY });
    assert.equal(draftOf(store, "draft.ada./full", EMPTY), null);
  });
});
