// Completion of a lab's YAML by the format that the server reads it with.
import { autocompletion } from "@codemirror/autocomplete";
import { EditorView } from "@codemirror/view";
import { offersAt } from "../core/lab_keys.js";

const theme = EditorView.theme({
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": {
    backgroundColor: "var(--accent)",
    color: "var(--surface)",
  },
  ".cm-tooltip.cm-completionInfo": { padding: "4px 8px", maxWidth: "24rem", fontSize: "var(--size-small)" },
});

/**
 * @param {string} address of the format, which is asked for once
 */
export function labCompletion(address) {
  /** @type {import("../core/lab_keys.js").Schema | null} */
  let schema = null;
  fetch(address)
    .then((answer) => (answer.ok ? answer.json() : null))
    .then((found) => {
      schema = found;
    })
    .catch(() => null); // the editor works without
  return [autocompletion({ icons: false, override: [(context) => offers(context, schema)] }), theme];
}

/**
 * @param {import("@codemirror/autocomplete").CompletionContext} context
 * @param {import("../core/lab_keys.js").Schema | null} schema
 */
function offers({ state, pos, explicit }, schema) {
  const line = state.doc.lineAt(pos);
  const above = state.doc.sliceString(0, Math.max(line.from - 1, 0)).split("\n");
  const before = state.doc.sliceString(line.from, pos);
  const found = schema && offersAt(schema, line.number > 1 ? above : [], before);
  if (!found?.offers.length || (found.from === before.length && !explicit && !before.endsWith(": "))) return null;
  return {
    from: line.from + found.from,
    validFor: /^[\w-]*$/,
    options: found.offers.map(({ label, about, isKey }) => ({
      label,
      ...(about ? { info: about } : {}),
      apply: isKey ? `${label}: ` : label,
      type: isKey ? "property" : "constant",
    })),
  };
}
