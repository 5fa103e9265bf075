// `data-dialog="id"` on a link or button opens that dialog. A link keeps its address as the way without a script.
// Inside, `data-close` closes; so does a click beside it. A menu closes when the focus or a click goes elsewhere.
import { all, elementOf, required } from "./dom.js";

export function dialogs() {
  document.addEventListener("click", (event) => {
    const clicked = elementOf(event);
    const opener = clicked?.closest("[data-dialog]");
    if (opener instanceof HTMLElement) {
      event.preventDefault();
      required(`#${opener.dataset.dialog}`, HTMLDialogElement).showModal();
      return;
    }
    if (clicked?.closest("[data-close]") || clicked?.matches("dialog")) clicked.closest("dialog")?.close();
    closeMenusOutside(clicked);
  });
  document.addEventListener("focusin", (event) => closeMenusOutside(elementOf(event)));
}

/** @param {Element | null} element */
function closeMenusOutside(element) {
  for (const menu of all("details.menu[open]", HTMLDetailsElement)) {
    if (!menu.contains(element)) menu.open = false;
  }
}
