"""What an editor waits for: the list of questions, and a save; the processor's time of requests without sockets."""

import re
from html import unescape
from statistics import quantiles

from flask.testing import FlaskClient

from benchmarks.big_learner import NOTES, Opened, opened
from benchmarks.flat import counted, cpu_ms, signed_in
from benchmarks.rows import Row, beside

ROUNDS = 60
WARM_UP = 5
FEW, MANY = 100, 10_000  # questions of the list
SMALL_NOTE, LARGE_NOTE = 5, 500  # questions of the note in which one is saved
KEY = "q-1"


def content_list() -> list[Row]:
    """The list with 10,000 questions beside 100, its worst page and order: the 95th of 100."""
    taken = {}
    for size in (FEW, MANY):
        with opened(size) as big:
            client = signed_in(big)
            pages = ("/content", f"/content?page={size // 50}", "/content?sort=changed", "/content?stage=published")
            taken[size] = {page: _p95([_get(client, page) for _ in range(WARM_UP + ROUNDS)]) for page in pages}
    worst = max(taken[MANY].values())
    said = ", ".join(f"{value:.1f} ms" for value in taken[MANY].values())
    note = f"p95; first page, last page, by change, by stage: {said}"
    return [beside("content-list-10k", value=worst, baseline=max(taken[FEW].values()), unit="ms", note=note)]


def save() -> list[Row]:
    """A save of one question in a note of 500 beside a note of 5."""
    small, large = (_saved(size * NOTES) for size in (SMALL_NOTE, LARGE_NOTE))
    more = large[1] - small[1]
    note = f"p95; {large[1]} statements, {more} more than in a note of {SMALL_NOTE}"
    return [beside("save-in-500", value=large[0], baseline=small[0], unit="ms", note=note)]


def _saved(questions: int) -> tuple[float, int]:
    """The time of a save, and its statements."""
    with opened(questions) as big:
        client = signed_in(big)
        taken = [_save(big, client, number) for number in range(WARM_UP + ROUNDS)]
    return _p95([ms for ms, _ in taken]), taken[-1][1]


def _save(big: Opened, client: FlaskClient, number: int) -> tuple[float, int]:
    address = f"/content/questions/{KEY}"
    page = client.get(address).text
    form = page[page.index('id="editor"') :]
    hidden = re.findall(r'<input[^>]* name="(csrf_token|rev|opened)"[^>]* value="([^"]*)"', form)
    sent = {name: unescape(value) for name, value in hidden}
    sent |= {"prompt": f"What is number {number}?", "answer": "A number."}
    with counted(big.app.extensions["engine"]) as statements:
        taken = cpu_ms(lambda: _sent(client, address, sent))
        return taken, len(statements)


def _sent(client: FlaskClient, address: str, sent: dict[str, str]) -> None:
    assert client.post(address, data=sent).status_code == 302


def _get(client: FlaskClient, page: str) -> float:
    return cpu_ms(lambda: client.get(page))


def _p95(taken: list[float]) -> float:
    return quantiles(taken[WARM_UP:], n=20)[-1]
