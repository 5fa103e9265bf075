// Orders of hops, made in a diagram: a press puts a hop last on the way, or takes it and all after it off again. The fields
// that a page without a script shows stay in the form, and are what is sent.
import { all, lifeOf, required } from "./dom.js";

const NOTHING_YET = "Press the hops in their order. Pressing one again takes it off the way, and all after it.";

/** Every diagram of the page that is not drawn yet; a part that is exchanged brings new ones. */
export function drawHops() {
  for (const order of all("[data-order]:not([data-drawn])", HTMLElement)) draw(order);
}

/**
 * The way after a press of one hop.
 * @param {string[]} way
 * @param {string} hop
 */
export function pressed(way, hop) {
  const at = way.indexOf(hop);
  return at < 0 ? [...way, hop] : way.slice(0, at);
}

/** @param {HTMLElement} order */
function draw(order) {
  const fields = all("select", HTMLSelectElement, order);
  const diagram = required("[data-hops]", HTMLElement, order);
  const hops = all("[data-hop]", HTMLElement, diagram);
  const way = () => fields.map((field) => field.value).filter(Boolean);
  const show = () => paint(diagram, hops, way());

  /** @param {HTMLElement} hop */
  function press(hop) {
    const next = pressed(way(), hop.dataset.hop ?? "");
    for (const [place, field] of fields.entries()) field.value = next[place] ?? "";
    show();
  }

  order.dataset.drawn = "";
  required("ol", HTMLElement, order).hidden = true;
  diagram.hidden = false;
  order.querySelector("[data-after-terminal]")?.removeAttribute("data-after-terminal");
  hops[0].dataset.afterTerminal = "";
  for (const hop of hops) hop.addEventListener("click", () => press(hop));
  const sizes = new ResizeObserver(show);
  sizes.observe(diagram);
  lifeOf(order).addEventListener("abort", () => sizes.disconnect());
}

/**
 * Show a way in its diagram: a number on each hop, a line through them, and a sentence.
 * @param {HTMLElement} diagram
 * @param {HTMLElement[]} hops
 * @param {string[]} way
 */
function paint(diagram, hops, way) {
  for (const hop of hops) {
    const place = way.indexOf(hop.dataset.hop ?? "") + 1;
    hop.setAttribute("aria-pressed", String(place > 0));
    required(".hop-place", HTMLElement, hop).textContent = place > 0 ? String(place) : "";
  }
  const said = way.map((name, index) => `${index + 1} ${name}`).join(", ");
  required("[data-hops-said]", HTMLElement, diagram).textContent = said ? `Your way: ${said}.` : NOTHING_YET;
  required("path", SVGPathElement, diagram).setAttribute("d", line(diagram, hops, way));
}

/**
 * A path through the middles of the hops, in their order.
 * @param {HTMLElement} diagram
 * @param {HTMLElement[]} hops
 * @param {string[]} way
 */
function line(diagram, hops, way) {
  const corner = diagram.getBoundingClientRect();
  const boxes = way.flatMap((name) => hops.find((hop) => hop.dataset.hop === name)?.getBoundingClientRect() ?? []);
  const points = boxes.map((box) => `${box.x + box.width / 2 - corner.x} ${box.y + box.height / 2 - corner.y}`);
  return points.length > 1 ? `M${points.join("L")}` : "";
}
