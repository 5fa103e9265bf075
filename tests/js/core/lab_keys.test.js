// Which keys and words are offered at a place in a lab's YAML.
import assert from "node:assert/strict";
import { test } from "node:test";
import { offersAt } from "../../../assets/js/core/lab_keys.js";

const SCHEMA = {
  LabDefinition: {
    title: { about: "On the list." },
    template: { about: "", values: ["userns", "vm"] },
    task: { about: "" },
    vars: { about: "", part: "Variable", named: true },
    checks: { about: "", part: "Check" },
  },
  Variable: { random: { about: "A range." } },
  Check: { name: { about: "" }, expect: { about: "", part: "Expect" }, published: { about: "", part: "Published" } },
  Expect: { equals: { about: "" } },
  Published: { from: { about: "", values: ["host", "neighbour"] } },
};

/** @param {string} text up to the cursor */
function offered(text) {
  const above = text.split("\n");
  const before = above.pop() ?? "";
  const found = offersAt(SCHEMA, above, before);
  return found && [before.slice(found.from), ...found.offers.map(({ label }) => label)];
}

test("keys of the file, and the words of a key", () => {
  assert.deepEqual(offered("id: a\nti"), ["ti", "title", "template", "task", "vars", "checks"]);
  assert.deepEqual(offered("template: v"), ["v", "userns", "vm"]);
  assert.deepEqual(offered("title: v"), ["v"]);
});

test("keys of a part in a list, wherever its dash stands", () => {
  for (const text of [
    "checks:\n  - na",
    "checks:\n- na",
    "checks:\n  - name: a\n    na",
    "checks: # all\n\n  # one\n  - na",
  ])
    assert.deepEqual(offered(text), ["na", "name", "expect", "published"], text);
  assert.deepEqual(offered("checks:\n  - name: a\n    expect:\n      eq"), ["eq", "equals"]);
  assert.deepEqual(offered("checks:\n  - published:\n      from: n"), ["n", "host", "neighbour"]);
});

test("keys and words in braces", () => {
  assert.deepEqual(offered("checks:\n  - {name: a, ex"), ["ex", "name", "expect", "published"]);
  assert.deepEqual(offered("checks:\n  - name: a\n    published: {from: h"), ["h", "host", "neighbour"]);
  assert.deepEqual(offered("checks:\n  - {name: a, published: {"), ["", "from"]);
});

test("below the author's own names the part's keys, and none for the names", () => {
  assert.deepEqual(offered("vars:\n  PORT:\n    ra"), ["ra", "random"]);
  assert.equal(offered("vars:\n  PO"), null);
});

test("nothing in a text, in a key that there is not, and behind a sentence", () => {
  assert.equal(offered("task: |\n  Start the na"), null);
  assert.equal(offered("other:\n  na"), null);
  assert.equal(offered("title: two words"), null);
});
