// htmx, which puts answers of the server in the place of parts of the page, without disturbing who is at work in them: see
// undisturbed.js. Reading goes on at the element in an answer that asks for it with `data-focus`; but not if nobody has pressed
// for it, as `data-keeps-focus` says of what has asked the server, or where one has gone on to something else meanwhile.
import htmx from "htmx.org";
import { elementOf, find } from "./dom.js";
import { asDrawn, leftIn, putBack } from "./undisturbed.js";

/** @import { Left } from "./undisturbed.js" */

/**
 * What htmx tells of a swap. `target` is another element once the swap has put it there.
 * @typedef {object} Swap
 * @property {HTMLElement} sourceElement
 * @property {{ form?: HTMLFormElement | null, body?: URLSearchParams | FormData | null }} request
 */
/** @typedef {{ target: Element | string | null }} SwapTask */

/** @type {WeakMap<Swap, { task: SwapTask, left: Left }[]>} */
const before = new WeakMap();
/** @type {WeakSet<Swap>} swaps during which one is at work elsewhere than where the answer was asked for */
const elsewhere = new WeakSet();

asDrawn(document);
document.addEventListener("htmx:before:swap", (event) => {
  const { ctx, tasks } = detailOf(event);
  if (!ctx || !tasks) return;
  const { form, body } = ctx.request ?? {};
  const sent = form && body ? { form, fields: body } : undefined;
  const kept = tasks.flatMap((task) =>
    task.target instanceof HTMLElement ? [{ task, left: leftIn(task.target, sent) }] : [],
  );
  before.set(ctx, kept);
  if (!isAtForm(document.activeElement, ctx.sourceElement)) elsewhere.add(ctx);
});
document.addEventListener("htmx:after:swap", (event) => {
  const { ctx } = detailOf(event);
  for (const { task, left } of (ctx && before.get(ctx)) ?? []) {
    if (!(task.target instanceof HTMLElement)) continue;
    asDrawn(task.target);
    putBack(task.target, left);
  }
  const element = find("[data-focus]", HTMLElement);
  if (!element) return;
  element.removeAttribute("data-focus");
  const asked = ctx?.sourceElement;
  const isUnasked = asked instanceof HTMLElement && asked.matches("[data-keeps-focus]");
  if (!isUnasked && !(ctx && elsewhere.has(ctx))) element.focus({ preventScroll: false });
});

/**
 * @param {Event} event
 * @returns {{ ctx?: Swap, tasks?: SwapTask[] }}
 */
function detailOf(event) {
  return event instanceof CustomEvent && elementOf(event) ? (event.detail ?? {}) : {};
}

/**
 * Whether the focus is nowhere, or still in the form that was sent, which another answer may have drawn anew meanwhile.
 * @param {Element | null} active
 * @param {Element} source
 */
function isAtForm(active, source) {
  if (!active || active === document.body || source.contains(active)) return true;
  return (active.closest("form")?.getAttribute("action") ?? null) === source.getAttribute("action");
}

export { htmx };
