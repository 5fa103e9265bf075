"""The web application with three faults: a process keeps to itself who is signed in and who guessed, and stores late.

What a process has answered is stored a moment later, so that a kill loses it; a sign-in that a process has seen once
holds there for ever; and wrong passwords are counted in the process that looked at them.
"""

import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from quizapp.accounts import guards, guessing
from quizapp.accounts.models import User
from quizapp.driver_connection import Direct
from quizapp.review.pages import views
from quizapp.web.database import direct, get_db
from wsgi import app

__all__ = ["app"]
LATE_S = 0.1  # as long as several answers take
_known: dict[str, UUID] = {}
_guesses = Counter[str]()
_find = guards._find


@contextmanager
def _committed_later() -> Iterator[Direct]:
    with ExitStack() as stack:
        yield stack.enter_context(direct())
        threading.Timer(LATE_S, stack.pop_all().close).start()


def _found_once(token: str) -> User | None:
    if token in _known:
        return get_db().get(User, _known[token])
    user = _find(token)
    if user is not None:
        _known[token] = user.id
    return user


def _counted_here(db: Session, guess: guessing.Guess, *, now: datetime) -> Sequence[guessing.GuessLimit]:
    of_place = guess.limits[0].key
    _guesses[of_place] += 1
    if _guesses[of_place] > guessing.FAILURES_OF_NAME:
        raise guessing._too_many(guess, now + guessing.WINDOW, now)
    return guess.limits


views.direct = _committed_later  # type: ignore[assignment,attr-defined]
guards._find = _found_once
guessing._count = _counted_here
