// A value that outlives the reload of its tab, and is not copied when the tab is duplicated: it lies in the session's storage
// only while the page is hidden or on its way out, and a tab is duplicated while it is seen.

/**
 * @typedef {object} TabParts
 * @property {Pick<Storage, "getItem" | "setItem" | "removeItem">} storage of the tab
 * @property {EventTarget & { visibilityState: string }} page
 * @property {EventTarget} window
 */

/**
 * An object whose `value` is what this tab had under `key` before, null if nothing. It is kept for as long as the page
 * lasts, also after its terminal has left it: the next page with that terminal comes back to the same shell.
 * @param {string} key
 * @param {TabParts} parts
 * @returns {{ value: string | null }}
 */
export function keepWhileHidden(key, { storage, page, window }) {
  const kept = { value: storage.getItem(key) };
  const put = () => (kept.value ? storage.setItem(key, kept.value) : storage.removeItem(key));
  const take = () => storage.removeItem(key);
  const look = () => (page.visibilityState === "hidden" ? put() : take());
  look();
  page.addEventListener("visibilitychange", look);
  window.addEventListener("pageshow", look);
  window.addEventListener("pagehide", put);
  return kept;
}
