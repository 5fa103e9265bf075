// Says of a form that was sent that what it brings is being read or stored, where that takes long: the answer is another page.
import { required } from "./dom.js";

const AFTER_MS = 300; // what is done sooner needs no words

/**
 * Tell of it as long as this page stands, and no more once the browser comes back to the page. A form has a `[data-storing]`,
 * which is hidden, with the words, and a `[data-said]` for who does not see it.
 * @param {HTMLFormElement} form
 */
export function tellsOfStoring(form) {
  const panel = required("[data-storing]", HTMLElement, form);
  const said = required("[data-said]", HTMLElement, form);
  form.addEventListener("submit", (event) => {
    const soon = setTimeout(() => {
      if (event.defaultPrevented) return; // without a connection it was not sent
      panel.hidden = false;
      said.textContent = panel.textContent;
    }, AFTER_MS);
    const ends = () => {
      clearTimeout(soon);
      panel.hidden = true;
      said.textContent = "";
    };
    window.addEventListener("pageshow", ends, { once: true });
  });
}
