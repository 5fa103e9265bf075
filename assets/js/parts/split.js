// The edge between the two panes of a lab, which can be moved. The share of the first one is kept in a cookie, so that the
// server draws the page with it.
import { remember } from "./cookies.js";
import { find } from "./dom.js";

const LEAST = 25; // percent for the first pane; the style sheet has a rule for each step
const MOST = 60;
const STEP = 5;
const USUAL = 40;

export function offerSplit() {
  const panes = find(".panes", HTMLElement);
  const edge = panes && find("[data-panes-edge]", HTMLElement, panes);
  const second = panes && find(".pane-2", HTMLElement, panes);
  if (!panes || !edge || !second) return;
  edge.hidden = false;
  const place = () => {
    edge.style.left = `${second.offsetLeft - edge.offsetWidth - 4}px`;
  };
  new ResizeObserver(place).observe(second);
  tell(edge, share(panes));

  /** @param {number} wanted */
  function move(wanted) {
    const next = nearest(wanted);
    if (next === share(/** @type {HTMLElement} */ (panes))) return;
    /** @type {HTMLElement} */ (panes).dataset.split = String(next);
    remember("split", String(next));
    tell(/** @type {HTMLElement} */ (edge), next);
    place();
  }

  edge.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -STEP, ArrowRight: STEP, Home: LEAST - MOST, End: MOST - LEAST }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    move(share(panes) + by);
  });
  edge.addEventListener("pointerdown", (event) => edge.setPointerCapture(event.pointerId));
  edge.addEventListener("pointermove", ({ clientX, pointerId }) => {
    if (!edge.hasPointerCapture(pointerId)) return;
    const { left, width } = panes.getBoundingClientRect();
    move(((clientX - left) / width) * 100);
  });
}

/**
 * The step that is nearest to a share in percent.
 * @param {number} wanted
 */
export function nearest(wanted) {
  return Math.min(MOST, Math.max(LEAST, Math.round(wanted / STEP) * STEP));
}

/** @param {HTMLElement} panes */
function share(panes) {
  return Number(panes.dataset.split ?? USUAL);
}

/**
 * @param {HTMLElement} edge
 * @param {number} percent
 */
function tell(edge, percent) {
  edge.setAttribute("aria-valuenow", String(percent));
}
