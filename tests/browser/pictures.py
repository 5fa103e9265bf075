"""Pictures of the pages that tests look at, for people: `SCREENSHOTS=1 make test` keeps them in build/screenshots/.

No test reads one, and there are some four hundred and sixty, each of which takes Chromium a twentieth of a second of
the processor or more. So none is taken unless it is asked for.
"""

import os
from typing import Any, Literal

from playwright.sync_api import Page

from ops.running_product import ROOT

FOLDER = ROOT / "build" / "screenshots"
ARE_KEPT = bool(os.environ.get("SCREENSHOTS"))
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


def keep(page: Page, name: str, **wishes: Any) -> None:
    """Keep the page as it looks now, as a PNG or JPEG file by the name's end; wishes are Playwright's own.

    Names are paths below FOLDER. Pages are kept whole, beyond the window's edge, unless `full_page=False`.
    """
    if ARE_KEPT:
        path = FOLDER / name
        path.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=path, **{"full_page": True, **wishes})


def keep_light_and_dark(page: Page, name: str, **wishes: Any) -> None:
    """Keep it in both colour schemes, which `{scheme}` in the name stands for; afterwards it is in the light."""
    if ARE_KEPT:
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            keep(page, name.format(scheme=scheme), **wishes)
        page.emulate_media(color_scheme="light")
