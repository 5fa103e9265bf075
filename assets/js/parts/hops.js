// Orders of hops, made in a diagram: a press puts a hop last on the way, or takes it and all after it off again. The fields
// that a page without a script shows stay in the form, and are what is sent.
const NOTHING_YET = "Press the hops in their order. Pressing one again takes it off the way, and all after it.";

/** Every diagram of the page; a part that is exchanged brings new ones. */
export function drawHops() {
  document.querySelectorAll("[data-order]:not([data-drawn])").forEach(draw);
}

function draw(order) {
  const fields = [...order.querySelectorAll("select")];
  const diagram = order.querySelector("[data-hops]");
  const hops = [...diagram.querySelectorAll("[data-hop]")];
  const way = () => fields.map((field) => field.value).filter(Boolean);

  function press(hop) {
    const before = way();
    const at = before.indexOf(hop.dataset.hop);
    const next = at < 0 ? [...before, hop.dataset.hop] : before.slice(0, at);
    fields.forEach((field, place) => (field.value = next[place] ?? ""));
    paint();
  }

  function paint() {
    const places = way();
    for (const hop of hops) {
      const place = places.indexOf(hop.dataset.hop) + 1;
      hop.setAttribute("aria-pressed", String(place > 0));
      hop.querySelector(".hop-place").textContent = place || "";
    }
    const said = places.map((name, index) => `${index + 1} ${name}`).join(", ");
    diagram.querySelector("[data-hops-said]").textContent = said ? `Your way: ${said}.` : NOTHING_YET;
    diagram.querySelector("path").setAttribute("d", line(places));
  }

  /** Through the middles of the hops, in their order. */
  function line(places) {
    const corner = diagram.getBoundingClientRect();
    const points = places.map((name) => {
      const box = hops.find((hop) => hop.dataset.hop === name).getBoundingClientRect();
      return `${box.x + box.width / 2 - corner.x} ${box.y + box.height / 2 - corner.y}`;
    });
    return points.length > 1 ? `M${points.join("L")}` : "";
  }

  order.dataset.drawn = "";
  order.querySelector("ol").hidden = true;
  diagram.hidden = false;
  order.querySelector("[data-after-terminal]")?.removeAttribute("data-after-terminal");
  hops[0].dataset.afterTerminal = "";
  hops.forEach((hop) => hop.addEventListener("click", () => press(hop)));
  new ResizeObserver(paint).observe(diagram);
}
