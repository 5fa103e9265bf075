// The terminal's colours, read from the page's style sheet, so that there is one place for them.
const ROLES = {
  background: "--terminal",
  foreground: "--terminal-text",
  cursor: "--terminal-accent",
  cursorAccent: "--terminal",
  selectionBackground: "--terminal-selection",
  scrollbarSliderBackground: "--terminal-line",
  scrollbarSliderHoverBackground: "--terminal-quiet",
  scrollbarSliderActiveBackground: "--terminal-quiet",
};
for (const name of ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"]) {
  ROLES[name] = `--ansi-${name}`;
  ROLES[`bright${name[0].toUpperCase()}${name.slice(1)}`] = `--ansi-bright-${name}`;
}

/** A colour for each of xterm's roles, as the browser computes it where the terminal stands. */
export function themeOf(screen) {
  const probe = document.createElement("span");
  screen.append(probe);
  const theme = {};
  for (const [role, property] of Object.entries(ROLES)) {
    probe.style.color = `var(${property})`;
    theme[role] = getComputedStyle(probe).color;
  }
  probe.remove();
  return theme;
}

/** Call `changed` when the page turns light or dark. */
export function followTheme(changed) {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed);
  new MutationObserver(changed).observe(document.documentElement, { attributeFilter: ["data-theme"] });
}
