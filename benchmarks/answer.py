"""An answer and its commit, beside Anki's own backend with as many cards: medians of the processor's time.

Anki is installed in an environment of its own under build/ and runs as a process of its own. It is the peer of this
benchmark only: the product never imports it. Where it cannot be had, the rows say so and compare with nothing.
"""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks.big_learner import BUILD, SIZES, Opened, learned_mb, made_once, opened
from benchmarks.flat import ROUNDS, WARM_UP
from benchmarks.rows import Row, beside
from ops.checkout import Checkout
from ops.console import child_env
from ops.uv import find_or_install_uv
from quizapp import clock
from quizapp.accounts.models import User
from quizapp.review import service
from quizapp.review.memory import Phase, Rating
from quizapp.review.models import Card, ReviewSource

PACKAGE = "anki==26.9.3"
HOME = BUILD.parent / "anki"
PEER = Path(__file__).with_name("anki_peer.py")
WITHOUT = "without Anki, so the ratio says nothing"


def run() -> list[Row]:
    """Ours beside Anki's at each size."""
    rows = []
    for size, cards in SIZES.items():
        with opened(cards) as big:
            value = _answer_ms(big)
        peer = _peer(cards)
        rows.append(_beside(f"answer-{size}", value, None if peer is None else peer["answer_ms"], unit="ms"))
    return rows


def size() -> list[Row]:
    """What a learner with a million cards, nearly each with a review, takes in the database, beside Anki's.

    The first row is the learner's part: cards, reviews and their indexes, of which the aim is at most 450 MB. The
    second is the whole file, with a million questions here and a million notes there; that is not what learning adds.
    """
    cards = max(SIZES.values())
    made, peer = made_once(cards), _peer(cards)
    learned, whole = (None, None) if peer is None else (peer["learned_mb"], peer["whole_mb"])
    note = "cards, reviews and their indexes, beside Anki's"
    return [
        _beside("database-1m", learned_mb(made), learned, unit="MB", note=note),
        _beside(
            "database-1m-whole", made.stat().st_size / 1e6, whole, unit="MB", note="with the questions, beside Anki's"
        ),
    ]


def _beside(name: str, value: float, peer: float | None, *, unit: str, note: str = "beside Anki") -> Row:
    if peer is None:
        return beside(name, value=value, baseline=value, unit=unit, note=WITHOUT)
    return beside(name, value=value, baseline=peer, unit=unit, note=note)


def _answer_ms(big: Opened) -> float:
    """Rate cards that are due, each in a session of its own, as requests do."""
    taken = []
    with Session(big.app.extensions["engine"]) as db:
        known = select(Card.id, Card.version).where(Card.phase == Phase.REVIEW).order_by(Card.due_day, Card.id)
        cards = db.execute(known.limit(WARM_UP + ROUNDS)).all()
    for number, (card_id, version) in enumerate(cards):
        with Session(big.app.extensions["engine"]) as db:
            user, now = db.get_one(User, big.learner_id), clock.now()
            began = time.process_time()
            service.rate(
                db,
                user=user,
                card_id=card_id,
                review_id=uuid4(),
                rating=Rating.GOOD if number % 4 else Rating.AGAIN,
                source=ReviewSource.REVIEW,
                now=now,
                seen_version=version,
                taken_ms=4_000,
            )
            db.commit()
            taken.append(time.process_time() - began)
    return 1000 * statistics.median(taken[WARM_UP:])


@cache
def _peer(cards: int) -> dict[str, float] | None:
    """Anki's figures with so many cards; None, with a line that says why, if it cannot be had."""
    try:
        python = _installed()
        with TemporaryDirectory(prefix="quizapp-bench-") as folder:
            said = _output([str(python), str(PEER), str(cards), folder])
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"no Anki to compare with: {error}", file=sys.stderr)
        return None
    figures: dict[str, float] = json.loads(said.splitlines()[-1])
    return figures


def _installed() -> Path:
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
