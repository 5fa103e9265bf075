// The sign-in form on a page whose person has been signed out: it stays open until they are signed in, here or in another tab.
import { elementOf, required } from "./dom.js";
import { askWhoIsSignedIn, isSomebodyElse, leaveToOther, takeToken } from "./identity.js";

const SAID = "You have been signed out. What you typed and rated is still here and goes on once you have signed in.";
const NO_PASSWORD = "Without a password, open a sign-in link in another tab of this browser and come back to this one.";
const OFFLINE = "The server did not answer. Try again when the connection is back.";

const ASK_EVERY_MS = 5000;

/**
 * Ask for a sign-in. Resolves when the page's person is signed in.
 * @param {HTMLFormElement | null} form the server's; null if it did not answer
 * @returns {Promise<void>}
 */
export function untilSignedIn(form) {
  return new Promise((resolve) => {
    const dialog = dialogWith(form, resolve);
    document.body.append(dialog);
    dialog.showModal();
  });
}

/**
 * @param {HTMLFormElement | null} form the server's; null if it did not answer
 * @param {() => void} done
 */
function dialogWith(form, done) {
  const dialog = document.createElement("dialog");
  dialog.className = "dialog";
  dialog.setAttribute("aria-label", "Sign in again");
  const body = document.createElement("div");
  body.className = "stack";
  body.append(paragraph(SAID), place(form), paragraph(NO_PASSWORD, "small quiet"));
  dialog.append(body);
  const life = new AbortController();
  const check = (/** @type {import("./identity.js").Seen | null} */ seen) => {
    if (isSomebodyElse(seen?.user)) leaveToOther();
    if (!takeToken(seen)) return false;
    life.abort();
    dialog.close();
    dialog.remove();
    done();
    return true;
  };
  const options = { signal: life.signal };
  dialog.addEventListener("cancel", (event) => event.preventDefault(), options);
  dialog.addEventListener("submit", (event) => send(event, dialog, check), options);
  const lookAgain = async () => check(await askWhoIsSignedIn());
  window.addEventListener("focus", lookAgain, options);
  // A tab that is seen again, or stands beside the one in which somebody signs in, need not get the focus.
  document.addEventListener("visibilitychange", () => document.hidden || lookAgain(), options);
  const asking = setInterval(() => document.hidden || lookAgain(), ASK_EVERY_MS);
  life.signal.addEventListener("abort", () => clearInterval(asking));
  return dialog;
}

/**
 * @param {Event} event
 * @param {HTMLDialogElement} dialog
 * @param {(seen: import("./identity.js").Seen | null) => boolean} check
 */
async function send(event, dialog, check) {
  event.preventDefault();
  event.stopPropagation();
  const form = elementOf(event)?.closest("form");
  const body = form ? new URLSearchParams([...new FormData(form)].map(([name, value]) => [name, String(value)])) : null;
  let seen = await askWhoIsSignedIn(body ? { method: "POST", body } : {});
  if (body && seen && !seen.user && !seen.form) {
    // The form was refused as too old: another request of this page was given a session of its own meanwhile.
    const fresh = await askWhoIsSignedIn();
    body.set("csrf_token", fresh?.token ?? "");
    seen = await askWhoIsSignedIn({ method: "POST", body });
  }
  if (check(seen)) return;
  required("[data-sign-in-form]", HTMLElement, dialog).replaceWith(place(seen?.form ?? null));
}

/** @param {HTMLFormElement | null} form */
function place(form) {
  const div = document.createElement("div");
  div.dataset.signInForm = "";
  if (form) div.append(document.adoptNode(form));
  else div.append(paragraph(OFFLINE), again());
  return div;
}

function again() {
  const form = document.createElement("form");
  const button = document.createElement("button");
  button.className = "button";
  button.textContent = "Try again";
  form.append(button);
  return form;
}

/**
 * @param {string} text
 * @param {string} [classes]
 */
function paragraph(text, classes = "") {
  const line = document.createElement("p");
  line.className = classes;
  line.textContent = text;
  return line;
}
