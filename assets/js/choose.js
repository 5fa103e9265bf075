// The page that begins a quiz: with each change it says anew how many questions there are to draw from, which concepts there
// are to choose among, and what the quiz will be like. The server says all of it, as it does when the page is asked for with
// what was chosen in its address. Without htmx, which weighs more than the rest of the page's scripts.
import { find, required } from "./parts/dom.js";

const SAID = ["#matching", "#concepts", "#pace", "#like"];

const form = required("form[data-choose]", HTMLFormElement);
let asked = new AbortController();
form.addEventListener("change", () => {
  asked.abort(); // only what was chosen last counts
  asked = new AbortController();
  say(asked.signal).catch(() => {}); // what is said names what it is about, so it stays true
});

/** @param {AbortSignal} signal */
async function say(signal) {
  const answer = await fetch(`${location.pathname}?${chosen()}`, { signal });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const name of SAID) {
    const place = required(name, HTMLElement);
    const said = find(name, HTMLElement, page);
    // What reads the same stays, with its ticks and where it is scrolled to; so does a list that one is ticking in.
    if (!said || said.textContent === place.textContent || place.contains(document.activeElement)) continue;
    place.replaceChildren(...said.childNodes);
  }
}

/** What is chosen, as in the page's address; the token of the form is no choice. */
function chosen() {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form))
    if (typeof value === "string" && name !== "csrf_token") fields.append(name, value);
  return fields;
}
