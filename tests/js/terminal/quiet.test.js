import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { Quiet } from "../../../assets/js/terminal/quiet.js";
import { FakeClock } from "../doubles.js";

describe("quiet after a command", () => {
  /** @type {FakeClock} */
  let clock;
  let told = 0;
  /** @type {Quiet} */
  let quiet;

  beforeEach(() => {
    clock = new FakeClock();
    told = 0;
    quiet = new Quiet(clock, () => {
      told += 1;
    });
  });

  it("is told once, a second after the last that was printed", async () => {
    quiet.typed("ls\r");
    await clock.pass(900);
    quiet.printed();
    await clock.pass(999);
    assert.equal(told, 0);
    await clock.pass(1);
    await clock.pass(60_000);
    assert.equal(told, 1);
  });

  it("is not told where nothing was entered", async () => {
    quiet.typed("ls");
    quiet.printed();
    await clock.pass(60_000);
    assert.equal(told, 0);
  });

  it("is not told after the end", async () => {
    quiet.typed("\r");
    quiet.end();
    await clock.pass(60_000);
    assert.equal(told, 0);
  });
});
