// The ways to the next and the last step of a replay. The step is exchanged in the page, which keeps hearing keys: pressed
// again before the step is there, they lead one further. A page for each press would lose those made while it loads.
import { steps } from "../core/steps.js";
import { elementOf, find } from "./dom.js";

const REPLAY = ".replay";

export function stepByStep() {
  const ways = find("[data-steps]", HTMLElement);
  if (!ways) return;
  const asked = steps(Number(ways.dataset.step), Number(ways.dataset.steps));
  document.addEventListener("click", async (event) => {
    const link = elementOf(event)?.closest("a[data-step-by]");
    if (!(link instanceof HTMLAnchorElement) || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const step = asked.by(Number(link.dataset.stepBy));
    const to = new URL(link.href);
    to.searchParams.set("step", String(step));
    const part = await fetched(to);
    if (!asked.is(step)) return; // a later press has asked for another one
    if (!part) return location.assign(to); // the browser says what is the matter
    exchange(part);
    history.replaceState(history.state, "", to);
  });
}

/** @param {URL} from */
async function fetched(from) {
  try {
    const answer = await fetch(from);
    const page = new DOMParser().parseFromString(answer.ok ? await answer.text() : "", "text/html");
    return page.querySelector(REPLAY);
  } catch {
    return null;
  }
}

/** @param {Element} part */
function exchange(part) {
  const shown = find(REPLAY, HTMLElement);
  const by = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.stepBy : undefined;
  shown?.replaceWith(document.adoptNode(part));
  if (by) find(`[data-step-by="${CSS.escape(by)}"]`, HTMLElement)?.focus({ preventScroll: true });
  const now = find("#now", HTMLElement);
  now?.scrollIntoView({ block: "nearest" });
  const said = find("[data-step-said]", HTMLElement);
  if (said) said.textContent = ["h2", "h2 + p"].map((each) => now?.querySelector(each)?.textContent).join(": ");
}
