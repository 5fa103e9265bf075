// The note editor: an editor in the place of the plain text field, and what is typed kept in this browser until it is saved.
import { markdown } from "@codemirror/lang-markdown";
import { answersBelow } from "./parts/answer_line.js";
import { find, required } from "./parts/dom.js";
import { takePictures } from "./parts/pictures_in.js";
import { tellPresent } from "./parts/present.js";
import { keepOnServer } from "./parts/server_drafts.js";
import { baseOf, keepSource } from "./parts/source_draft.js";
import { editorFor, putInto, putText, showUnderstood } from "./parts/source_editor.js";
import { tellsOfStoring } from "./parts/storing.js";
import "./parts/swaps.js";
import { holdToLength } from "./parts/too_long.js";

const form = required("form[data-note-editor]", HTMLFormElement);
const text = required("textarea[name=text]", HTMLTextAreaElement);
const opened = required("input[name=opened]", HTMLInputElement);

const withEditor = text.readOnly ? null : keepSource(form, `note.${form.dataset.noteEditor}`);
const view = editorFor(text, "Text of the note in Markdown", [answersBelow, markdown({ completeHTMLTags: false })]);
withEditor?.(view);
show();
holdToLength(form);
tellPresent();
takePictures(form, () => ({
  text: () => text.value,
  put: (written, from, to) => putInto(view, written, from, to),
}));
const drafts = text.readOnly
  ? null
  : keepOnServer({ form, typed: () => ({ text: text.value, opened: baseOf(form, opened) }), take });
text.addEventListener("input", () => drafts?.changed());
if (!text.readOnly) tellsOfStoring(form);
document.addEventListener("htmx:after:swap", show);
find("#changes", HTMLElement)?.focus(); // what saving does, which was asked for and stands below a long text

/** @param {{ text: string, opened: string }} draft */
function take(draft) {
  opened.value = draft.opened;
  putText(view, draft.text);
  view.focus();
}

function show() {
  const understood = find("[data-typed]", HTMLElement)?.dataset.typed;
  if (understood) showUnderstood(view, JSON.parse(understood));
}
