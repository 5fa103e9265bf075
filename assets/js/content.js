// The list of questions: x in a row chooses it, Shift and x or a click with Shift all rows up to it; j and k go down and up.
// Without it each row has its box to tick.
import { all, elementOf, required } from "./parts/dom.js";

const table = required("table[data-rows]", HTMLTableElement);
const rows = all("tbody tr", HTMLTableRowElement, table);
const said = required("[data-chosen]", HTMLElement);
const [every] = all("input[name=all]", HTMLInputElement);
let last = -1;

/** @param {number} number */
const boxOf = (number) => required("input[name=key]", HTMLInputElement, rows[number]);

function tell() {
  if (every?.checked) {
    said.textContent = `With all ${every.value}`;
    return;
  }
  const count = rows.filter((_, number) => boxOf(number).checked).length;
  said.textContent = count ? `With the ${count} chosen` : "With the chosen";
}

/**
 * Choose a row, or with `range` all from the last one to it.
 * @param {number} number
 * @param {boolean} checked
 * @param {boolean} range
 */
function choose(number, checked, range) {
  const from = range && last >= 0 ? Math.min(last, number) : number;
  const to = range && last >= 0 ? Math.max(last, number) : number;
  for (let each = from; each <= to; each++) boxOf(each).checked = checked;
  last = number;
  tell();
}

table.addEventListener("click", (event) => {
  const box = elementOf(event);
  if (!(box instanceof HTMLInputElement)) return;
  choose(
    rows.findIndex((row) => row.contains(box)),
    box.checked,
    event.shiftKey,
  );
});

every?.addEventListener("change", tell);

document.addEventListener("keydown", (event) => {
  const target = elementOf(event);
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (document.documentElement.dataset.keys === "off" || !target) return;
  if (target.matches("textarea, select, input:not([type=checkbox])") || target.closest("dialog")) return;
  const here = rows.findIndex((row) => row.contains(target));
  if (event.key === "j" || event.key === "k") {
    const next = Math.max(0, Math.min(rows.length - 1, here + (event.key === "j" ? 1 : -1)));
    required("th a", HTMLAnchorElement, rows[next]).focus();
    event.preventDefault();
  } else if ((event.key === "x" || event.key === "X") && here >= 0) {
    choose(here, event.shiftKey ? true : !boxOf(here).checked, event.shiftKey);
    event.preventDefault();
  }
});

tell();
