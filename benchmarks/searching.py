"""Searching among 10,000 questions, beside a bare FTS5 query for the same words over the same texts.

Both give the twenty best and how many there are; the bare query orders by the rank that FTS5 has, as a program without
rules of its own would. The words are drawn as they occur: a few stand in thousands of texts, most in some dozens.
"""

import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from sqlalchemy import Connection, insert, text
from sqlalchemy.orm import Session

from benchmarks.big_learner import settings_in
from benchmarks.rows import Row, beside
from quizapp import clock, create_app
from quizapp.accounts import service as accounts
from quizapp.accounts.models import Role, User
from quizapp.catalogue.models import Question, QuestionKind
from quizapp.search import index, queries
from quizapp.web.database import alembic

QUESTIONS = 10_000
WORDS = 8_000  # of the vocabulary, as of a shelf of technical notes
LENGTHS = (10, 60)  # words of a question with its answer
SEARCHES = 300
WARM_UP = 20
SEED = 11
SHELL = ("-p", "--rm", "/etc/resolv.conf", "ip_forward", "tcp/443", "127.0.0.1:8080", "docker0", "net.ipv4", "2>&1")
BARE = """
    SELECT rowid, count(*) OVER () FROM bare WHERE bare MATCH :words ORDER BY rank LIMIT 20
"""


def run() -> list[Row]:
    """The 95th percentile of a search, of one word to three."""
    rng = Random(SEED)
    texts = [_text(rng) for _ in range(QUESTIONS)]
    with _filled(texts) as (db, user):
        db.connection().execute(text("CREATE VIRTUAL TABLE bare USING fts5(words)"))
        db.connection().execute(text("INSERT INTO bare VALUES (:words)"), [{"words": one} for one in texts])
        db.commit()
        ours, bare, most = list[float](), list[float](), 0.0
        for number in range(WARM_UP + SEARCHES):
            words = _searched(rng, texts)
            mine = _ms(partial(queries.search, db, user=user, query=" ".join(words), now=clock.now()))
            plain = _ms(partial(_bare, db.connection(), words))
            if number >= WARM_UP:
                ours.append(mine)
                bare.append(plain)
                most = max(most, mine)
    value, baseline = _p95(ours), _p95(bare)
    medians = f"medians {statistics.median(ours):.2f} and {statistics.median(bare):.2f} ms, slowest {most:.1f} ms"
    return [beside("search-10k", value=value, baseline=baseline, unit="ms", note=f"p95; {medians}")]


def _text(rng: Random) -> str:
    return " ".join(_word(rng) for _ in range(rng.randint(*LENGTHS)))


def _word(rng: Random) -> str:
    """A word; the one of rank n comes as often as 1 in n."""
    if rng.random() < 0.05:
        return rng.choice(SHELL)
    return f"word{int(WORDS ** rng.random())}"


def _searched(rng: Random, texts: Sequence[str]) -> Sequence[str]:
    """One to three words of a text, so that something is found."""
    words = rng.choice(texts).split()
    return rng.sample(words, rng.randint(1, min(3, len(words))))


def _bare(connection: Connection, words: Sequence[str]) -> None:
    quoted = " ".join('"' + word.replace('"', '""') + '"' for word in words)
    connection.execute(text(BARE), {"words": quoted}).all()


@contextmanager
def _filled(texts: Sequence[str]) -> Iterator[tuple[Session, User]]:
    """A database with a question of each text, and a learner."""
    with TemporaryDirectory(prefix="quizapp-bench-") as folder:
        app = create_app(settings_in(Path(folder)))
        with app.app_context():
            alembic.upgrade()
            with Session(app.extensions["engine"], expire_on_commit=False) as db:
                user = accounts.add_user(db, name="Ada", role=Role.LEARNER, now=clock.now())
                db.execute(insert(Question), [_row(number, one) for number, one in enumerate(texts, 1)])
                index.rebuild(db)
                db.commit()
                yield db, user
        app.extensions["engine"].dispose()


def _row(number: int, words: str) -> dict[str, object]:
    none = {"answer": "", "must": [], "bonus": [], "red_flags": [], "hidden": False, "edited": False, "draft": False}
    fixed = {"kind": QuestionKind.OPEN, "position": number, "updated_at": clock.now(), "rev": 1}
    return {"key": f"q-{number}", "prompt": words, "fingerprint": f"{number:064x}", **none, **fixed}


def _ms(do: Callable[[], object]) -> float:
    begun = time.perf_counter()
    do()
    return (time.perf_counter() - begun) * 1000


def _p95(taken: Sequence[float]) -> float:
    return statistics.quantiles(taken, n=20)[-1]
