// What is typed into a note or a lab, kept on the server for the other devices of whoever types it; and those of other devices, offered.
import { all, required } from "./dom.js";
import { pageUser } from "./identity.js";
import { newId } from "./ids.js";
import { post } from "./quiet_post.js";

const KEPT_EVERY_MS = 4000; // a sentence; each time the whole text is sent
const ALONE = "Kept in this browser alone: the server did not answer. It is tried again.";
const BOTH = "Kept in this browser and for your other devices.";
const TAKEN = "What stood here comes back with undo. ";

/**
 * @typedef {object} DraftPlace
 * @property {HTMLFormElement} form
 * @property {() => { text: string, opened: string }} typed what is typed now
 * @property {(draft: { text: string, opened: string }) => void} take puts a draft in its place
 */

/**
 * Keep what is typed, and offer what other devices have kept. Returns what is to be called after each change.
 * @param {DraftPlace} place
 */
export function keepOnServer({ form, typed, take }) {
  const at = form.dataset.draftAt ?? "";
  const device = deviceName();
  const state = required("[data-draft-state]", HTMLElement, form);
  let waits = 0;
  let isSending = false;
  required("input[name=device]", HTMLInputElement, form).value = device;
  for (const offer of all("[data-draft-of]", HTMLElement, form)) show(offer);
  return { changed };

  function changed() {
    if (!waits) waits = window.setTimeout(send, KEPT_EVERY_MS);
  }

  async function send() {
    waits = 0;
    if (isSending) return changed();
    isSending = true;
    const answer = (await post(at, { ...typed(), device }))?.ok;
    isSending = false;
    say(answer ? BOTH : ALONE);
    if (!answer) changed();
  }

  /** @param {string} sentence */
  function say(sentence) {
    state.hidden = false;
    state.textContent = sentence;
  }

  /** @param {HTMLElement} offer */
  function show(offer) {
    const of = offer.dataset.draftOf ?? "";
    if (of === device) return;
    offer.hidden = false;
    offer.addEventListener("click", async ({ target }) => {
      if (!(target instanceof HTMLElement)) return;
      if (target.matches("[data-forget-draft]") && (await forget(of))) offer.remove();
      if (!target.matches("[data-take-draft]")) return;
      const draft = await found(`${at}?${new URLSearchParams({ device: of })}`);
      if (!draft) return say("This draft could not be fetched: it is gone, or there is no connection.");
      const taken = required("input[name=taken]", HTMLInputElement, form);
      taken.value = `${taken.value} ${of}`.trim();
      take(draft);
      say(TAKEN);
      offer.remove();
    });
  }

  /** @param {string} of */
  async function forget(of) {
    return (await post(`${at}/forget`, { device: of }, { outlives: true }))?.ok ?? false;
  }
}

/** What this browser calls itself to its person's other devices. */
function deviceName() {
  const name = `device.${pageUser}`;
  try {
    const known = localStorage.getItem(name);
    if (known) return known;
    const made = newId().replaceAll("-", "");
    localStorage.setItem(name, made);
    return made;
  } catch {
    return newId().replaceAll("-", "");
  }
}

/**
 * A draft; null if there is none, or no connection.
 * @param {string} url
 * @returns {Promise<{ text: string, opened: string } | null>}
 */
async function found(url) {
  try {
    const answer = await fetch(url, { headers: { Accept: "application/json" } });
    const draft = answer.ok ? await answer.json() : null;
    return draft?.text === null ? null : draft;
  } catch {
    return null;
  }
}
