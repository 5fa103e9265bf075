// A mock interview: answers are recorded beside their question, and heard again beside the guide and in the report.
import { Recorder, SAYS } from "./core/recorder.js";
import { browserClock } from "./parts/clock.js";
import { all, find, required } from "./parts/dom.js";
import { canRecord, openMicrophone } from "./parts/microphone.js";
import { say } from "./parts/notices.js";
import { forgetOldSounds, forgetSounds, keepSound, soundOf } from "./parts/recordings.js";

const NONE_HERE =
  "This browser cannot record here: it has no microphone for pages, or the address begins with http. Type your answer, or say it aloud.";

for (const element of all("[data-recorder]", HTMLElement)) record(element);
for (const element of all("[data-recording]", HTMLElement)) playBack(element);
for (const button of all("[data-print]", HTMLButtonElement)) button.addEventListener("click", () => window.print());
forgetOldSounds(Date.now()).catch(() => {}); // forbidden in this browser: then nothing is kept

/** @param {HTMLElement} place */
function record(place) {
  const name = place.dataset.recorder ?? "";
  const button = required("[data-record]", HTMLButtonElement, place);
  const form = find("form#answer", HTMLFormElement);
  place.hidden = false;
  if (!canRecord()) {
    button.hidden = true;
    required("[data-recorder-says]", HTMLElement, place).textContent = NONE_HERE;
    return;
  }
  const recorder = new Recorder({
    open: openMicrophone,
    keep: (sound) => keepSound(name, sound, Date.now()),
    show: (state, says, sound) => draw(place, state, says, sound),
    clock: browserClock,
  });
  button.addEventListener("click", () => recorder.press());
  form?.addEventListener("submit", async (event) => {
    if (!recorder.isBusy) return;
    event.preventDefault(); // and send it once the sound is kept
    const { submitter } = event;
    await recorder.finish();
    form.requestSubmit(submitter);
  });
  window.addEventListener("beforeunload", (event) => {
    if (recorder.isBusy) event.preventDefault();
  });
  soundOf(name).then((sound) => sound && draw(place, "kept", SAYS.kept, sound));
}

/**
 * @param {HTMLElement} place
 * @param {import("./core/recorder.js").RecorderState} state
 * @param {string} says
 * @param {Blob} [sound]
 */
function draw(place, state, says, sound) {
  const button = required("[data-record]", HTMLButtonElement, place);
  const isOn = state === "recording";
  required("[data-record-word]", HTMLElement, button).textContent = isOn
    ? "Stop recording"
    : sound
      ? "Record again"
      : "Record your answer";
  button.ariaPressed = String(isOn);
  button.disabled = state === "asking" || state === "keeping";
  required("[data-recorder-says]", HTMLElement, place).textContent = says;
  const clock = required("[data-recorder-clock]", HTMLElement, place);
  clock.hidden = !isOn;
  clock.replaceChildren(...(isOn ? [runningClock()] : []));
  const player = required("audio", HTMLAudioElement, place);
  player.hidden = !sound;
  if (sound) play(player, sound);
}

/** A clock that parts/timer.js moves on. */
function runningClock() {
  const clock = document.createElement("span");
  clock.dataset.timer = "up";
  clock.dataset.seconds = "0";
  return clock;
}

/** @param {HTMLElement} place */
async function playBack(place) {
  const sound = await soundOf(place.dataset.recording ?? "");
  if (!sound) return;
  play(required("audio", HTMLAudioElement, place), sound);
  place.hidden = false;
  for (const button of all("[data-forget-recordings]", HTMLButtonElement)) offerToForget(button);
}

/**
 * @param {HTMLAudioElement} player
 * @param {Blob} sound
 */
function play(player, sound) {
  if (player.src) URL.revokeObjectURL(player.src);
  player.src = URL.createObjectURL(sound);
}

/** @param {HTMLButtonElement} button */
function offerToForget(button) {
  if (!button.hidden) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await forgetSounds(`${button.dataset.forgetRecordings}/`);
    for (const place of all("[data-recording]", HTMLElement)) place.remove();
    button.remove();
    say("The recordings are deleted.");
  });
}
