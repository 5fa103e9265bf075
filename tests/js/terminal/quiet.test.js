import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { Quiet } from "../../../assets/js/terminal/quiet.js";
import { FakeClock } from "../doubles.js";

/** @param {string} text */
const bytes = (text) => new TextEncoder().encode(text);
const PROMPT = "\x1b[?2004hdocker-host:~# ";
const RUNS = "\x1b[?2004l\r";

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
    quiet.printed(bytes("file"));
    await clock.pass(999);
    assert.equal(told, 0);
    await clock.pass(1);
    await clock.pass(60_000);
    assert.equal(told, 1);
  });

  it("is told as soon as the prompt is back", async () => {
    quiet.typed("docker start web\r");
    quiet.printed(bytes(`${RUNS}\r\n`));
    await clock.pass(500);
    quiet.printed(bytes(`web\r\n${PROMPT}`));
    await clock.pass(100);
    assert.equal(told, 1);
  });

  it("waits a second again where a line that was typed ahead runs", async () => {
    quiet.typed("true\r");
    quiet.printed(bytes(`${PROMPT}sleep 0.5\r\n${RUNS}`));
    await clock.pass(500);
    assert.equal(told, 0);
    quiet.printed(bytes(PROMPT));
    await clock.pass(100);
    assert.equal(told, 1);
  });

  it("is told once more of a line that was typed ahead and begins after the first was told", async () => {
    quiet.typed("true\r");
    quiet.printed(bytes(PROMPT));
    await clock.pass(100);
    quiet.printed(bytes(`sleep 1\r\n${RUNS}`));
    quiet.printed(bytes(PROMPT));
    await clock.pass(100);
    assert.equal(told, 2);
  });

  it("is told again of a command that fell quiet on its way, once it is over", async () => {
    quiet.typed("docker run -d nginx\r");
    quiet.printed(bytes(`\r\n${RUNS}`));
    await clock.pass(4000);
    assert.equal(told, 1);
    quiet.printed(bytes(`3f1c\r\n${PROMPT}`));
    await clock.pass(100);
    assert.equal(told, 2);
    quiet.printed(bytes(PROMPT)); // drawn anew, as after a change of the window's width
    await clock.pass(60_000);
    assert.equal(told, 2);
  });

  it("waits where the next line is being typed", async () => {
    quiet.typed("true\r");
    quiet.printed(bytes(PROMPT));
    quiet.typed("d");
    quiet.printed(bytes("d"));
    await clock.pass(900);
    assert.equal(told, 0);
  });

  it("is not told where nothing was entered", async () => {
    quiet.typed("ls");
    quiet.printed(bytes("file"));
    await clock.pass(60_000);
    assert.equal(told, 0);
  });

  it("is not told of what was shown before anything was typed", async () => {
    quiet.printed(bytes(`ls\r\n${RUNS}file\r\n${PROMPT}`));
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
