// The question editor: Ctrl+S or ⌘S saves, and leaving with unsaved text asks first. Without it nothing but that is missing.
import { find, required } from "./parts/dom.js";
import { fieldText, takePictures } from "./parts/pictures_in.js";
import { tellPresent } from "./parts/present.js";
import "./parts/swaps.js"; // for the preview

const form = required("form[data-editor]", HTMLFormElement);
let typed = form.dataset.editor === "unsaved";

takePictures(form, fieldText);
tellPresent();

const kind = find("input[name=kind]", HTMLInputElement, form);
if (typed && kind) {
  // A new question that was sent and not stored: a reload, or a sign-in in between, comes back to its own kind and place.
  const chosen = ["kind", "note", "where"].map((name) => [
    name,
    required(`[name=${name}]`, HTMLInputElement, form).value,
  ]);
  history.replaceState(null, "", `${location.pathname}?${new URLSearchParams(chosen)}`);
}

form.addEventListener("input", () => {
  typed = true;
});

form.addEventListener("submit", () => {
  typed = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "s" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
  event.preventDefault();
  form.requestSubmit();
});

window.addEventListener("beforeunload", (event) => {
  if (typed) event.preventDefault();
});
