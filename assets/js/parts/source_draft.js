// What is typed into a source editor is kept in this browser until it is saved, with the text that it was a change of: the
// server puts both together with what others have saved meanwhile.
import { draftOf, keepDraft } from "../core/drafts.js";
import { find, required } from "./dom.js";
import { pageUser } from "./identity.js";
import { putText } from "./source_editor.js";

/**
 * The text that what is typed is a change of, for whoever opens it again elsewhere.
 * @param {HTMLFormElement} form with `data-base` if it shows lines that somebody else has changed as well
 * @param {HTMLInputElement} opened what the page has opened
 */
export function baseOf(form, opened) {
  return form.dataset.base ?? opened.value;
}

/**
 * Bring back what was typed and not saved, and keep what is typed from now on. To be called before the editor is made; what it
 * returns is called with the editor.
 * @param {HTMLFormElement} form with `data-unsaved` if its text was sent and not saved, `data-saved` if it was saved just now
 * @param {string} what
 */
export function keepSource(form, what) {
  const text = required("textarea[name=text]", HTMLTextAreaElement, form);
  const opened = required("input[name=opened]", HTMLInputElement, form);
  const restored = required("[data-restored]", HTMLElement, form);
  const place = `draft.${pageUser}.${what}`;
  const drawn = { text: text.value, opened: opened.value };
  const forget = () => localStorage.removeItem(place);

  // Where somebody else has changed the same lines, what is kept stays a change of the text that it was typed into: opened
  // again on another page, which does not show their lines, it is put together with theirs anew and not saved over them.
  const keep = () => {
    if (text.value === drawn.text && form.dataset.unsaved === undefined) return forget();
    /** @type {[string, string][]} */
    const typed = [
      ["text", text.value],
      ["opened", baseOf(form, opened)],
    ];
    keepDraft(localStorage, place, { typed, at: Date.now(), drawn: "" });
  };

  const bringBack = () => {
    if (form.dataset.unsaved !== undefined) return keep();
    if (form.dataset.saved !== undefined) {
      history.replaceState(null, "", location.pathname); // a reload later is no save, and must not forget what is typed now
      return forget();
    }
    const kept = new Map(draftOf(localStorage, place, "") ?? []);
    const typed = kept.get("text");
    if (typed === undefined || typed === drawn.text) return forget();
    text.value = typed;
    opened.value = kept.get("opened") ?? drawn.opened;
    restored.hidden = false;
  };

  bringBack();
  text.addEventListener("input", keep);
  find("[data-discard]", HTMLElement, form)?.addEventListener("click", forget);
  return (/** @type {import("@codemirror/view").EditorView} */ view) => {
    required("[data-take-saved]", HTMLButtonElement, form).addEventListener("click", () => {
      opened.value = drawn.opened;
      putText(view, drawn.text);
      restored.hidden = true;
      view.focus();
    });
  };
}
