import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { pressed } from "../../../assets/js/parts/hops.js";

describe("pressing a hop", () => {
  it("puts it last on the way", () => assert.deepEqual(pressed(["eth0"], "docker0"), ["eth0", "docker0"]));

  it("takes it off again, with all after it", () => {
    assert.deepEqual(pressed(["eth0", "docker0", "veth"], "docker0"), ["eth0"]);
  });
});
