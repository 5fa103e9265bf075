import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { keepWhileHidden } from "../../../assets/js/terminal/keep.js";
import { FakeStorage } from "../doubles.js";

/** A document that can be hidden. */
class FakeDocument extends EventTarget {
  visibilityState = "visible";

  /** @param {"visible" | "hidden"} state */
  become(state) {
    this.visibilityState = state;
    this.dispatchEvent(new Event("visibilitychange"));
  }
}

describe("what a tab keeps", () => {
  /** @type {FakeStorage} */
  let storage;
  /** @type {FakeDocument} */
  let page;
  /** @type {EventTarget} */
  let window;

  beforeEach(() => {
    storage = new FakeStorage();
    page = new FakeDocument();
    window = new EventTarget();
  });

  function keep() {
    return keepWhileHidden("shell", { storage, page, window });
  }

  it("outlives a reload", () => {
    keep().value = "s1";
    window.dispatchEvent(new Event("pagehide"));
    assert.equal(keep().value, "s1");
  });

  it("is not in the storage while the tab is seen, when it could be duplicated", () => {
    storage.setItem("shell", "s1");
    const kept = keep();
    assert.deepEqual([kept.value, storage.length], ["s1", 0]);
    page.become("hidden");
    assert.equal(storage.getItem("shell"), "s1");
    page.become("visible");
    assert.equal(storage.length, 0);
  });

  it("is nothing once its value is null", () => {
    const kept = keep();
    kept.value = "s1";
    page.become("hidden");
    kept.value = null;
    window.dispatchEvent(new Event("pagehide"));
    assert.equal(storage.length, 0);
  });
});
