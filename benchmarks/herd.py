"""The time for a page while fifty learners ask for a sandbox at once, beside the same pages before.

All of them must get a sandbox, in the order in which they asked. The figures are 95th percentiles over the home page
and the list of notes, which one person who is signed in asks for in turn.
"""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from requests import Session

from benchmarks.product import WAIT_S, has_engine, own_containers, p95_ms, product_and_client, wait_for
from benchmarks.rows import Row, beside
from ops.running_product import RunningProduct
from quizapp.sandboxes.client import SandboxClient, SandboxState
from quizapp.sandboxes.pool.lifecycle import STARTS_AT_ONCE

HERD = 50
PAGES = ("/", "/notes")
CALM_PAGES = 200
PAUSE_S = 0.02  # between two pages, so that they are the load of one browser


def run() -> list[Row]:
    """Measure on a product of its own, which is removed afterwards. No rows without an engine."""
    if not has_engine():
        return []
    with product_and_client(SANDBOX_WARM="0", QUIZAPP_MAX_SANDBOXES=str(HERD)) as (product, client):
        browser = own_containers(product.link)
        calm = _visit(browser, product, until=lambda seen: seen >= CALM_PAGES)
        served = threading.Event()
        with ThreadPoolExecutor(1) as pool:
            busy = pool.submit(_visit, browser, product, until=lambda _: served.is_set())
            try:
                _serve(client)
            finally:
                served.set()
        return [beside("herd-other-pages-p95-ms", value=p95_ms(busy.result()), baseline=p95_ms(calm), unit="ms")]


def _serve(client: SandboxClient) -> None:
    """Ask for HERD sandboxes at once, and check that all are claimed in the order in which they were asked for.

    Neighbours may change places: STARTS_AT_ONCE of them start at the same time.
    """
    with ThreadPoolExecutor(HERD) as pool:
        asked = list(pool.map(lambda number: client.ask(owner=f"herd {number}"), range(HERD)))
    assert len({sandbox.id for sandbox in asked}) == HERD
    served: list[str] = []

    def all_served() -> bool:
        here = client.list()
        assert len(here) == HERD, "one of them failed"
        served.extend(one.id for one in here if one.state is SandboxState.CLAIMED and one.id not in served)
        return len(served) == HERD

    wait_for(all_served, "all are served")
    due = [sandbox.id for sandbox in client.list()]
    late = max(abs(served.index(sandbox_id) - place) for place, sandbox_id in enumerate(due))
    assert late <= STARTS_AT_ONCE, f"somebody was served {late} places out of turn"


def _visit(browser: Session, product: RunningProduct, *, until: Callable[[int], bool]) -> list[float]:
    """Get pages until `until` returns True, which gets the number of pages so far; the seconds that each page took."""
    taken: list[float] = []
    while not until(len(taken)):
        began = time.perf_counter()
        browser.get(product.address + PAGES[len(taken) % len(PAGES)], timeout=WAIT_S).raise_for_status()
        taken.append(time.perf_counter() - began)
        time.sleep(PAUSE_S)
    return taken
