"""An answer and its commit, beside Anki's own backend with as many cards: medians of the processor's time.

Anki is installed in an environment of its own under build/ and runs as a process of its own. It is the peer of this
benchmark only: the product never imports it. Where it cannot be had, the rows say so and compare with nothing.
"""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID, uuid4

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from benchmarks.big_learner import BUILD, SIZES, Opened, learned_mb, made_once, opened
from benchmarks.rows import Row, beside
from ops.checkout import Checkout
from ops.console import child_env
from ops.uv import find_or_install_uv
from quizapp import clock
from quizapp.accounts.models import User
from quizapp.driver_connection import Direct
from quizapp.review import rating
from quizapp.review.memory import Phase, Rating
from quizapp.review.models import Card, ReviewSource
from quizapp.review.rating import Review

PACKAGE = "anki==26.9.3"
HOME = BUILD.parent / "anki"
PEER = Path(__file__).with_name("anki_peer.py")
TURNS = 10  # of each side, after one that is not counted
IN_A_TURN = 30
AGAIN_EACH = 4  # one card in so many is forgotten
WITHOUT = "without Anki, so the ratio says nothing"


def run() -> list[Row]:
    """Ours beside Anki's at each size, in turns, since other work on the machine slows both."""
    rows = []
    for size, cards in SIZES.items():
        with opened(cards) as big, _peer(cards) as peer:
            ours, theirs = _in_turns(big, peer)
        value, beside_it = _median_ms(ours), _median_ms(theirs) if peer else None
        rows.append(_beside(f"answer-{size}", value, beside_it, unit="ms"))
    return rows


def size() -> list[Row]:
    """What a learner with a million cards, nearly each with a review, takes in the database, beside Anki's.

    The first row is the learner's part: cards, reviews and their indexes, of which the aim is at most 450 MB. The
    second is the whole file, with a million questions here and a million notes there; that is not what learning adds.
    """
    cards = max(SIZES.values())
    made, whole, learned = made_once(cards), None, None
    with _peer(cards) as peer:
        if peer:
            whole, learned = peer.whole_mb, peer.learned_mb()
    note = "cards, reviews and their indexes, beside Anki's"
    beside_whole = "with the questions, beside Anki's"
    return [
        _beside("database-1m", learned_mb(made), learned, unit="MB", note=note),
        _beside("database-1m-whole", made.stat().st_size / 1e6, whole, unit="MB", note=beside_whole),
    ]


class Peer:
    """Anki's backend in a process of its own, with a collection of so many cards; see `anki_peer`."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._asked, self._said = process.stdin, process.stdout
        self.whole_mb: float = json.loads(self._said.readline())

    def answers_s(self, count: int) -> list[float]:
        """The seconds of the processor that each of so many answers took."""
        print(count, file=self._asked, flush=True)
        taken: list[float] = json.loads(self._said.readline())
        return taken

    def learned_mb(self) -> float:
        """The megabytes that go with cards, reviews and their indexes. It answers no more cards then."""
        print("learned", file=self._asked, flush=True)
        taken: float = json.loads(self._said.readline())
        return taken


def _in_turns(big: Opened, peer: Peer | None) -> tuple[list[float], list[float]]:
    """The seconds that answers took, ours and Anki's, without those of the first turn."""
    user, cards = learner_of(big), known_cards(big)
    ours: list[float] = []
    theirs: list[float] = []
    for turn in range(1 + TURNS):
        some = cards[turn * IN_A_TURN : (turn + 1) * IN_A_TURN]
        taken = [_answer_s(big, user, *card, number=number) for number, card in enumerate(some)]
        beside_it = peer.answers_s(IN_A_TURN) if peer else []
        if turn > 0:
            ours += taken
            theirs += beside_it
    return ours, theirs


def _median_ms(taken_s: Sequence[float]) -> float:
    return 1000 * statistics.median(taken_s)


def _beside(name: str, value: float, peer: float | None, *, unit: str, note: str = "beside Anki") -> Row:
    if peer is None:
        return beside(name, value=value, baseline=value, unit=unit, note=WITHOUT)
    return beside(name, value=value, baseline=peer, unit=unit, note=note)


def learner_of(big: Opened) -> User:
    """Who answers, in no session; who sends a request is looked up before, which `review-post` measures."""
    with Session(big.app.extensions["engine"]) as db:
        user = db.get_one(User, big.learner_id)
        db.expunge(user)
        return user


def known_cards(big: Opened) -> list[tuple[UUID, int]]:
    """Ids and versions of as many cards as are answered."""
    with Session(big.app.extensions["engine"]) as db:
        known = select(Card.id, Card.version).where(Card.phase == Phase.REVIEW).order_by(Card.due_day, Card.id)
        return [(card_id, version) for card_id, version in db.execute(known.limit((1 + TURNS) * IN_A_TURN))]


def _answer_s(big: Opened, user: User, card_id: UUID, version: int, *, number: int) -> float:
    """The seconds of the processor that an answer to a card takes, in a transaction of its own, as in a request."""
    engine: Engine = big.app.extensions["engine"]
    rated = Rating.GOOD if number % AGAIN_EACH else Rating.AGAIN
    review = Review(id=uuid4(), rating=rated, source=ReviewSource.REVIEW, taken_ms=4_000)
    began = time.process_time()
    with Direct(engine) as connection:
        rating.rate(
            connection.begin(), user=user, card_id=card_id, review=review, seen_version=version, now=clock.now()
        )
    return time.process_time() - began


@contextmanager
def _peer(cards: int) -> Iterator[Peer | None]:
    """Anki with so many cards; None, with a line that says why, if it cannot be had."""
    try:
        python = installed()
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"no Anki to compare with: {error}", file=sys.stderr)
        yield None
        return
    with TemporaryDirectory(prefix="quizapp-bench-") as folder:
        command = [str(python), str(PEER), str(cards), folder]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            yield Peer(process)


def installed() -> Path:
    """The Python of an environment that has Anki, made at the first time."""
    python, done = HOME / "bin" / "python", HOME / PACKAGE
    if not done.exists():
        uv = find_or_install_uv(Checkout.here(), lambda line: print(line, file=sys.stderr))
        env = {**child_env(), **uv.env}
        _output([uv.program, "venv", "--clear", "--python", sys.executable, str(HOME)], env=env)
        _output([uv.program, "pip", "install", *uv.options, "--python", str(python), PACKAGE], env=env)
        done.touch()
    return python


def _output(command: Sequence[str], *, env: dict[str, str] | None = None) -> str:
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=env).stdout
