// What is typed into a form with `data-draft` is kept in this tab: it is there again after a reload, Back, or a sign-in in
// between. What the browser itself puts back into a field makes no event, so it is told here like typing.
import { draftOf, keepDraft, markSent, settleSent } from "../core/drafts.js";
import { all, elementOf } from "./dom.js";
import { pageUser } from "./identity.js";

const OWN = ["csrf_token"]; // of the page, not of the person

export function drafts() {
  const store = storage();
  // A page for nobody, such as the one to sign in on, says that what was sent before the sign-in ended was not taken.
  if (store) settleSent(store, pageUser !== "" && document.querySelector(".error-status") === null);
  if (store && pageUser) {
    for (const form of all("form[data-draft]", HTMLFormElement)) bringBack(form, store);
    const onForm = (/** @type {Event} */ event, /** @type {(form: HTMLFormElement) => void} */ call) => {
      const form = elementOf(event)?.closest("form[data-draft]");
      if (form instanceof HTMLFormElement) call(form);
    };
    document.addEventListener("input", (event) => onForm(event, (form) => keepDraft(store, nameOf(form), typed(form))));
    document.addEventListener("submit", (event) => onForm(event, (form) => markSent(store, nameOf(form))));
  }
  window.addEventListener("pageshow", tellWhatTheBrowserPutBack);
}

/**
 * Put into a form that has come onto the page what was kept of it.
 * @param {HTMLFormElement} form
 */
export function bringBackDraft(form) {
  const store = storage();
  if (store && pageUser) bringBack(form, store);
}

/**
 * The server has taken what was typed.
 * @param {HTMLFormElement} form
 */
export function forgetDraft(form) {
  storage()?.removeItem(nameOf(form));
}

function storage() {
  try {
    return sessionStorage;
  } catch {
    return null; // forbidden in this browser
  }
}

/** @param {HTMLFormElement} form */
function nameOf(form) {
  return `draft.${pageUser}.${form.getAttribute("action") || location.pathname}`;
}

/** @param {HTMLFormElement} form */
function typed(form) {
  const fields = [...new FormData(form)].filter(([name]) => !OWN.includes(name));
  return fields.map(([name, value]) => /** @type {[string, string]} */ ([name, String(value)]));
}

/**
 * @param {HTMLFormElement} form
 * @param {Storage} store
 */
function bringBack(form, store) {
  const kept = draftOf(store, nameOf(form));
  for (const [name, value] of kept ?? []) {
    const fields = [...form.elements].filter((field) => field.getAttribute("name") === name);
    for (const field of fields) put(field, value);
  }
}

/**
 * @param {Element} field
 * @param {string} value
 */
function put(field, value) {
  if (field instanceof HTMLInputElement && ["radio", "checkbox"].includes(field.type)) {
    if (field.value === value) field.checked = true;
  } else if (field instanceof HTMLTextAreaElement || (field instanceof HTMLInputElement && field.type !== "hidden")) {
    field.value = value;
  } else return;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function tellWhatTheBrowserPutBack() {
  for (const field of all("textarea, input[type=text], input:not([type])", HTMLElement)) {
    if (!(field instanceof HTMLTextAreaElement || field instanceof HTMLInputElement)) continue;
    if (field.value !== field.defaultValue) field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}
