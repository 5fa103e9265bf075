import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { EditorState } from "@codemirror/state";
import { beginAnswer } from "../../../assets/js/parts/answer_line.js";

/**
 * The text after Enter at `|`, or null where Enter is left to the language.
 * @param {string} text
 */
function entered(text) {
  const doc = text.replace("|", "");
  let state = EditorState.create({ doc, selection: { anchor: text.indexOf("|") } });
  const isDone = beginAnswer({ state, dispatch: (change) => (state = change.state) });
  return isDone ? state.doc.toString() : null;
}

describe("Enter in a note", () => {
  it("begins the answer behind a numbered question", () => {
    assert.equal(entered("6. A?\nb\n\n7. What is **NAT?**|"), "6. A?\nb\n\n7. What is **NAT?**\n");
    assert.equal(entered("1) What?|\n2) Why?"), "1) What?\n\n2) Why?");
  });

  it("is left alone elsewhere", () => {
    const others = ["1. a step|", "1. What| is it?", "What?|", "- What?|", "1. What?\n2. Why?|", "|"];
    assert.deepEqual(others.map(entered), [null, null, null, null, null, null]);
  });
});
