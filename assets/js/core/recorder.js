// An answer that is spoken: recorded, stopped, kept. Knows no browser: microphone, storage and time are arguments.

/** @import { Clock } from "./clock.js" */

/** @typedef {"idle" | "asking" | "recording" | "keeping" | "kept" | "lost" | "unable"} RecorderState */

/**
 * A recording that goes on; `stop` gives the sound and lets the microphone go.
 * @typedef {{ stop: () => Promise<Blob> }} Take
 */

export const SPOKEN_MAX_MS = 10 * 60 * 1000; // about 2.4 MB; an answer in an interview takes two to three minutes

/** @type {Record<RecorderState, string>} what a person is told */
export const SAYS = {
  idle: "The sound stays in this browser and is sent nowhere. Or type, or only say it aloud.",
  asking: "Your browser asks whether it may use the microphone.",
  recording: "Recording. Press again to stop, or go on to the next question.",
  keeping: "One moment.",
  kept: "Recorded. You hear it again beside the guide at the end. To record again replaces it.",
  lost: "Recorded, but this browser has no room to keep it: listen to it before you go on.",
  unable: "",
};

/**
 * Why there is no microphone, and what to do, by the name of the browser's error.
 * @param {string} name
 */
export function whyUnable(name) {
  if (name === "NotAllowedError")
    return "The microphone was not allowed. Type your answer, or say it aloud unrecorded.";
  if (name === "NotFoundError") return "No microphone was found. Type your answer, or say it aloud unrecorded.";
  return "The microphone does not work here just now. Type your answer, or say it aloud unrecorded.";
}

export class Recorder {
  #open;
  #keep;
  #show;
  #clock;
  /** @type {Take | null} */
  #take = null;
  /** @type {RecorderState} */
  #state = "idle";
  #timer = 0;
  /** @type {Promise<void>} of what is being stopped and kept */
  #ending = Promise.resolve();

  /**
   * @param {object} with_
   * @param {() => Promise<Take>} with_.open begins to record; rejects with the browser's error
   * @param {(sound: Blob) => Promise<void>} with_.keep rejects where there is no room
   * @param {(state: RecorderState, says: string, sound?: Blob) => void} with_.show
   * @param {Clock} with_.clock
   */
  constructor({ open, keep, show, clock }) {
    this.#open = open;
    this.#keep = keep;
    this.#show = show;
    this.#clock = clock;
  }

  /** Whether a sound is being recorded, or not kept yet. */
  get isBusy() {
    return this.#state === "recording" || this.#state === "keeping";
  }

  /** Begin to record, or stop. */
  async press() {
    if (this.#state === "recording") await this.finish();
    else if (!this.isBusy && this.#state !== "asking") await this.#begin();
  }

  /** Stop, if a sound is being recorded; done once it is kept, or cannot be. */
  finish() {
    const take = this.#take;
    this.#take = null;
    if (take) this.#ending = this.#end(take);
    return this.#ending;
  }

  /** @param {Take} take */
  async #end(take) {
    this.#clock.cancel(this.#timer);
    this.#to("keeping");
    const sound = await take.stop();
    try {
      await this.#keep(sound);
      this.#to("kept", sound);
    } catch {
      this.#to("lost", sound);
    }
  }

  async #begin() {
    this.#to("asking");
    try {
      this.#take = await this.#open();
    } catch (error) {
      this.#state = "unable";
      this.#show("unable", whyUnable(error instanceof Error ? error.name : ""));
      return;
    }
    this.#timer = this.#clock.after(() => this.finish(), SPOKEN_MAX_MS);
    this.#to("recording");
  }

  /**
   * @param {RecorderState} state
   * @param {Blob} [sound]
   */
  #to(state, sound) {
    this.#state = state;
    this.#show(state, SAYS[state], sound);
  }
}
