import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { Recorder, SAYS, SPOKEN_MAX_MS } from "../../../assets/js/core/recorder.js";
import { FakeClock } from "../doubles.js";

const SOUND = new Blob(["sound"]);

describe("a recorder", () => {
  const clock = new FakeClock();
  /** @type {string[]} */
  let shown;
  /** @type {Blob[]} */
  let kept;
  let stopped = 0;

  beforeEach(() => {
    shown = [];
    kept = [];
    stopped = 0;
  });

  /** @param {{ refusal?: string, isFull?: boolean }} [how] */
  function recorder({ refusal, isFull = false } = {}) {
    return new Recorder({
      open: () => {
        if (refusal) return Promise.reject(Object.assign(new Error("no"), { name: refusal }));
        return Promise.resolve({
          stop: () => {
            stopped += 1;
            return Promise.resolve(SOUND);
          },
        });
      },
      keep: (sound) => {
        kept.push(sound);
        return isFull ? Promise.reject(new Error("full")) : Promise.resolve();
      },
      show: (state, says) => shown.push(`${state}: ${says}`),
      clock,
    });
  }

  it("records from one press to the next, and keeps the sound", async () => {
    const one = recorder();
    await one.press();
    assert.equal(one.isBusy, true);
    await one.press();
    assert.equal(one.isBusy, false);
    assert.deepEqual(kept, [SOUND]);
    assert.deepEqual(shown, [
      `asking: ${SAYS.asking}`,
      `recording: ${SAYS.recording}`,
      `keeping: ${SAYS.keeping}`,
      `kept: ${SAYS.kept}`,
    ]);
  });

  it("is stopped once, however often it is asked to", async () => {
    const one = recorder();
    await one.press();
    await Promise.all([one.finish(), one.finish()]);
    await one.finish();
    assert.deepEqual([stopped, kept.length, one.isBusy], [1, 1, false]);
  });

  it("has nothing to stop before it began", async () => {
    const one = recorder();
    await one.finish();
    assert.deepEqual(shown, []);
  });

  for (const [name, word] of [
    ["NotAllowedError", "not allowed"],
    ["NotFoundError", "No microphone was found"],
    ["AbortError", "does not work"],
  ]) {
    it(`says plainly why there is no microphone: ${name}`, async () => {
      const one = recorder({ refusal: name });
      await one.press();
      assert.equal(one.isBusy, false);
      assert.match(shown[1] ?? "", new RegExp(`^unable: .*${word}.*Type your answer`));
    });
  }

  it("can be tried again after a refusal", async () => {
    const one = recorder({ refusal: "NotAllowedError" });
    await one.press();
    await one.press();
    assert.equal(shown.length, 4);
  });

  it("says so where there is no room to keep the sound", async () => {
    const one = recorder({ isFull: true });
    await one.press();
    await one.press();
    assert.equal(shown.at(-1), `lost: ${SAYS.lost}`);
  });

  it("stops by itself at its end", async () => {
    const one = recorder();
    await one.press();
    await clock.pass(SPOKEN_MAX_MS);
    assert.deepEqual([stopped, one.isBusy, clock.waiting], [1, false, 0]);
  });
});
