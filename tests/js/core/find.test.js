// Where words stand in a text, and the walk from one hit to the next.
import assert from "node:assert/strict";
import { test } from "node:test";
import { HITS_MAX, hitsIn, Walk } from "../../../assets/js/core/find.js";

test("hits are found in any case and over line breaks", () => {
  assert.deepEqual(hitsIn("The Bridge\n docker0. A BRIDGE docker0", "bridge docker0"), [
    [4, 19],
    [23, 37],
  ]);
  assert.deepEqual(hitsIn("anything", "  "), []);
});

test("signs mean themselves", () => {
  assert.deepEqual(hitsIn("a -p 8080:80 (b) [x] c", "-p 8080:80 (b) [x]"), [[2, 20]]);
  assert.deepEqual(hitsIn("aab", "a.b"), []);
});

test("a letter that is everywhere has a bounded number of hits", () => {
  assert.equal(hitsIn("a".repeat(5000), "a").length, HITS_MAX);
  assert.equal(new Walk(HITS_MAX).said, "999 or more");
});

test("the walk goes round, both ways", () => {
  const walk = new Walk(3);
  assert.equal(walk.said, "3");
  assert.deepEqual([walk.go(1), walk.go(1), walk.go(1), walk.go(1)], [0, 1, 2, 0]);
  assert.equal(walk.said, "1 of 3");
  assert.equal(walk.go(-1), 2);
  assert.equal(new Walk(3).go(-1), 2);
});

test("without a hit there is no walk", () => {
  const walk = new Walk(0);
  assert.equal(walk.go(1), -1);
  assert.equal(walk.said, "not in this note");
});
