// Pictures into the texts of a form: pasted, dropped or chosen, sent to the server, and named at the caret with a text to fill
// in. What is typed stays as it is, whether a picture arrives or not.
import { all, elementOf, find, required } from "./dom.js";
import { csrfToken } from "./identity.js";

const MOST_BYTES = 2 * 1024 * 1024; // the server's limit; what is larger is not sent at all
const AT_ONCE_MAX = 20; // a slip of the hand drops a folder of a thousand
const SAYS = "What the picture shows"; // stands for the alternative text until somebody writes it
const REFUSED =
  "It was not taken: the page is too old, or you are signed out. Your text is kept. Sign in in another tab.";
const NOT_TAKEN = 422; // the answer's status if something is wrong with the file itself
const NO_LINE = "It was not sent: there is no connection. Your text is kept as it is.";

/** The file itself cannot be taken. */
class Refused extends Error {}

/**
 * Where a picture is written.
 * @typedef {object} PictureText
 * @property {() => string} text all of it, as it is now
 * @property {(written: string, from: number, to: number) => void} put puts `written` at the caret and chooses a part of it;
 *   behind the caret's line, with nothing chosen, if that part is empty
 */

/**
 * Take pictures into the texts of a form that says where they are sent.
 * @param {HTMLFormElement} form
 * @param {(element: Element | null) => PictureText | null} textOf the text that an element belongs to; null for none
 */
export function takePictures(form, textOf) {
  const place = find("[data-pictures]", HTMLElement, form);
  if (!place) return;
  const whyNot = place.dataset.whyNot ?? "";
  /** @type {PictureText | null} */
  let last = null;
  place.hidden = false;
  form.addEventListener("focusin", (event) => {
    last = textOf(elementOf(event)) ?? last;
  });
  // Before an editor in the form takes them, which swallows pictures and takes an SVG file for a text.
  form.addEventListener("paste", (event) => takeOver(event, event.clipboardData), { capture: true });
  form.addEventListener("drop", (event) => takeOver(event, event.dataTransfer), { capture: true });
  form.addEventListener("dragover", (event) => {
    if (event.dataTransfer?.types.includes("Files")) event.preventDefault(); // else the browser opens the file and leaves
  });
  const chosen = find("input[type=file]", HTMLInputElement, place);
  find("[data-choose-picture]", HTMLButtonElement, place)?.addEventListener("click", () => chosen?.click());
  chosen?.addEventListener("change", () => {
    takeAll([...(chosen.files ?? [])], last ?? textOf(first()));
    chosen.value = "";
  });

  function first() {
    return all("textarea", HTMLTextAreaElement, form).find((field) => !field.readOnly) ?? null;
  }

  /**
   * @param {Event} event
   * @param {DataTransfer | null} brought
   */
  function takeOver(event, brought) {
    const files = [...(brought?.files ?? [])];
    const isDrop = event.type === "drop";
    const isText = !isDrop && brought?.types.includes("text/plain"); // cells of a table bring a picture of themselves
    const into = textOf(elementOf(event));
    const areTaken = files.some((file) => file.type.startsWith("image/"));
    if (!files.length || isText || (!areTaken && into && !isField(event))) return;
    event.preventDefault();
    event.stopPropagation();
    takeAll(files, into ?? last ?? textOf(first()));
  }

  /** @param {Event} event */
  function isField(event) {
    return elementOf(event) instanceof HTMLTextAreaElement;
  }

  /**
   * @param {File[]} files
   * @param {PictureText | null} into
   */
  function takeAll(files, into) {
    const tooMany = files.length > AT_ONCE_MAX && `Put in at most ${AT_ONCE_MAX} pictures at once. None was taken.`;
    for (const old of all("[data-refused]", HTMLElement, form)) old.remove(); // of what was brought before these
    if (whyNot || tooMany) refuse(whyNot || String(tooMany));
    else for (const file of files) if (into) take(file, into);
  }

  /**
   * @param {File} file
   * @param {PictureText} into
   */
  function take(file, into) {
    const name = file.name || "The picture";
    if (file.size > MOST_BYTES) {
      refuse(
        `${name} has ${(file.size / 1024 ** 2).toFixed(1)} MiB; one may have 2. Make it smaller and put it in again.`,
      );
      return;
    }
    const before = into.text();
    const line = say(`Sending ${name}…`);
    const progress = document.createElement("progress");
    progress.setAttribute("aria-label", `Sending ${name}`);
    line.append(" ", progress);
    sendPicture(place?.dataset.pictures ?? "", file, (part) => {
      progress.value = part;
    }).then(
      (found) => {
        line.remove();
        const address = place?.dataset.namedBy === "name" ? `picture:${found.name}` : found.address;
        const written = `![${SAYS}](${address})`;
        if (into.text() === before) into.put(written, 2, 2 + SAYS.length);
        else into.put(` ${written}`, 0, 0); // whoever types on is not disturbed
      },
      (/** @type {Error} */ error) => {
        line.textContent = `${name}: ${error.message} `;
        if (error instanceof Refused) line.dataset.refused = "";
        if (error instanceof Refused) return; // the same file is no other one the next time
        const again = document.createElement("button");
        again.type = "button";
        again.className = "button button-small";
        again.textContent = "Send it again";
        again.addEventListener("click", () => {
          line.remove();
          take(file, into);
        });
        line.append(again);
      },
    );
  }

  /** @param {string} sentence that stands until the next pictures are brought */
  function refuse(sentence) {
    say(sentence).dataset.refused = "";
  }

  /** @param {string} sentence */
  function say(sentence) {
    const line = document.createElement("p");
    line.className = "field-hint";
    line.textContent = sentence;
    required("[data-sending]", HTMLElement, /** @type {HTMLElement} */ (place)).append(line);
    return line;
  }
}

/**
 * A plain field as a text for pictures. What is put in can be undone as if it was typed.
 * @param {Element | null} element
 * @returns {PictureText | null}
 */
export function fieldText(element) {
  if (!(element instanceof HTMLTextAreaElement) || element.readOnly) return null;
  return {
    text: () => element.value,
    put: (written, from, to) => {
      const caret = behindPicture(element.value, element.selectionEnd);
      const lineEnd = element.value.indexOf("\n", caret);
      const start = to > from ? caret : lineEnd < 0 ? element.value.length : lineEnd;
      element.focus();
      element.setSelectionRange(start, start);
      // The only way to write that the field's own undo knows.
      if (!document.execCommand("insertText", false, written)) {
        element.setRangeText(written, start, start, "end");
        element.dispatchEvent(new Event("input", { bubbles: true }));
      }
      element.setSelectionRange(to > from ? start + from : caret, to > from ? start + to : caret);
    },
  };
}

/**
 * The caret's place, or if it is within a picture's name or text, as after one has been described, the place behind that.
 * @param {string} text
 * @param {number} caret
 */
export function behindPicture(text, caret) {
  const begins = text.lastIndexOf("\n", caret - 1) + 1;
  for (const { index, 0: written } of text
    .slice(begins)
    .split("\n", 1)[0]
    .matchAll(/!\[[^\]]*\]\([^)]*\)/g)) {
    const [from, to] = [begins + index, begins + index + written.length];
    if (from < caret && caret < to) return to;
  }
  return caret;
}

/**
 * Send a picture; rejects with a sentence. XMLHttpRequest, since fetch tells nothing of how much has been sent.
 * @param {string} url
 * @param {File} file
 * @param {(part: number) => void} tell gets the part that has been sent, from 0 to 1
 * @returns {Promise<{ name: string, address: string }>}
 */
function sendPicture(url, file, tell) {
  return new Promise((taken, refuse) => {
    const request = new XMLHttpRequest();
    const body = new FormData();
    body.append("picture", file);
    request.open("POST", url);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRFToken", csrfToken());
    request.upload.addEventListener("progress", ({ loaded, total }) => tell(total ? loaded / total : 0));
    request.addEventListener("error", () => refuse(new Error(NO_LINE)));
    request.addEventListener("load", () => {
      const answer = readAnswer(request.responseText);
      if (request.status === 200 && answer.address) taken(answer);
      else if (request.status === NOT_TAKEN) refuse(new Refused(answer.message));
      else refuse(new Error(answer.message || REFUSED));
    });
    request.send(body);
  });
}

/** @param {string} text */
function readAnswer(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
