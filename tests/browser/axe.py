"""What axe finds in an open page. It is put there once a document, and only what is wrong comes back.

`Axe.run` of axe-playwright-python 0.1.8 puts half a million letters there for each look, in the light and in the dark,
and lets all come back that it looked at.
"""

from collections.abc import Mapping
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

IS_THERE = "() => 'axe' in window"
FIND = "async (options) => (await axe.run(options)).violations"
# Axe 4.12 reads the colour of each element and of all that it lies in by a library for colours of every kind, the same
# few words again and again: half of the time that contrasts take. What a word means is kept, and copied.
KEEP_COLOURS = """() => {
  const color = axe.commons.color.Color.prototype, read = color.parseString, known = new Map();
  color.parseString = function (text) {
    const kept = known.get(text);
    if (kept) Object.assign(this, kept);
    else {
      read.call(this, text);
      known.set(text, { r: this.r, g: this.g, b: this.b, alpha: this.alpha });
    }
    return this;
  };
}"""
IS_LIGHT = "() => !matchMedia('(prefers-color-scheme: dark)').matches"
# Ends what moves or changes its colour, meanwhile contrasts are nobody's. In a page that stands behind another one it
# would never end by itself. What goes on for ever cannot be ended.
COLOURS_ARE_THERE = """() => {
  document.body.offsetWidth;
  for (const one of document.getAnimations()) {
    if (one.effect.getComputedTiming().endTime !== Infinity) one.finish();
  }
}"""
VIOLATIONS = {"resultTypes": ["violations"]}
IN_THIS_SCHEME: Mapping[str, Any] = {}  # for a test that is run in the other colour scheme as well
OF_COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"]}  # what may be otherwise in another colour scheme
GRAVE = ("serious", "critical")  # axe's words for what keeps somebody from using a page

Finding = dict[str, Any]


def findings(page: Page, options: Mapping[str, Any] = VIOLATIONS) -> list[Finding]:
    """The rules that the page breaks, each with the elements that do, as axe's documentation of results shows them.

    Of a page that is seen in the light, the rules of colours are asked in the dark as well, unless options are given.
    """
    if not page.evaluate(IS_THERE):
        page.evaluate(AXE_SCRIPT)
        page.evaluate(KEEP_COLOURS)
    page.evaluate(COLOURS_ARE_THERE)
    found: list[Finding] = page.evaluate(FIND, {**VIOLATIONS, **options})
    return found if options is not VIOLATIONS else [*found, *_in_the_dark(page)]


def _in_the_dark(page: Page) -> list[Finding]:
    if not page.evaluate(IS_LIGHT):
        return []
    page.emulate_media(color_scheme="dark")
    page.evaluate(COLOURS_ARE_THERE)
    found: list[Finding] = page.evaluate(FIND, {**VIOLATIONS, **OF_COLOURS})
    page.emulate_media(color_scheme="light")
    page.evaluate(COLOURS_ARE_THERE)
    return found


def grave_findings(page: Page, options: Mapping[str, Any] = VIOLATIONS) -> list[Finding]:
    """Those of them that are serious."""
    return [each for each in findings(page, options) if each["impact"] in GRAVE]


def named(found: list[Finding]) -> list[tuple[str, Any]]:
    """Which rule was broken and where first, for a failed assertion."""
    return [(each["id"], each["nodes"][0]["target"]) for each in found]
