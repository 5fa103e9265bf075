// The form of a lab's common fields, beside its text: what is typed here goes into the text, by the server, and what is typed
// there comes here.
import { all, find } from "./dom.js";

/**
 * @param {HTMLFormElement} form that has the text
 * @param {import("@codemirror/view").EditorView} view
 */
export function labFields(form, view) {
  const box = find("[data-fields]", HTMLElement);
  if (!box) return () => {};
  const said = find("[data-fields-said]", HTMLElement, box);
  find("[data-without-script]", HTMLElement, box)?.remove();
  box.addEventListener("change", async () => {
    const asked = view.state.doc.toString();
    const answer = await fetch(box.dataset.fields ?? "", {
      method: "POST",
      headers: { Accept: "application/json" },
      body: new FormData(form),
    }).catch(() => null);
    const found = answer?.ok ? await answer.json() : { text: asked, said: "The server did not answer. Try it again." };
    if (said) {
      said.textContent = found.said;
      said.hidden = !found.said;
    }
    if (view.state.doc.toString() === asked) putChanged(view, found.text); // else typed on: the next change brings it in
  });
  return (/** @type {Record<string, string>} */ values) => {
    for (const field of [...all("input", HTMLInputElement, box), ...all("textarea", HTMLTextAreaElement, box)]) {
      const value = values[field.name];
      if (value !== undefined && document.activeElement !== field && field.value !== value) field.value = value;
    }
  };
}

/**
 * Put another text into the editor, only where the two differ, so that the cursor and the view stay.
 * @param {import("@codemirror/view").EditorView} view
 * @param {string} text
 */
function putChanged(view, text) {
  const before = view.state.doc.toString();
  if (before === text) return;
  let from = 0;
  while (from < before.length && before[from] === text[from]) from++;
  let same = 0;
  const most = Math.min(before.length, text.length) - from;
  while (same < most && before[before.length - 1 - same] === text[text.length - 1 - same]) same++;
  view.dispatch({ changes: { from, to: before.length - same, insert: text.slice(from, text.length - same) } });
}
