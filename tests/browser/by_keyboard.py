"""Comes to things on a page by a key that goes from one to the next, as who has no pointer does. Knows no page."""

from playwright.sync_api import ElementHandle, Locator, Page, expect

MOST_TABS = 200  # presses of Tab to anything on these pages
WHERE = "element => element === document.activeElement ? 'here' : element.isConnected ? 'elsewhere' : 'replaced'"


def come_to(page: Page, target: Locator, *, by: str = "Tab") -> None:
    """Press the key until the target has the focus.

    The target is looked for once, and again only where the page has put another in its place: to look for a role and a
    name among all that a page has takes longer than the press itself.
    """
    expect(target).to_be_visible()
    element = _element(target)
    for _ in range(MOST_TABS):
        if (where := element.evaluate(WHERE)) == "here":
            return
        if where == "replaced":
            element = _element(target)
        else:
            page.keyboard.press(by)
    raise AssertionError(f"{by} does not come to {target}")


def _element(target: Locator) -> ElementHandle:
    found = target.element_handle()
    assert found is not None
    return found
