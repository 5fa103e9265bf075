// What was typed into a form, kept under a name until the server has taken it. Knows no element.

/** @typedef {Pick<Storage, "getItem" | "setItem" | "removeItem">} Store */

/** @typedef {[name: string, value: string][]} Typed the fields of a form, as FormData gives them */

/**
 * What is kept: since when, in milliseconds since 1970, and what the form had in it when it was drawn.
 * @typedef {{ typed: Typed, at: number, drawn: string }} Draft
 */

const SENT = "draft-sent"; // the name of the form whose answer the next page is
const PREFIX = "draft.";
export const LASTS_MS = 30 * 24 * 60 * 60 * 1000; // as long as a sign-in; who comes back later begins anew

/**
 * @param {Store} store
 * @param {string} name
 * @param {Draft} draft
 */
export function keepDraft(store, name, draft) {
  try {
    store.setItem(name, JSON.stringify(draft));
  } catch {
    // A full or forbidden storage keeps nothing; the form works as it would without it.
  }
}

/**
 * What was kept; null for nothing, for what cannot be read, and for a form that has something else in it by now: the server
 * has taken what was typed, or something newer from another browser.
 * @param {Store} store
 * @param {string} name
 * @param {string} drawn
 * @returns {Typed | null}
 */
export function draftOf(store, name, drawn) {
  const draft = read(store, name);
  return draft && draft.drawn === drawn && Array.isArray(draft.typed) ? draft.typed : null;
}

/**
 * What was kept of a form whose text is another by now, with what it was drawn with; null where `draftOf` has something to say.
 * @param {Store} store
 * @param {string} name
 * @param {string} drawn
 * @returns {Draft | null}
 */
export function olderDraftOf(store, name, drawn) {
  const draft = read(store, name);
  return draft && typeof draft.drawn === "string" && draft.drawn !== drawn && Array.isArray(draft.typed) ? draft : null;
}

/**
 * The texts that were kept of some fields, whatever their form has in it by now; none where nothing was typed.
 * @param {Store} store
 * @param {string} name
 * @param {string[]} fields their names
 */
export function textsOf(store, name, fields) {
  const typed = read(store, name)?.typed;
  if (!Array.isArray(typed)) return [];
  return typed.flatMap(([field, value]) => (fields.includes(field) && value.trim() ? [value] : []));
}

/**
 * The form has been sent: the draft goes as soon as a page says that the server has taken it.
 * @param {Store} tab
 * @param {string} name
 */
export function markSent(tab, name) {
  keepDraft(tab, SENT, { typed: [[name, ""]], at: 0, drawn: "" });
}

/**
 * More was typed into a form after it was sent, which the page that comes next has not taken.
 * @param {Store} tab
 * @param {string} name
 */
export function typedAfterSent(tab, name) {
  if (draftOf(tab, SENT, "")?.[0]?.[0] === name) tab.removeItem(SENT);
}

/**
 * A new page is there: let go of the draft that was sent, unless the page says that it was not taken.
 * @param {Store} tab
 * @param {boolean} wasTaken
 * @param {Store[]} stores where the draft may be
 */
export function settleSent(tab, wasTaken, stores) {
  const [sent] = draftOf(tab, SENT, "") ?? [];
  if (!sent) return;
  tab.removeItem(SENT);
  if (wasTaken) for (const store of stores) store.removeItem(sent[0]);
}

/**
 * Let go of drafts that are older than LASTS_MS.
 * @param {Store & Pick<Storage, "length" | "key">} store
 * @param {number} now in milliseconds since 1970
 */
export function forgetOld(store, now) {
  const names = Array.from({ length: store.length }, (_, index) => store.key(index) ?? "");
  for (const name of names.filter((one) => one.startsWith(PREFIX))) {
    if (!((read(store, name)?.at ?? 0) > now - LASTS_MS)) store.removeItem(name);
  }
}

/**
 * @param {Store} store
 * @param {string} name
 * @returns {Draft | null}
 */
function read(store, name) {
  try {
    return JSON.parse(store.getItem(name) ?? "null");
  } catch {
    return null;
  }
}
