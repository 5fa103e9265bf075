// The question editor: Ctrl+S or ⌘S saves, and leaving with unsaved text asks first. Without it nothing but that is missing.
import "htmx.org"; // for the preview
import { required } from "./parts/dom.js";
import { fieldText, takePictures } from "./parts/pictures_in.js";

const form = required("form[data-editor]", HTMLFormElement);
let typed = form.dataset.editor === "unsaved";

takePictures(form, fieldText);

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
