// Whose recordings are in this browser: a person's are in a database of their own. Every page runs this, so it is little.
import { elementOf } from "./dom.js";
import { pageUser } from "./identity.js";

const PREFIX = "recordings-of-";

/** The name of the database of this page's person. */
export const OWN_SOUNDS = PREFIX + pageUser;

/** Remove what is kept of anybody but the person of this page, and all of it when they sign out. */
export async function forgetOthersSounds() {
  document.addEventListener("submit", (event) => {
    if (elementOf(event)?.matches("[data-sign-out]")) forget(() => true);
  });
  if (pageUser) await forget((name) => name !== OWN_SOUNDS);
}

/** @param {(name: string) => boolean} isMeant */
async function forget(isMeant) {
  try {
    for (const { name = "" } of await indexedDB.databases()) {
      if (name.startsWith(PREFIX) && isMeant(name)) indexedDB.deleteDatabase(name);
    }
  } catch {
    // Forbidden in this browser: then nothing was kept.
  }
}
