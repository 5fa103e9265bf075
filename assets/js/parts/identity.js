// Who is signed in in this browser, as the server says it, and the token that forms of this sign-in carry.
import { all, find } from "./dom.js";

const ANSWER_WITHIN_MS = 8000;

/** @typedef {{ user: string, token: string, form: HTMLFormElement | null }} Seen */

/** Whose page this is; "" on a page for everybody. */
export const pageUser = document.body.dataset.user ?? "";

/** The path below which all of the site's addresses are; "" at the root of its host. */
export const mountedAt = document.body.dataset.mountedAt ?? "";

export function csrfToken() {
  return find("input[name=csrf_token]", HTMLInputElement)?.value ?? "";
}

/**
 * Ask the sign-in page, which says both and has the form for who is not signed in; null if no answer came.
 * @param {RequestInit} [how] as a form is sent, for example
 * @returns {Promise<Seen | null>}
 */
export async function askWhoIsSignedIn(how = {}) {
  try {
    const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
    const response = await fetch(document.body.dataset.signIn ?? "", { ...how, signal });
    return seenOn(new DOMParser().parseFromString(await response.text(), "text/html"));
  } catch {
    return null;
  }
}

/**
 * Whether it is another person who is signed in now, as in another tab.
 * @param {string | undefined} user "" or undefined for nobody
 */
export function isSomebodyElse(user) {
  return Boolean(user) && user !== pageUser;
}

/** Leave a page whose person has been followed by another one, for that one's first page. What is kept stays for its own. */
export function leaveToOther() {
  location.replace("/");
}

/**
 * Let every form of this page be sent with the token of the sign-in there is now. False if that is not the page's person.
 * @param {Seen | null} seen
 */
export function takeToken(seen) {
  if (!seen || seen.user !== pageUser) return false;
  for (const input of all("input[name=csrf_token]", HTMLInputElement)) input.value = seen.token;
  document.body.setAttribute("hx-headers:inherited", JSON.stringify({ "X-CSRFToken": seen.token }));
  return true;
}

/** @param {Document} page */
function seenOn(page) {
  return {
    user: page.body.dataset.user ?? "",
    token: find("input[name=csrf_token]", HTMLInputElement, page)?.value ?? "",
    form: find("main form", HTMLFormElement, page),
  };
}
