// The terminal's colours, read from the page's style sheet, so that they are written down in one place.

/** @import { ITheme } from "@xterm/xterm" */

const NAMES = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];

/** xterm's name for each colour, and the style sheet's. */
const ROLES = {
  background: "--terminal",
  foreground: "--terminal-text",
  cursor: "--terminal-accent",
  cursorAccent: "--terminal",
  selectionBackground: "--terminal-selection",
  scrollbarSliderBackground: "--terminal-line",
  scrollbarSliderHoverBackground: "--terminal-quiet",
  scrollbarSliderActiveBackground: "--terminal-quiet",
  ...Object.fromEntries(NAMES.map((name) => [name, `--ansi-${name}`])),
  ...Object.fromEntries(NAMES.map((name) => [`bright${capitalised(name)}`, `--ansi-bright-${name}`])),
};

/**
 * A colour for each of xterm's roles, as the browser computes it where the terminal stands.
 * @param {HTMLElement} screen
 * @returns {ITheme}
 */
export function themeOf(screen) {
  const probe = document.createElement("span");
  screen.append(probe);
  const computed = Object.entries(ROLES).map(([role, property]) => {
    probe.style.color = `var(${property})`;
    return [role, getComputedStyle(probe).color];
  });
  probe.remove();
  return Object.fromEntries(computed);
}

/**
 * Call `changed` when the page turns light or dark, until `life` aborts.
 * @param {() => void} changed
 * @param {AbortSignal} life
 */
export function followTheme(changed, life) {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed, { signal: life });
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  life.addEventListener("abort", () => observer.disconnect());
}

/** @param {string} name */
function capitalised(name) {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
