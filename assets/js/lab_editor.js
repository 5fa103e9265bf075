// The lab editor: an editor in the place of the plain text field, with what the server's reader says of each line.
import { yaml } from "@codemirror/lang-yaml";
import { find, required } from "./parts/dom.js";
import { labCompletion } from "./parts/lab_completion.js";
import { labFields } from "./parts/lab_fields.js";
import { takePictures } from "./parts/pictures_in.js";
import { tellPresent } from "./parts/present.js";
import { keepOnServer } from "./parts/server_drafts.js";
import { baseOf, keepSource } from "./parts/source_draft.js";
import { editorFor, putText, showUnderstood } from "./parts/source_editor.js";
import "./parts/swaps.js";
import { holdToLength } from "./parts/too_long.js";

const form = required("form[data-lab-editor]", HTMLFormElement);
const text = required("textarea[name=text]", HTMLTextAreaElement);
const opened = required("input[name=opened]", HTMLInputElement);

const saved = form.dataset.unsaved === undefined ? text.value : null;
const withEditor = keepSource(form, `lab.${form.dataset.labEditor}`);
const view = editorFor(text, "Text of the lab in YAML", [yaml(), labCompletion(form.dataset.format ?? "")]);
const showFields = labFields(form, view);
withEditor(view);
holdToLength(form);
tellPresent();
takePictures(form, () => null); // to say why there are none
show();
const drafts = keepOnServer({ form, typed: () => ({ text: text.value, opened: baseOf(form, opened) }), take });
text.addEventListener("input", drafts.changed);
document.addEventListener("htmx:after:swap", show);

/** What is said of each line; the verdicts too, as long as the text is the one that they are of. */
function show() {
  const understood = find("[data-typed]", HTMLElement)?.dataset.typed;
  const verdicts = find("[data-verdicts]", HTMLElement)?.dataset.verdicts;
  const uses = verdicts && text.value === saved ? JSON.parse(verdicts) : [];
  if (!understood) return;
  const found = JSON.parse(understood);
  showUnderstood(view, { ...found, uses });
  showFields(found.fields);
}

/** @param {{ text: string, opened: string }} draft */
function take(draft) {
  opened.value = draft.opened;
  putText(view, draft.text);
  view.focus();
}
