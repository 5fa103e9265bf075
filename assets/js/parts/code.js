// Code blocks: a copy button on each, and a tab stop where one has to be scrolled. Of a console block only the commands are
// copied, not prompts and output. Code in a sentence: kept on one line where it is short.
import { all } from "./dom.js";

const SHOWN_MS = 1500;
const SHORT_CHARS = 28; // fits on a line of its own beside a bullet on a screen of 360 px
const STOPS = /^[.,;:!?)\]’”]+/;

const widths = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (!target.isConnected) widths.unobserve(target);
    else if (target.scrollWidth > target.clientWidth) target.setAttribute("tabindex", "0");
    else target.removeAttribute("tabindex");
  }
});

/** Every code block, of this page and of what a swap brings. */
export function codeBlocks() {
  equipCode();
  document.addEventListener("htmx:after:swap", equipCode);
}

/** What a page's own script has brought in. */
export function equipCode() {
  for (const code of all(":not(pre) > code", HTMLElement)) {
    const isShort = code.textContent.length <= SHORT_CHARS;
    code.toggleAttribute("data-short", isShort);
    if (isShort) keepWithStop(code);
  }
  for (const block of all("pre:not(.code > pre)", HTMLElement)) {
    const frame = document.createElement("div");
    frame.className = "code";
    block.replaceWith(frame);
    frame.append(block);
  }
  for (const block of all(".code > pre:not([data-equipped])", HTMLElement)) {
    block.dataset.equipped = "";
    widths.observe(block);
    // Plain http beyond loopback has no clipboard; a dead button would be worse than none.
    if (navigator.clipboard) block.after(copyButton(block));
  }
}

/**
 * Keep the stop behind a word of code on its line.
 * @param {HTMLElement} code
 */
function keepWithStop(code) {
  const behind = code.nextSibling;
  const stop = behind instanceof Text && !code.parentElement?.matches(".with-stop") && STOPS.exec(behind.data);
  if (!stop) return;
  const together = document.createElement("span");
  together.className = "with-stop";
  code.replaceWith(together);
  if (stop[0].length < behind.length) behind.splitText(stop[0].length);
  together.append(code, behind);
}

/** @param {HTMLElement} block */
function copyButton(block) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    const copied = await navigator.clipboard.writeText(textOf(block)).then(
      () => true,
      () => false,
    );
    button.textContent = copied ? "Copied" : "Not allowed";
    button.dataset.done = "";
    setTimeout(() => {
      button.textContent = "Copy";
      delete button.dataset.done;
    }, SHOWN_MS);
  });
  return button;
}

/** @param {HTMLElement} block */
function textOf(block) {
  if (!block.querySelector(".gp")) return block.textContent.replace(/\n$/, "");
  const copy = block.cloneNode(true);
  if (!(copy instanceof HTMLElement)) return "";
  for (const part of copy.querySelectorAll(".gp, .go")) part.remove();
  return copy.textContent.replace(/\n+/g, "\n").trim();
}
