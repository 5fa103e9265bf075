"""What axe is asked for is found: words of little contrast, in the light and in the dark, beside others."""

import pytest
from playwright.sync_api import Browser

from tests.browser import axe

pytestmark = pytest.mark.browser

# On white #767676 is just enough, and #777777 is just too little; in the dark the last one is.
PAGE = """<!doctype html><html lang="en"><title>Contrasts</title><style>
  body { background: white }
  .enough { color: #767676 } #light { color: #777 } #covered { background: rgb(0 0 0 / 0.1) }
  @media (prefers-color-scheme: dark) { body { background: black } #light { color: white } #dark { color: #222 } }
</style><main><h1>Contrasts</h1>
<p class="enough">one</p><p id="light">two</p><p class="enough">three</p>
<p id="covered" class="enough">four</p><p id="dark">five</p></main>"""


def test_words_of_little_contrast_are_found_in_both_colour_schemes(browser: Browser) -> None:
    page = browser.new_page(color_scheme="light")
    page.set_content(PAGE)
    found = [
        [node["target"] for node in each["nodes"]] for each in axe.findings(page) if each["id"] == "color-contrast"
    ]
    page.close()
    in_the_light, in_the_dark = found
    assert in_the_light == [["#light"], ["#covered"]]
    assert ["#dark"] in in_the_dark
    assert ["#light"] not in in_the_dark
