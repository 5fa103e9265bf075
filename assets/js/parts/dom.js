// Elements by selector and class, so that types can be checked, and how long an element stays on the page.

/**
 * The first element that matches; null if there is none, or if it is none of `type`.
 * @template {Element} T
 * @param {string} selector
 * @param {new () => T} type
 * @param {ParentNode} [within]
 * @returns {T | null}
 */
export function find(selector, type, within = document) {
  const found = within.querySelector(selector);
  return found instanceof type ? found : null;
}

/**
 * The first element that matches. Throws an Error that names the selector if the page has none.
 * @template {Element} T
 * @param {string} selector
 * @param {new () => T} type
 * @param {ParentNode} [within]
 */
export function required(selector, type, within = document) {
  const found = find(selector, type, within);
  if (!found) throw new Error(`the page has no ${type.name} at ${selector}`);
  return found;
}

/**
 * Every element of `type` that matches, in the order of the page.
 * @template {Element} T
 * @param {string} selector
 * @param {new () => T} type
 * @param {ParentNode} [within]
 */
export function all(selector, type, within = document) {
  return [...within.querySelectorAll(selector)].flatMap((element) => (element instanceof type ? [element] : []));
}

/**
 * The element that an event is about; null where that is the document or the window.
 * @param {Event} event
 */
export function elementOf({ target }) {
  return target instanceof HTMLElement || target instanceof SVGElement ? target : null;
}

/**
 * A signal that aborts once a swap has taken `element` off the page: whatever outlives the element otherwise, such as
 * listeners on the document and sockets, ends by it.
 * @param {Element} element
 */
export function lifeOf(element) {
  const life = new AbortController();
  const look = () => {
    if (!element.isConnected) life.abort();
  };
  document.addEventListener("htmx:after:swap", look, { signal: life.signal });
  return life.signal;
}
