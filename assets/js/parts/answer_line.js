// Enter behind a numbered question begins the line of its answer. The editor's own Enter would write the next number,
// so that the answer typed there became a question. In a list of questions alone, one below the other, it still does.
import { insertNewline } from "@codemirror/commands";
import { Prec } from "@codemirror/state";
import { keymap } from "@codemirror/view";

const NUMBERED_QUESTION = /^ {0,3}\d{1,4}[.)]\s.*[?\uff1f]["'*_`)\]]*\s*$/;

/**
 * A new line without a number, if the cursor stands at the end of a numbered question; returns whether it did.
 * @type {import("@codemirror/state").StateCommand}
 */
export function beginAnswer({ state, dispatch }) {
  const { main, ranges } = state.selection;
  const line = state.doc.lineAt(main.head);
  if (ranges.length > 1 || !main.empty || main.head !== line.to || !NUMBERED_QUESTION.test(line.text)) return false;
  const above = line.number > 1 ? state.doc.line(line.number - 1).text : "";
  return !NUMBERED_QUESTION.test(above) && insertNewline({ state, dispatch });
}

/** Enter as `beginAnswer`, before the language's own. */
export const answersBelow = Prec.highest(keymap.of([{ key: "Enter", run: beginAnswer }]));
