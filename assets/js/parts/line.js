// Whether the server answers, and what is said on a page that stays where it is because it does not.
import { elementOf } from "./dom.js";
import { notify } from "./notices.js";

const ANSWER_WITHIN_MS = 8000;

/** Whether the server answers: it may be on this machine, so that it does without the connection that is missing. */
export async function isReached() {
  try {
    await fetch(location.href, { method: "HEAD", signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    return true;
  } catch {
    return false;
  }
}

/**
 * Follow a link with `data-needs-line` once the server has answered. Where it does not, the card stays, in place of the
 * browser's own error page, and a sentence that begins with the attribute's words says why.
 * @param {MouseEvent} event
 */
export async function followIfReached(event) {
  const link = elementOf(event)?.closest("a[data-needs-line]");
  if (!(link instanceof HTMLAnchorElement) || event.defaultPrevented) return;
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return; // opens beside this page, which stays
  event.preventDefault();
  link.ariaBusy = "true";
  const reached = await isReached();
  link.ariaBusy = null;
  if (!link.isConnected) return; // another card is shown meanwhile
  if (reached) location.assign(link.href);
  else
    notify(`${link.dataset.needsLine} needs a connection to the server, and there is none now; the card stays here.`);
}
