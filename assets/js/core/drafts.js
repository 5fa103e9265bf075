// What was typed into a form, kept under a name until the server has taken it. Knows no element.

/** @typedef {Pick<Storage, "getItem" | "setItem" | "removeItem">} Store */

/** @typedef {[name: string, value: string][]} Typed the fields of a form, as FormData gives them */

const SENT = "draft-sent"; // the name of the form whose answer the next page is

/**
 * @param {Store} store
 * @param {string} name
 * @param {Typed} typed
 */
export function keepDraft(store, name, typed) {
  try {
    store.setItem(name, JSON.stringify(typed));
  } catch {
    // A full or forbidden storage keeps nothing; the form works as it would without it.
  }
}

/**
 * What was kept; null for nothing, or for what cannot be read.
 * @param {Store} store
 * @param {string} name
 * @returns {Typed | null}
 */
export function draftOf(store, name) {
  try {
    const typed = JSON.parse(store.getItem(name) ?? "null");
    return Array.isArray(typed) ? typed : null;
  } catch {
    return null;
  }
}

/**
 * The form has been sent: the draft goes as soon as a page says that the server has taken it.
 * @param {Store} store
 * @param {string} name
 */
export function markSent(store, name) {
  keepDraft(store, SENT, [[name, ""]]);
}

/**
 * A new page is there: let go of the draft that was sent, unless the page says that it was not taken.
 * @param {Store} store
 * @param {boolean} wasTaken
 */
export function settleSent(store, wasTaken) {
  const [sent] = draftOf(store, SENT) ?? [];
  if (!sent) return;
  store.removeItem(SENT);
  if (wasTaken) store.removeItem(sent[0]);
}
