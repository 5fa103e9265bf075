// What was recorded in an interview: in this browser alone, in a database of its person, which goes with their sign-out, when
// somebody else signs in, and by itself after KEPT_MS.
import { OWN_SOUNDS } from "./sounds_of.js";

const STORE = "sounds";
const KEPT_MS = 7 * 24 * 60 * 60 * 1000; // long enough to hear it again; then it is only weight

/** @typedef {{ sound: Blob, at: number }} Kept `at` in milliseconds since 1970 */

/**
 * Keep a sound under a name, in place of what was kept there. Rejects where there is no room, or storage is forbidden.
 * @param {string} name
 * @param {Blob} sound
 * @param {number} now in milliseconds since 1970
 */
export async function keepSound(name, sound, now) {
  /** @type {Kept} */
  const kept = { sound, at: now };
  await inStore("readwrite", (store) => store.put(kept, name));
}

/**
 * The sound that is kept under a name; null for none.
 * @param {string} name
 * @returns {Promise<Blob | null>}
 */
export async function soundOf(name) {
  const kept = await inStore("readonly", (store) => store.get(name)).catch(() => null);
  return kept?.sound instanceof Blob ? kept.sound : null;
}

/**
 * Remove the sounds of names that begin so.
 * @param {string} prefix
 */
export async function forgetSounds(prefix) {
  await inStore("readwrite", (store) => store.delete(IDBKeyRange.bound(prefix, `${prefix}\uffff`)));
}

/**
 * Remove sounds that are older than KEPT_MS.
 * @param {number} now in milliseconds since 1970
 */
export async function forgetOldSounds(now) {
  const [names, kept] = await Promise.all([
    inStore("readonly", (store) => store.getAllKeys()),
    inStore("readonly", (store) => store.getAll()),
  ]);
  for (const [index, name] of names.entries()) {
    if (kept[index].at <= now - KEPT_MS) await inStore("readwrite", (store) => store.delete(name));
  }
}

/**
 * @template T
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest<T>} ask
 * @returns {Promise<T>}
 */
async function inStore(mode, ask) {
  const opening = indexedDB.open(OWN_SOUNDS);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
  const database = await done(opening);
  database.onversionchange = () => database.close(); // another tab removes it
  try {
    const transaction = database.transaction(STORE, mode);
    const found = await done(ask(transaction.objectStore(STORE)));
    await new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error);
    });
    return found;
  } finally {
    database.close();
  }
}

/**
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
