"""What the browser tests share: a Chromium, and the review page open in it."""

import shutil
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect
from sqlalchemy.orm import Session, sessionmaker

from ops.running_product import RunningProduct, running_product
from quizapp import clock
from quizapp.accounts import service as accounts
from quizapp.accounts.models import Role
from quizapp.db import create_engine_for
from quizapp.web.mounting import MOUNTED_AT
from tests.browser.chromium import KeptChromium
from tests.browser.reviewing import Site, build
from tests.conftest import make_settings
from tests.serving import served

PATIENCE_MS = 30_000
HERE = Path(__file__).parent
KEPT = KeptChromium()
# The last that a review page with a card asks for by itself, once the next cards are there. A network that is idle for
# half a second, as Playwright waits for, says the same half a second later.
HAS_ALL = """() => !document.querySelector("[data-sitting]:not([data-kept])")
  || performance.getEntriesByType("resource").some(({ name }) => name.endsWith("/review/offline"))"""


@pytest.fixture(scope="module", autouse=True)
def patience() -> None:
    """Let what is awaited on a page come late: Playwright's own five seconds are few on a busy machine."""
    expect.set_options(timeout=PATIENCE_MS)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Generator[None, None, None]:
    """End Chromium after the last browser test in a row, once all fixtures that use it have ended."""
    try:
        return (yield)
    finally:
        if nextitem is None or not nextitem.path.is_relative_to(HERE):
            KEPT.end()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish() -> None:
    """End it likewise after a run that was broken off."""
    KEPT.end()


@pytest.fixture(scope="module")
def playwright() -> Playwright:
    """What drives browsers, for a test that starts one with arguments of its own."""
    return KEPT.playwright()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium for all files, in which each test opens contexts of its own; none is left to the next file."""
    browser = KEPT.browser()
    yield browser
    for context in browser.contexts:
        context.close()


@pytest.fixture(scope="session")
def product(engine_url: str) -> Iterator[RunningProduct]:
    """The product as `make run` starts it. `tests/workers.py` keeps the files that use it in one worker."""
    with running_product() as product:
        yield product


@pytest.fixture(scope="session")
def add_learner(product: RunningProduct) -> Iterator[Callable[[str], tuple[str, UUID]]]:
    """`add_learner("Ada")`: the sign-in link of a new learner of that product, and the id of their account."""
    engine = create_engine_for(f"sqlite:///{product.instance / 'quizapp.sqlite3'}")

    def add(name: str) -> tuple[str, UUID]:
        with Session(engine) as db:
            user = accounts.add_user(db, name=name, role=Role.LEARNER, now=clock.now())
            link = accounts.make_link(db, user=user, now=clock.now())
            db.commit()
            return f"{product.address}/sign-in/{link}", user.id

    yield add
    engine.dispose()


@pytest.fixture
def site(migrated_sqlite: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Site]:
    """The product with a learner who has new cards; an indirect parameter is the path that it is mounted at."""
    settings = make_settings(tmp_path)
    settings = settings.model_copy(update={"public_url": settings.public_url + getattr(request, "param", "")})
    shutil.copy(migrated_sqlite, tmp_path)
    # In a thread of its own, since Playwright keeps an event loop in this one and Flask's contexts refuse to share it.
    with ThreadPoolExecutor(1) as thread:
        site = thread.submit(build, settings).result()
    yield site
    site.sessions.kw["bind"].dispose()
    site.app.extensions["engine"].dispose()


@pytest.fixture
def sessions(site: Site) -> sessionmaker[Session]:
    """Opens database sessions beside the site's own."""
    return site.sessions


@pytest.fixture
def address(site: Site) -> Iterator[str]:
    """Where the site is served."""
    with served(site.app) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def open_review(browser: Browser, address: str, site: Site) -> Iterator[Callable[..., Page]]:
    """Opens the review page in a browser of its own, signed in; arguments go to the browser's context.

    Without its service worker, which Playwright's routes do not see through, unless `service_workers="allow"`.
    """
    contexts: list[BrowserContext] = []

    def open_(**wishes: object) -> Page:
        context = browser.new_context(base_url=address, **{"service_workers": "block", **wishes})  # type: ignore[arg-type]
        contexts.append(context)
        context.add_cookies([{"name": "quizapp", "value": site.cookie, "url": address}])
        page = context.new_page()
        # A worker goes on unseen by its page, and without a script nothing more is asked for.
        goes_on = not {"service_workers", "java_script_enabled"} & wishes.keys()
        page.goto(f"{site.app.config[MOUNTED_AT]}/review", wait_until="load" if goes_on else "networkidle")
        if goes_on:
            page.wait_for_function(HAS_ALL)
        return page

    yield open_
    for context in contexts:
        context.close()
