// Bring notes: the text that is typed is kept in this tab until it was imported, so that Back and a sign-out lose none.
import { forget, recall } from "./parts/cookies.js";
import { required } from "./parts/dom.js";

const IMPORTED = "imported"; // the cookie that the server sets once the notes of a preview are stored
const PLACE = `text to bring of ${document.body.dataset.user}`; // another person in the same tab does not get it

const text = required("textarea[name=text]", HTMLTextAreaElement);

if (recall(IMPORTED)) {
  sessionStorage.removeItem(PLACE);
  forget(IMPORTED);
}
if (text.value) keep();
else restore();
text.addEventListener("input", keep);

function keep() {
  try {
    sessionStorage.setItem(PLACE, text.value);
  } catch {
    sessionStorage.removeItem(PLACE); // it is larger than the browser keeps; an older text in its place would mislead
  }
}

function restore() {
  text.value = sessionStorage.getItem(PLACE) ?? "";
  required("[data-restored]", HTMLElement).hidden = !text.value;
}
