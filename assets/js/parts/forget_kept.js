// Removes what the review page keeps in this browser of others than the person of this page. For every page; `kept.js` keeps it.
import { pageUser } from "./identity.js";

const KEPT = "review-of-"; // the worker looks for what begins so

/** The cache of this page's person. */
export const NAME = KEPT + pageUser;

/** Remove what is kept of anybody but the person of this page; on the page to sign in on, all of it. */
export async function forgetOthers() {
  if (!("caches" in window)) return;
  document.addEventListener("submit", ({ target }) => {
    if (target instanceof HTMLFormElement && target.matches("[data-sign-out]")) forget(() => true);
  });
  if (pageUser) await forget((name) => name !== NAME);
  else if (location.pathname.startsWith(document.body.dataset.signIn ?? "-")) await forget(() => true);
}

/** @param {(name: string) => boolean} isMeant */
async function forget(isMeant) {
  try {
    for (const name of await caches.keys()) if (name.startsWith(KEPT) && isMeant(name)) await caches.delete(name);
  } catch {
    // Forbidden in this browser: then nothing was kept.
  }
}
