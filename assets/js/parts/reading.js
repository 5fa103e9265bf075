// Reading mode of a note: the article alone. Remembered, and drawn by the server; the link works without a script too.
import { remember } from "./cookies.js";
import { find } from "./dom.js";

export function readingMode() {
  const link = find("[data-reading-toggle]", HTMLAnchorElement);
  const note = find(".note-page", HTMLElement);
  if (!link || !note) return;
  link.addEventListener("click", (event) => {
    event.preventDefault();
    const kept = nearTheTop(note);
    const before = kept?.getBoundingClientRect().top ?? 0;
    const isOn = note.toggleAttribute("data-reading");
    link.textContent = isOn ? (link.dataset.leave ?? "") : (link.dataset.enter ?? "");
    link.dataset.keyAlso = isOn ? "Escape" : "";
    link.dataset.keyLabel = link.textContent;
    remember("reading", isOn ? "on" : "off");
    // What is being read stays where it is on the screen, although much above it comes or goes.
    if (kept) scrollBy({ top: kept.getBoundingClientRect().top - before, behavior: "instant" });
  });
}

/**
 * What of the article is the first on the screen.
 * @param {HTMLElement} note
 */
function nearTheTop(note) {
  const blocks = note.querySelectorAll(".note-section :is(h2, h3, p, li, pre)");
  return [...blocks].find((block) => block.getBoundingClientRect().top >= 0);
}
