"""What a learner waits for, with 1,000, 100,000 and 1,000,000 cards: medians of the processor's time in this process.

The pages are asked for through Werkzeug's test client, so the figures are the whole request without sockets. The ratio
of each row is to the same with 1,000 cards; the note says how many SQL statements one request makes.
"""

import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

from flask.testing import FlaskClient
from sqlalchemy import Engine, event, insert, select
from sqlalchemy.orm import Session

from benchmarks import full_catalogue
from benchmarks.big_learner import SIZES, Opened, opened
from benchmarks.rows import Row, beside
from quizapp import clock
from quizapp.accounts import service as accounts
from quizapp.accounts.guards import TOKEN
from quizapp.accounts.models import ReviewOrder, Role, User
from quizapp.catalogue.models import Question
from quizapp.review import queries, service

ROUNDS = 61
WARM_UP = 5
ADDED = 2_000
NO_QUERIES = ("PRAGMA", "BEGIN", "SAVEPOINT", "RELEASE")  # statements that read and write no row

Measured = tuple[float, int]


def next_card() -> list[Row]:
    """The service alone: which card comes next."""
    return _at_each_size("next-card", _next_card)


def ordered_card() -> list[Row]:
    """The same, the least remembered first: the costliest order but that by concepts, which reads a few reviews too."""
    return _at_each_size("ordered-card", partial(_next_card, order=ReviewOrder.LEAST_RECALL))


def review_page() -> list[Row]:
    """GET /review, whole."""
    return _at_each_size("review-page", lambda big: page_cost(big, "/review", role=Role.LEARNER))


def today_page() -> list[Row]:
    """The first page, whole."""
    return _at_each_size("today-page", lambda big: page_cost(big, "/", role=Role.LEARNER))


def add_cards() -> list[Row]:
    """Cards of 2,000 questions at once, beside nothing: the value is what one of them takes."""
    with opened(SIZES["1k"]) as big, Session(big.app.extensions["engine"]) as db:
        new = accounts.add_user(db, name="Bob", role=Role.LEARNER, now=clock.now())
        ids = _more_questions(db, ADDED)
        taken = cpu_ms(lambda: service.add_cards(db, user=new, question_ids=ids, now=clock.now()))
    value = taken / ADDED
    return [beside("add-cards", value=value, baseline=value, unit="ms", note=f"each of {ADDED:,} cards")]


def pages_10k_questions() -> list[Row]:
    """Practice, Notes and Content with 10,000 questions beside 150, in a catalogue in use: the page that grows most."""
    grown = []
    with opened(150) as few, opened(10_000) as many:
        full_catalogue.fill(few, questions=150)
        full_catalogue.fill(many, questions=10_000)
        for path in ("/practice", "/notes", "/content"):
            (small, _), (large, _) = page_costs([(few, path), (many, path)])
            grown.append((large / small, large, small, path))
    _, large, small, _ = max(grown)
    said = ", ".join(f"{path} {ratio:.2f}" for ratio, _, _, path in grown)
    return [beside("pages-10k-questions", value=large, baseline=small, unit="ms", note=said)]


def _more_questions(db: Session, count: int) -> list[int]:
    """Ids of so many questions, copies of the first one."""
    first = db.scalars(select(Question).order_by(Question.id).limit(1)).one()
    row = {column.name: getattr(first, column.name) for column in Question.__table__.columns}
    ids = range(10_000_000, 10_000_000 + count)
    db.execute(insert(Question), [{**row, "id": number, "key": f"more-{number}"} for number in ids])
    return list(ids)


def _at_each_size(name: str, measure: Callable[[Opened], Measured]) -> list[Row]:
    found: dict[str, Measured] = {}
    for size, cards in SIZES.items():
        with opened(cards) as big:
            found[size] = measure(big)
    return _rows(name, found)


def _rows(name: str, found: Mapping[str, Measured]) -> list[Row]:
    smallest = next(iter(found.values()))[0]
    return [
        beside(f"{name}-{size}", value=value, baseline=smallest, unit="ms", note=f"{statements} statements")
        for size, (value, statements) in found.items()
    ]


def _next_card(big: Opened, *, order: ReviewOrder = ReviewOrder.DUE) -> Measured:
    engine: Engine = big.app.extensions["engine"]
    taken, count = [], 0
    with Session(engine) as db:
        db.get_one(User, big.learner_id).review_order = order
        db.commit()
    for _ in range(WARM_UP + ROUNDS):
        with Session(engine) as db, counted(engine) as statements:
            asked = partial(queries.next_card, db, user=db.get_one(User, big.learner_id), now=clock.now())
            statements.clear()
            taken.append(cpu_ms(asked))
            count = len(statements)
    return statistics.median(taken[WARM_UP:]), count


def page_cost(big: Opened, path: str, *, role: Role = Role.EDITOR) -> Measured:
    """The processor's milliseconds for this page, a median, and the statements of one request for it.

    A page that says how many reports wait takes one more of an editor.
    """
    (found,) = page_costs([(big, path)], role=role)
    return found


def page_costs(pages: Sequence[tuple[Opened, str]], *, role: Role = Role.EDITOR) -> list[Measured]:
    """The same of each of these pages, asked for in turn: what slows the machine for a second slows them all."""
    clients = [signed_in(big, role=role) for big, _ in pages]
    counts = list[int]()
    for client, (big, path) in zip(clients, pages, strict=True):
        with counted(big.app.extensions["engine"]) as statements:
            assert client.get(path).status_code == 200
            counts.append(len(statements))
    taken = [
        [cpu_ms(partial(client.get, path)) for client, (_, path) in zip(clients, pages, strict=True)]
        for _ in range(WARM_UP + ROUNDS)
    ]
    medians = map(statistics.median, zip(*taken[WARM_UP:], strict=True))
    return list(zip(medians, counts, strict=True))


def signed_in(big: Opened, *, role: Role = Role.EDITOR) -> FlaskClient:
    """A client that is signed in as the learner, who gets this role."""
    with Session(big.app.extensions["engine"]) as db:
        user = db.get_one(User, big.learner_id)
        user.role = role
        token = accounts.sign_in(db, user=user, life=timedelta(hours=1), now=clock.now())
        db.commit()
    client = big.app.test_client()
    with client.session_transaction() as cookie:
        cookie[TOKEN] = token
    return client


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """The statements that read or write rows while the block runs."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith(NO_QUERIES):
            statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


def cpu_ms(work: Callable[[], object]) -> float:
    """The processor's time of some work, in milliseconds."""
    before = time.process_time()
    work()
    return 1000 * (time.process_time() - before)
