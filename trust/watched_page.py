"""A browser's page that tells whether a payload has run, or would as soon as somebody moves, clicks or waits."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, Response

# Elements that would run a payload when somebody uses them, and scripts that hold one.
ARMED = r"""() => {
  const found = [];
  const plain = (text) => text.replace(/[\s\x00-\x20]/g, "").toLowerCase();
  for (const element of document.querySelectorAll("*")) {
    for (const {name, value} of element.attributes) {
      const isHandler = /^(on|hx-on|data-hx-on)/i.test(name);
      const leads = /^(href|src|action|formaction|data|xlink:href|srcdoc)$/i.test(name);
      if ((isHandler && value.includes("ran")) || (leads && /^(javascript|vbscript|data:text)/.test(plain(value)))
          || (name === "srcdoc" && value.includes("ran")) || /^(data-)?hx-/.test(name) && /zq\d+z/.test(value)) {
        found.push(`<${element.localName} ${name}="${value}">`);
      }
    }
    if (element.localName === "script" && /\bran\b/.test(element.textContent)) found.push("a script's text");
  }
  return found;
}"""
# What the page's policy has refused; asked before the page's own scripts run.
NOTE_REFUSALS = """
window.refusedByPolicy = [];
addEventListener("securitypolicyviolation", (event) =>
  window.refusedByPolicy.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sample}`));
"""


class Watched:
    """A page of a browser, with what was noticed on it so far."""

    def __init__(self, context: BrowserContext) -> None:
        self.ran: set[int] = set()
        """The numbers of payloads that ran."""
        self.dialogs = 0
        self.page: Page = context.new_page()
        self.page.on("dialog", self._dismiss)
        context.expose_binding("ran", lambda _, number, *__: self.ran.add(int(number)))
        context.add_init_script(NOTE_REFUSALS)

    def open(self, address: str) -> Response | None:
        """Open a page, with all that it loads."""
        return self.page.goto(address, wait_until="load")

    def show(self, html: str) -> None:
        """Show a document of our own, without any policy."""
        self.page.set_content(html, wait_until="domcontentloaded")

    def armed(self) -> list[str]:
        """What would run a payload on the page as it is now."""
        found: list[str] = self.page.evaluate(ARMED)
        return found

    def refused(self) -> list[str]:
        """What the policy of the page has refused of scripts and styles: what came through, though it did nothing."""
        found: list[str] = self.page.evaluate("() => window.refusedByPolicy || []")
        return [one for one in found if one.startswith(("script", "style"))]

    def _dismiss(self, dialog: Any) -> None:
        self.dialogs += 1
        dialog.dismiss()


@contextmanager
def watched(browser: Browser, **wishes: Any) -> Iterator[Watched]:
    """A page in a browser of its own, without service workers; `wishes` go to the browser's context."""
    context = browser.new_context(service_workers="block", **wishes)
    try:
        yield Watched(context)
    finally:
        context.close()


def weak_policies(headers: Mapping[str, str]) -> list[str]:
    """What is too weak in the policy of an answer: no policy, or words that allow what stands in the page itself."""
    policy = headers.get("content-security-policy", "")
    if "default-src 'none'" not in policy:
        return ["no default of 'none'"]
    return [part.strip() for part in policy.split(";") if "'unsafe-" in part]
