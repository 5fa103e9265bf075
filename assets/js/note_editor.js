// The note editor: an editor in the place of the plain text field, and what is typed kept in this browser until it is saved.
import { markdown } from "@codemirror/lang-markdown";
import "htmx.org";
import { draftOf, keepDraft } from "./core/drafts.js";
import { find, required } from "./parts/dom.js";
import { pageUser } from "./parts/identity.js";
import { takePictures } from "./parts/pictures_in.js";
import { tellPresent } from "./parts/present.js";
import { keepOnServer } from "./parts/server_drafts.js";
import { editorFor, putInto, putText, showUnderstood } from "./parts/source_editor.js";
import { holdToLength } from "./parts/too_long.js";

const form = required("form[data-note-editor]", HTMLFormElement);
const text = required("textarea[name=text]", HTMLTextAreaElement);
const opened = required("input[name=opened]", HTMLInputElement);
const restored = required("[data-restored]", HTMLElement);
const place = `draft.${pageUser}.note.${form.dataset.noteEditor}`;
const drawn = { text: text.value, opened: opened.value };

if (!text.readOnly) bringBack();
const view = editorFor(text, "Text of the note in Markdown", markdown({ completeHTMLTags: false }));
show();
holdToLength(form);
tellPresent();
takePictures(form, () => ({
  text: () => text.value,
  put: (written, from, to) => putInto(view, written, from, to),
}));
const drafts = text.readOnly
  ? null
  : keepOnServer({ form, typed: () => ({ text: text.value, opened: opened.value }), take });
text.addEventListener("input", () => {
  keep();
  drafts?.changed();
});
document.addEventListener("htmx:after:swap", show);
required("[data-take-saved]", HTMLButtonElement).addEventListener("click", () => {
  opened.value = drawn.opened;
  putText(view, drawn.text);
  restored.hidden = true;
  view.focus();
});
find("[data-discard]", HTMLAnchorElement)?.addEventListener("click", () => {
  forget();
  drafts?.forget();
});
find("#changes", HTMLElement)?.focus(); // what saving does, which was asked for and stands below a long text

/** @param {{ text: string, opened: string }} draft */
function take(draft) {
  opened.value = draft.opened;
  putText(view, draft.text);
  view.focus();
}

/** What was typed here before and is not saved, with the text that it was a change of: the server puts both together. */
function bringBack() {
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
}

function keep() {
  if (text.value === drawn.text && form.dataset.unsaved === undefined) return forget();
  const typed = [
    ["text", text.value],
    ["opened", opened.value],
  ];
  keepDraft(localStorage, place, { typed: /** @type {[string, string][]} */ (typed), at: Date.now(), drawn: "" });
}

function forget() {
  localStorage.removeItem(place);
}

function show() {
  const understood = find("[data-typed]", HTMLElement)?.dataset.typed;
  if (understood) showUnderstood(view, JSON.parse(understood));
}
