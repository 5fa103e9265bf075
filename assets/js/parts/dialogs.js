// `data-dialog="id"` on a link or button opens that dialog. A link keeps its address as the way without a script.
// Inside, `data-close` closes; so does a click beside it. A menu closes when the focus or a click goes elsewhere.
export function dialogs() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest?.("[data-dialog]");
    if (opener) {
      event.preventDefault();
      document.getElementById(opener.dataset.dialog).showModal();
      return;
    }
    if (event.target.closest?.("[data-close]") || event.target.matches?.("dialog")) {
      event.target.closest("dialog")?.close();
    }
    closeMenusOutside(event.target);
  });
  document.addEventListener("focusin", ({ target }) => closeMenusOutside(target));
}

function closeMenusOutside(target) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(target)) menu.open = false;
  }
}
