// Marks in a note's margin the section that is being read.
import { all } from "./dom.js";

export function placeInNote() {
  const links = new Map(all(".section-list a[href^='#']", HTMLAnchorElement).map((link) => [link.hash.slice(1), link]));
  if (links.size === 0) return;
  /** @type {Set<string>} */
  const seen = new Set();
  const observer = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) seen[isIntersecting ? "add" : "delete"](target.id);
    const current = [...links.keys()].find((id) => seen.has(id));
    if (!current) return; // between two sections the last one stays
    for (const [id, link] of links) {
      if (id === current) link.setAttribute("aria-current", "location");
      else link.removeAttribute("aria-current");
    }
  });
  for (const id of links.keys()) {
    const section = document.getElementById(decodeURIComponent(id));
    if (section) observer.observe(section);
  }
}
