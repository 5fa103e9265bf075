// A value that outlives the reload of its tab, and is not copied when the tab is duplicated: it lies in the session's storage
// only while the page is hidden or on its way out, and a tab is duplicated while it is seen.

/** An object whose `value` is what this tab had under `key` before, null if nothing. */
export function keepWhileHidden(key) {
  const kept = { value: sessionStorage.getItem(key) };
  const put = () => (kept.value ? sessionStorage.setItem(key, kept.value) : sessionStorage.removeItem(key));
  const take = () => sessionStorage.removeItem(key);
  const look = () => (document.visibilityState === "hidden" ? put() : take());
  look();
  document.addEventListener("visibilitychange", look);
  addEventListener("pageshow", look);
  addEventListener("pagehide", put);
  return kept;
}
