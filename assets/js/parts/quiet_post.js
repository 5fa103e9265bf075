// What a page sends in the background, of which nobody is told that it did not arrive.
import { csrfToken } from "./identity.js";

/**
 * The answer; null if there was none.
 * @param {string} url
 * @param {Record<string, string>} fields
 * @param {{ outlives?: boolean }} [how] whether it goes on when the page is left, which a long text may not
 */
export async function post(url, fields, { outlives = false } = {}) {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  const headers = { Accept: "application/json", "X-CSRFToken": csrfToken() };
  try {
    return await fetch(url, { method: "POST", headers, body, keepalive: outlives });
  } catch {
    return null;
  }
}
