// Signed out in the middle of something: one sentence and the sign-in form on the page itself, so that what was typed or
// rated stays and goes on. For any request of a script that is answered with 401. The form is fetched when it is needed.
import { askWhoIsSignedIn, takeToken } from "./identity.js";

/** @type {Promise<boolean> | null} */
let asked = null;

/** Let a page's htmx requests ask too. */
export function signInInPlace() {
  document.addEventListener("htmx:response:error", (event) => {
    if (event instanceof CustomEvent && event.detail?.ctx?.response?.status === 401) signInAgain();
  });
}

/**
 * Ask for a sign-in, once at a time. Resolves when the page's person is signed in: true if that was only now, so that what
 * was refused can be sent again; false if the server says that it had been so all the time.
 */
export function signInAgain() {
  asked ??= ask().finally(() => {
    asked = null;
  });
  return asked;
}

async function ask() {
  const seen = await askWhoIsSignedIn();
  if (takeToken(seen)) return false;
  const script = await import("./sign_in_dialog.js").catch(() => null);
  await script?.untilSignedIn(seen?.form ?? null);
  return script !== null;
}
