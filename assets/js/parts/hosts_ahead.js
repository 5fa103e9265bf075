// Two hosts for a command that a quiz asks for: begun while the question before it is shown, and let go on the first page
// that needs none. What is done with them is fetched where they are needed.
import { find } from "./dom.js";
import { csrfToken } from "./identity.js";

const HELD = "quizapp.hosts-ahead"; // in this tab: where the hosts are let go that it had begun

export function hostsAhead() {
  const asks = find("[data-hosts-ahead]", HTMLElement);
  const runs = find("form[data-runs-by-itself]", HTMLFormElement);
  if (!asks && !runs) return letGo();
  import("./asked_hosts.js").then(({ beginHosts, runByItself }) => {
    if (asks) beginHosts(asks, HELD);
    if (runs) runByItself(runs);
  });
}

function letGo() {
  const address = sessionStorage.getItem(HELD);
  if (!address) return;
  sessionStorage.removeItem(HELD);
  navigator.sendBeacon(address, new URLSearchParams({ csrf_token: csrfToken() }));
}
