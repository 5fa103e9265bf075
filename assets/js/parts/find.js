// Finds words in a note: counts them, marks them and goes from one to the next. It changes no element of the text, so the
// browser's own search finds what it always found. Without a script the field leads to the search page.
import { hitsIn, Walk } from "../core/find.js";
import { find, required } from "./dom.js";

const BESIDE = ".concept-beside, .section-foot, .copy, .visually-hidden";
const FOUND = "found";
const LOOKED_AT = "found-now";

/** @typedef {{ text: string, nodes: Text[], starts: number[] }} Flat */

export function findInNote() {
  const form = find("[data-find]", HTMLFormElement);
  const article = find("#article", HTMLElement);
  if (!form || !article) return;
  const field = required("input", HTMLInputElement, form);
  const said = required("[data-find-said]", HTMLElement, form);
  /** @type {Range[]} */
  let ranges = [];
  let walk = new Walk(0);

  const show = () => {
    form.toggleAttribute("data-active", field.value.trim() !== "");
    said.textContent = field.value.trim() ? walk.said : "";
    mark(FOUND, ranges);
    mark(LOOKED_AT, walk.at < 0 ? [] : [ranges[walk.at]]);
  };
  const look = () => {
    const flat = flattened(article);
    ranges = hitsIn(flat.text, field.value).map(([begin, end]) => rangeOf(flat, begin, end));
    walk = new Walk(ranges.length);
    show();
  };
  /** @param {1 | -1} step */
  const go = (step) => {
    if (walk.go(step) >= 0) bringIntoView(ranges[walk.at]);
    show();
  };

  field.addEventListener("input", look);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && field.value) {
      event.preventDefault();
      event.stopPropagation();
      field.value = "";
      look();
      field.blur(); // the page's keys are meant again
    } else if (event.key === "Enter" && event.shiftKey) {
      event.preventDefault();
      go(-1);
    }
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    go(1);
  });
  required("[data-find-previous]", HTMLButtonElement, form).addEventListener("click", () => go(-1));
  if (field.value) look(); // what the browser kept over a reload
}

/**
 * The text of an article as one, with what each part of it stands in.
 * @param {HTMLElement} article
 * @returns {Flat}
 */
function flattened(article) {
  const walker = document.createTreeWalker(article, NodeFilter.SHOW_TEXT, (node) =>
    node.parentElement?.closest(BESIDE) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT,
  );
  /** @type {Flat} */
  const flat = { text: "", nodes: [], starts: [] };
  const texts = [];
  let length = 0;
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (!(node instanceof Text)) continue;
    flat.nodes.push(node);
    flat.starts.push(length);
    texts.push(node.data);
    length += node.data.length;
  }
  flat.text = texts.join("");
  return flat;
}

/**
 * @param {Flat} flat
 * @param {number} begin
 * @param {number} end
 */
function rangeOf({ nodes, starts }, begin, end) {
  const range = document.createRange();
  const [first, last] = [placeOf(starts, begin), placeOf(starts, end - 1)];
  range.setStart(nodes[first], begin - starts[first]);
  range.setEnd(nodes[last], end - starts[last]);
  return range;
}

/**
 * The last of the starts that is not after a place.
 * @param {number[]} starts in order
 * @param {number} at
 */
function placeOf(starts, at) {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (starts[middle] <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}

/**
 * Marks ranges by the style of a name, where the browser can.
 * @param {string} name
 * @param {Range[]} ranges
 */
function mark(name, ranges) {
  if (CSS.highlights) CSS.highlights.set(name, new Highlight(...ranges));
}

/** @param {Range} range */
function bringIntoView(range) {
  const within = range.startContainer.parentElement;
  for (let closed = within?.closest("details:not([open])"); closed; closed = within?.closest("details:not([open])")) {
    if (closed instanceof HTMLDetailsElement) closed.open = true;
  }
  within?.scrollIntoView({ block: "center" });
}
