// An editor for source text in the place of a text field, with what was understood of each line in its margin. The field stays
// the form's: it has the text after every change, and tells of it by `input`.
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { search, searchKeymap } from "@codemirror/search";
import { EditorState, RangeSet, StateEffect, StateField } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  GutterMarker,
  gutter,
  highlightActiveLine,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { StyleModule } from "style-mod";
import { behindPicture } from "./pictures_in.js";

/** @typedef {{ line: number, message: string, better: string, column?: number, isFault?: boolean }} Remark */
/** @typedef {{ uses: string[], remarks: Remark[] }} Understood what became of each line, and what is said of some */

class Use extends GutterMarker {
  /** @param {string} word */
  constructor(word) {
    super();
    this.word = word;
  }

  /** @param {GutterMarker} other */
  eq(other) {
    return other instanceof Use && other.word === this.word;
  }

  toDOM() {
    const shown = document.createElement("span");
    shown.textContent = shown.title = this.word;
    return shown;
  }
}

/** @type {import("@codemirror/state").StateEffectType<RangeSet<GutterMarker>>} */
const usesFound = StateEffect.define();

/** @type {StateField<RangeSet<GutterMarker>>} */
const uses = StateField.define({
  create: () => RangeSet.empty,
  update: (known, change) => {
    const found = change.effects.find((effect) => effect.is(usesFound));
    return found ? found.value : known.map(change.changes);
  },
});

const colours = HighlightStyle.define([
  { tag: tags.heading, fontWeight: "700" },
  { tag: [tags.strong, tags.definition(tags.propertyName)], fontWeight: "700" },
  { tag: tags.emphasis, fontStyle: "italic" },
  { tag: [tags.link, tags.url, tags.monospace], color: "var(--accent)" },
  { tag: [tags.processingInstruction, tags.comment, tags.meta], color: "var(--quiet)" },
]);

const theme = EditorView.theme({
  "&": { height: "70vh", border: "1px solid var(--edge)", backgroundColor: "var(--surface)", color: "var(--text)" },
  "&.cm-focused": { outline: "2px solid var(--accent)" },
  ".cm-scroller": { fontFamily: "var(--face-mono)", fontSize: "var(--size-small)", lineHeight: "1.5" },
  ".cm-gutters": { backgroundColor: "var(--sunken)", color: "var(--quiet)", borderRight: "1px solid var(--line)" },
  // As wide as "question": the rest of a longer word is said where one points. Half of a tablet's width is little enough.
  ".cm-uses": { minWidth: "3.5rem", paddingInline: "2px", fontSize: "0.75em" },
  ".lab-editor & .cm-uses": { minWidth: "0" }, // it has verdicts alone, and those only once it was verified
  ".cm-uses .cm-gutterElement": {
    maxWidth: "3.25rem",
    overflow: "hidden",
    textOverflow: "ellipsis",
    whiteSpace: "nowrap",
  },
  ".cm-gutter-lint": { width: "1em" },
  ".cm-gutter-lint .cm-gutterElement": { paddingInline: "0" },
  "@media (max-width: 40rem)": {
    ".cm-uses": { minWidth: "0" },
    ".cm-uses .cm-gutterElement": { maxWidth: "2.25rem" }, // the text keeps most of a phone's width
  },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "color-mix(in oklab, var(--accent) 8%, transparent)" },
  ".cm-cursor": { borderLeftColor: "var(--text)" },
  ".cm-panels, .cm-tooltip": { backgroundColor: "var(--surface)", color: "var(--text)", borderColor: "var(--edge)" },
  ".cm-panel.cm-search": { padding: "8px 32px 8px 8px", fontFamily: "inherit" },
  ".cm-panel .cm-button, .cm-panel .cm-textfield": {
    backgroundImage: "none",
    backgroundColor: "var(--surface)",
    color: "var(--text)",
    border: "1px solid var(--edge)",
    borderRadius: "4px",
    padding: "4px 8px",
    fontSize: "var(--size-small)",
  },
  ".cm-panel.cm-search [name=close]": { color: "var(--text)", top: "8px", right: "8px", padding: "4px 8px" },
  ".cm-searchMatch": { backgroundColor: "var(--nearly-wash)", outline: "1px solid var(--nearly)" },
  ".cm-searchMatch-selected": { outline: "2px solid var(--accent)" },
});

/**
 * Put the editor in the place of a field.
 * @param {HTMLTextAreaElement} field
 * @param {string} label
 * @param {import("@codemirror/state").Extension} language
 */
export function editorFor(field, label, language) {
  adoptStyles();
  const save = () => {
    field.form?.requestSubmit();
    return true;
  };
  const view = new EditorView({
    doc: field.value,
    extensions: [
      keymap.of([
        { key: "Mod-s", run: save },
        { key: "Mod-Enter", run: save },
        ...searchKeymap,
        ...historyKeymap,
        ...lintKeymap,
        ...defaultKeymap,
      ]),
      uses,
      gutter({ class: "cm-uses", markers: ({ state }) => state.field(uses) }),
      lineNumbers(),
      lintGutter(),
      history(),
      drawSelection(),
      highlightActiveLine(),
      search({ top: true }),
      language,
      syntaxHighlighting(colours),
      theme,
      EditorView.lineWrapping,
      // Chromium focuses the text without it too; a checker of what can be scrolled by keyboard asks for it.
      EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
      EditorState.readOnly.of(field.readOnly),
      // Enter, paste and undo fire no `input` event of their own.
      EditorView.updateListener.of((update) => {
        if (update.docChanged) tell(field, update.state.doc.toString());
      }),
    ],
  });
  field.before(view.dom);
  field.hidden = true;
  return view;
}

/**
 * Show in the margin what became of each line, and mark those of which something is said.
 * @param {EditorView} view
 * @param {Understood} understood
 */
export function showUnderstood(view, understood) {
  const { doc } = view.state;
  const marks = understood.uses.flatMap((word, index) => {
    const isNew = word && index < doc.lines && word !== understood.uses[index - 1];
    return isNew ? [new Use(word).range(doc.line(index + 1).from)] : [];
  });
  view.dispatch({ effects: usesFound.of(RangeSet.of(marks)) });
  const said = understood.remarks.filter(({ line }) => line >= 1 && line <= doc.lines);
  const diagnostics = said.map(({ line, message, better, column = 1, isFault = false }) => {
    const { from, to } = doc.line(line);
    return {
      from: Math.min(from + column - 1, to),
      to,
      severity: isFault ? /** @type {const} */ ("error") : /** @type {const} */ ("warning"),
      message: better ? `${message} Such as: ${better}` : message,
    };
  });
  view.dispatch(setDiagnostics(view.state, diagnostics));
}

/**
 * Put another text into the editor, as a change that can be undone.
 * @param {EditorView} view
 * @param {string} text
 */
export function putText(view, text) {
  view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
}

/**
 * Put a text at the caret and choose a part of it, as a change that can be undone; behind the caret's line, with the caret
 * where it is, if that part is empty.
 * @param {EditorView} view
 * @param {string} text
 * @param {number} from
 * @param {number} to
 */
export function putInto(view, text, from, to) {
  const caret = behindPicture(view.state.doc.toString(), view.state.selection.main.to);
  const at = to > from ? caret : view.state.doc.lineAt(caret).to;
  const selection = to > from ? { anchor: at + from, head: at + to } : { anchor: caret };
  view.dispatch({ changes: { from: at, insert: text }, selection, scrollIntoView: true });
  view.focus();
}

/**
 * @param {HTMLTextAreaElement} field
 * @param {string} text
 */
function tell(field, text) {
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/**
 * The styles of the editor as a sheet of the document's, since the site's policy allows no style element. style-mod 4.1
 * makes one for every root that has a head, so it is given a root without.
 */
function adoptStyles() {
  const root = {
    ownerDocument: document,
    get adoptedStyleSheets() {
      return document.adoptedStyleSheets;
    },
    set adoptedStyleSheets(sheets) {
      document.adoptedStyleSheets = sheets;
    },
  };
  const { mount } = StyleModule;
  StyleModule.mount = (_root, modules) => mount.call(StyleModule, /** @type {any} */ (root), modules);
}
