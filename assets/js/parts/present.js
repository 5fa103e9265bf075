// Who else has this question, lab or note open: said on its editor's page, and told to the server as long as the page is open.
import { FAILED, Poller } from "../core/poller.js";
import { browserClock } from "./clock.js";
import { find } from "./dom.js";
import { post } from "./quiet_post.js";

const NOW = { seen: 0, hidden: 0 };
// Browsers let a page in the background do something once a minute; the server lets a word hold for 150 s.
const PACE = { seen: 30_000, hidden: 60_000 };

/** Begin; on a page that does not say where to tell it, nothing. */
export function tellPresent() {
  const place = find("[data-present]", HTMLElement);
  const at = place?.dataset.present;
  if (!place || !at) return;
  const tell = async () => {
    const answer = await post(at, {});
    if (!answer?.ok) return FAILED;
    const { said } = await answer.json();
    if (place.textContent !== said) place.textContent = said; // a screen reader reads it out once
    return PACE;
  };
  const poller = new Poller({ ask: tell, clock: browserClock, isHidden: () => document.hidden });
  window.addEventListener("pagehide", () => post(at, { gone: "1" }, { outlives: true }));
  window.addEventListener("pageshow", ({ persisted }) => persisted && poller.askNow());
  poller.start(NOW);
}
