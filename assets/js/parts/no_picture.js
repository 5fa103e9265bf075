// What is said below a field for plain text that was given a picture, until something is typed there.
const NO_PICTURE = "Only text can go in here: the picture was not taken. Say in words what it shows.";
const SAID = "[data-no-picture]";

/** @param {HTMLTextAreaElement} field */
export function sayNoPicture(field) {
  field.parentElement?.querySelector(SAID)?.remove();
  const said = document.createElement("p");
  said.className = "notice notice-warning";
  said.role = "alert";
  said.dataset.noPicture = "";
  said.textContent = NO_PICTURE;
  field.after(said);
  field.addEventListener("input", () => said.remove(), { once: true });
}
