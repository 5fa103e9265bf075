// The ways to the next and the last step of a replay. Pressed again before the next page is there, they lead one step
// further: each page takes a moment, and the same link would lead to the same step.
import { steps } from "../core/steps.js";
import { elementOf, find } from "./dom.js";

export function stepByStep() {
  const ways = find("[data-steps]", HTMLElement);
  if (!ways) return;
  const asked = steps(Number(ways.dataset.step), Number(ways.dataset.steps));
  ways.addEventListener("click", (event) => {
    const link = elementOf(event)?.closest("a[data-step-by]");
    if (!(link instanceof HTMLAnchorElement) || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const to = new URL(link.href);
    to.searchParams.set("step", String(asked.by(Number(link.dataset.stepBy))));
    location.assign(to);
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) asked.again();
  });
}
