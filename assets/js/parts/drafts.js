// What is typed into a form with `data-draft` is kept in this tab: it is there again after a reload, Back, or a sign-in in
// between. With `data-draft="lasting"` it is kept in this browser, for its person alone: also where the tab was closed, or a
// link to sign in opened another one. What the browser itself puts back into a field makes no event, so it is told here like
// typing. `data-draft-base` names what a draft belongs to, such as the revision of a text, where the server draws what was typed
// into the form again; `data-unsaved` says that it has done so. With `data-draft-merges` the server puts together what was typed
// and what it has by now, so a draft of another base comes back with the hidden fields that say what it was a change of. What says
// `data-restored` is shown when a draft is back.
import {
  draftOf,
  forgetOld,
  keepDraft,
  markSent,
  olderDraftOf,
  settleSent,
  textsOf,
  typedAfterSent,
} from "../core/drafts.js";
import { all, elementOf, find } from "./dom.js";
import { pageUser } from "./identity.js";

const OWN = ["csrf_token", "to_kind", "to_note", "to_where"]; // of the page, not of the person
const CHECKED = ["radio", "checkbox"];
const PRESSED = ["hidden", "submit", "button"];

/** @typedef {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} Field */

/** @type {WeakMap<HTMLFormElement, { base: string, values: string[] }>} what the server drew, of forms with an older draft */
const asDrawn = new WeakMap();

export function drafts() {
  const tab = storage("sessionStorage");
  const lasting = storage("localStorage");
  if (tab) settleSent(tab, wasTaken(), lasting ? [tab, lasting] : [tab]);
  if (lasting) forgetOld(lasting, Date.now());
  if (pageUser) {
    for (const form of all("form[data-draft]", HTMLFormElement)) {
      if (form.dataset.unsaved === undefined) bringBackDraft(form);
      else keep(form);
    }
    if (lasting) for (const place of all("[data-unsent]", HTMLElement)) showUnsent(place, lasting);
    const onForm = (/** @type {Event} */ event, /** @type {(form: HTMLFormElement) => void} */ call) => {
      const form = elementOf(event)?.closest("form[data-draft]");
      if (form instanceof HTMLFormElement) call(form);
    };
    document.addEventListener("input", (event) =>
      onForm(event, (form) => {
        keep(form);
        if (tab) typedAfterSent(tab, nameOf(form));
      }),
    );
    document.addEventListener(
      "click",
      (event) => elementOf(event)?.closest("a[data-discard]") && onForm(event, forgetDraft),
    );
    document.addEventListener("reset", (event) => onForm(event, takeAsDrawn));
    document.addEventListener("submit", (event) => onForm(event, (form) => tab && markSent(tab, nameOf(form))));
  }
  window.addEventListener("pageshow", tellWhatTheBrowserPutBack);
  // htmx listens later than that where the browser had all scripts already: a preview would stay as the server drew it.
  document.addEventListener("htmx:after:process", tellWhatTheBrowserPutBack, { once: true });
}

/**
 * Put into a form that has come onto the page what was kept of it.
 * @param {HTMLFormElement} form
 */
export function bringBackDraft(form) {
  const store = storeOf(form);
  if (!store || !pageUser) return;
  const before = JSON.stringify(typed(form));
  const kept = draftOf(store, nameOf(form), drawn(form)) ?? takeOlder(form, store);
  if (!kept) return;
  for (const field of fieldsOf(form)) put(field, kept);
  if (JSON.stringify(typed(form)) === before) return;
  const around = form.closest("details");
  if (around) around.open = true;
  const restored = find("[data-restored]", HTMLElement, form);
  if (restored) restored.hidden = false;
}

/**
 * What was kept of another base, whose hidden fields the form has from then on; null if not all of it has a place here.
 * @param {HTMLFormElement} form
 * @param {Storage} store
 */
function takeOlder(form, store) {
  const older = form.dataset.draftMerges === undefined ? null : olderDraftOf(store, nameOf(form), drawn(form));
  if (!older?.typed.every(([name]) => form.elements.namedItem(name))) return null;
  const hidden = hiddenOf(form);
  asDrawn.set(form, { base: drawn(form), values: hidden.map((field) => field.value) });
  for (const field of hidden) field.value = older.typed.find(([name]) => name === field.name)?.[1] ?? field.value;
  form.dataset.draftBase = older.drawn; // what is typed from now on is still a change of that
  return older.typed;
}

/** @param {HTMLFormElement} form */
function hiddenOf(form) {
  return all("input[type=hidden]", HTMLInputElement, form).filter((field) => !OWN.includes(field.name));
}

/** @param {HTMLFormElement} form that is about to get what the server drew */
function takeAsDrawn(form) {
  const before = asDrawn.get(form);
  if (before) {
    form.dataset.draftBase = before.base;
    for (const [number, field] of hiddenOf(form).entries()) field.value = before.values[number] ?? "";
  }
  const restored = find("[data-restored]", HTMLElement, form);
  if (restored) restored.hidden = true;
  setTimeout(() => {
    form.dispatchEvent(new Event("input", { bubbles: true })); // for what follows the text, such as a view of it
    forgetDraft(form);
  });
}

/**
 * Show what was typed into the form of an address and never sent, beside what its page now says: it can be sent no more.
 * @param {HTMLElement} place
 * @param {Storage} store
 */
function showUnsent(place, store) {
  const { unsent = "", unsentFields = "", unsentAs = "blockquote" } = place.dataset;
  const shown = [...place.children].map((child) => child.textContent);
  for (const text of textsOf(store, `draft.${pageUser}.${unsent}`, unsentFields.split(" "))) {
    if (shown.includes(text)) continue;
    const line = document.createElement(unsentAs);
    line.className = "own-words";
    line.textContent = text;
    place.append(line);
    place.hidden = false;
  }
}

/**
 * The server has taken what was typed.
 * @param {HTMLFormElement} form
 */
export function forgetDraft(form) {
  storeOf(form)?.removeItem(nameOf(form));
}

/**
 * Whether this page says that the server has taken the form that was sent. A page for nobody, such as the one to sign in on,
 * says that it was not. One that was come back to does not say it: the browser's own error page may have been between.
 */
function wasTaken() {
  const [opened] = performance.getEntriesByType("navigation");
  const isBack = opened instanceof PerformanceNavigationTiming && opened.type === "back_forward";
  return pageUser !== "" && !isBack && document.querySelector(".error-status") === null;
}

/** @param {HTMLFormElement} form */
function keep(form) {
  const store = storeOf(form);
  if (store) keepDraft(store, nameOf(form), { typed: typed(form), at: Date.now(), drawn: drawn(form) });
}

/** @param {HTMLFormElement} form */
function storeOf(form) {
  return storage(form.dataset.draft === "lasting" ? "localStorage" : "sessionStorage");
}

/** @param {"sessionStorage" | "localStorage"} which */
function storage(which) {
  try {
    return window[which];
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
 * What the server drew into the fields.
 * @param {HTMLFormElement} form
 */
function drawn(form) {
  if (form.dataset.draftBase !== undefined) return form.dataset.draftBase;
  const values = fieldsOf(form).map((field) => {
    if (field instanceof HTMLSelectElement) return [...field.options].findIndex((option) => option.defaultSelected);
    if (field instanceof HTMLInputElement && CHECKED.includes(field.type)) return Number(field.defaultChecked);
    return field.defaultValue;
  });
  return JSON.stringify(values);
}

/**
 * @param {HTMLFormElement} form
 * @returns {Field[]}
 */
function fieldsOf(form) {
  /** @type {Field[]} */
  const fields = [];
  for (const field of form.elements) {
    if (field instanceof HTMLTextAreaElement || field instanceof HTMLSelectElement) fields.push(field);
    if (field instanceof HTMLInputElement && !PRESSED.includes(field.type)) fields.push(field);
  }
  return fields;
}

/**
 * Put into a field what was kept for it; of several with one name, each takes its own.
 * @param {Field} field
 * @param {import("../core/drafts.js").Typed} kept what is left of it
 */
function put(field, kept) {
  if (field instanceof HTMLInputElement && CHECKED.includes(field.type)) {
    field.checked = kept.some(([name, value]) => name === field.name && value === field.value);
  } else {
    const place = kept.findIndex(([name]) => name === field.name);
    const [own] = place < 0 ? [] : kept.splice(place, 1);
    if (!own) return;
    field.value = own[1];
  }
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function tellWhatTheBrowserPutBack() {
  for (const field of all("textarea, input[type=text], input:not([type])", HTMLElement)) {
    if (!(field instanceof HTMLTextAreaElement || field instanceof HTMLInputElement)) continue;
    if (field.value !== field.defaultValue) field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}
