// The microphone, as the recorder gets it. The sound goes into memory and nowhere else.

/** @import { Take } from "../core/recorder.js" */

const BITS_PER_SECOND = 32_000; // speech is clear, and ten minutes are 2.4 MB
const WHOLE = "audio/webm;codecs=opus"; // without a timeslice it has its duration, and one can jump in it

/** Whether this browser can record at all: not over plain http from another machine, and not without MediaRecorder. */
export function canRecord() {
  return Boolean(navigator.mediaDevices?.getUserMedia) && typeof MediaRecorder !== "undefined";
}

/**
 * Begin to record. Rejects with the browser's error: NotAllowedError, NotFoundError and others.
 * @returns {Promise<Take>}
 */
export async function openMicrophone() {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  const type = MediaRecorder.isTypeSupported(WHOLE) ? { mimeType: WHOLE } : {};
  const recorder = new MediaRecorder(stream, { audioBitsPerSecond: BITS_PER_SECOND, ...type });
  /** @type {Blob[]} */
  const parts = [];
  recorder.addEventListener("dataavailable", ({ data }) => parts.push(data));
  const ended = new Promise((resolve) => recorder.addEventListener("stop", resolve, { once: true }));
  recorder.start();
  return {
    stop: async () => {
      if (recorder.state !== "inactive") recorder.stop(); // it is, where the microphone was pulled out
      await ended;
      for (const track of stream.getTracks()) track.stop();
      return new Blob(parts, { type: recorder.mimeType });
    },
  };
}
