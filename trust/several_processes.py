"""Three web processes behind nginx on one PostgreSQL, which are killed in turn while people learn, edit and type.

Nothing that was acknowledged may be lost or count twice, nobody may be signed out or stay signed in who has signed out,
a limit against guessing holds over all of them, a terminal goes on with its shell through another process, and a page
comes all the same. The control is a site of which each process keeps to itself what it knows.
"""

import random
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from uuid import uuid4

from sqlalchemy.orm import Session

from benchmarks.postgresql import postgresql
from benchmarks.product import wait_for
from quizapp import clock
from quizapp.accounts import service as accounts
from quizapp.accounts.guessing import FAILURES_OF_NAME
from quizapp.accounts.models import Role
from quizapp.accounts.passwords import Passwords
from quizapp.db import create_engine_for
from trust import stored
from trust.cluster import NO_NGINX, PROCESSES, Cluster, cluster, nginx
from trust.insistent import Busy, ComingAndGoing, Editing, Insistent, Quizzed, Reviewing, Typing, guesses
from trust.people import add_choices, learner_with_cards
from trust.person import Answer, Person
from trust.promises import Control, Promise, Scale, not_run
from trust.saves import TEXTS, faults_of, new_questions

NAME, AIM = "several-processes", "0 wrong, 0 pages lost, one shell a terminal"
PASSWORD = "a long enough password"
MOMENT_S = 0.1  # after everybody has gone on, until the next kill, at most
GUESSES = 3 * FAILURES_OF_NAME
SEED = 1


@dataclass(frozen=True, kw_only=True)
class Many:
    """How many people of each kind there are."""

    reviewing: int = 2
    quizzed: int = 1
    editing: int = 2
    typing: int = 2


@dataclass(frozen=True, kw_only=True)
class Survived:
    """What people noticed of the kills."""

    kills: int
    done: int
    """What they were told is done."""
    wrong: Sequence[str]
    lost_pages: int
    lost_forms: int
    """Forms that had no answer and were sent again."""
    reconnected: int
    """How often a terminal went on over another line."""
    longest_s: float
    """The longest time until anything was answered."""

    @property
    def said(self) -> str:
        """The figures in words."""
        first = "".join(f"; {one}" for one in self.wrong[:3])
        return (
            f"{len(self.wrong)} wrong of {self.done} things done, {self.lost_pages} pages lost, "
            f"{self.lost_forms} forms sent again, {self.reconnected} terminals went on, "
            f"longest wait {self.longest_s:.1f} s{first}"
        )


def run(scale: Scale) -> Promise:
    """Try it on processes of its own, which are removed afterwards."""
    if nginx() is None:
        return not_run(NAME, aim=AIM, missing=NO_NGINX)
    kills = scale.count(short=6, full=150)
    with postgresql() as server, cluster(database_url=server.url) as running:
        found = survived(running, kills=kills, many=Many(reviewing=4, quizzed=3, editing=3, typing=3))
    with postgresql() as server, cluster(database_url=server.url, app="trust.weak.own_memory:app") as running:
        weak = survived(running, kills=PROCESSES, many=Many())
    return Promise(
        name=NAME,
        done=f"{PROCESSES} web processes behind nginx were killed {kills} times, each in turn",
        seen=found.said,
        aim=AIM,
        held=not found.wrong and not found.lost_pages,
        control=Control(
            weakness="each process keeps counts and sign-ins to itself, and commits late",
            seen=f"{len(weak.wrong)} wrong of {weak.done} things done",
            failed=bool(weak.wrong),
        ),
    )


def survived(running: Cluster, *, kills: int, many: Many) -> Survived:
    """Kill the processes in turn, so often in all, while people go on; then look at what is stored."""
    crowd = _Crowd(running, many)
    chance, ended = random.Random(SEED), threading.Event()
    with ThreadPoolExecutor(len(crowd.all)) as pool:
        works = [pool.submit(one.work, ended) for one in crowd.all]
        try:
            for number in range(kills):
                _go_on(crowd.all, works)
                time.sleep(chance.uniform(0.0, MOMENT_S))
                running.kill(number % PROCESSES)
                if number == 0:
                    # While one is away: a limit that each process had for itself would let more through.
                    crowd.guess()
                running.revive(number % PROCESSES)
            _go_on(crowd.all, works)
        finally:
            ended.set()
        for work in works:
            work.result()
    wrong = [*crowd.wrong, *(said for one in crowd.all for said in one.wrong), *crowd.lost()]
    people = [one.person for one in crowd.all]
    return Survived(
        kills=kills,
        done=sum(one.done for one in crowd.all),
        wrong=wrong,
        lost_pages=sum(one.lost_pages for one in people),
        lost_forms=sum(one.lost_forms for one in people),
        reconnected=sum(one.shell.reconnected for one in crowd.typing),
        longest_s=max(one.longest_s for one in people),
    )


def _go_on(people: Sequence[Busy], works: Sequence[Future[None]]) -> None:
    """Wait until everybody has done something more, or has ended, as who has seen too much that is wrong."""
    before = [one.done for one in people]
    left = list(zip(people, works, before, strict=True))

    def has_gone_on() -> bool:
        left[:] = [(one, work, count) for one, work, count in left if one.done == count and not work.done()]
        return not left

    try:
        wait_for(has_gone_on, "everybody goes on")
    except AssertionError:
        stuck = ", ".join(f"{type(one).__name__} after {one.done}: {one.wrong[-1:]}" for one, _, _ in left)
        raise AssertionError(f"these do not go on: {stuck}") from None


class _Crowd:
    """Everybody who is at work, and what must be stored of it."""

    def __init__(self, running: Cluster, many: Many) -> None:
        self.wrong: list[str] = []
        self._running = running
        self._engine = create_engine_for(running.database_url)
        self._keys = new_questions(running.database_url)
        with Session(self._engine) as db:
            add_choices(db)
            learners = [
                learner_with_cards(db, running.installation.address, number) for number in range(many.reviewing)
            ]
            db.commit()
        self.reviewing = [Reviewing(Insistent(one.link), one.cards) for one in learners]
        self.quizzed = [Quizzed(self._person(Role.LEARNER)) for _ in range(many.quizzed)]
        editors = [self._person(Role.EDITOR) for _ in range(many.editing)]
        self.editing = [Editing(one, self._keys, TEXTS[number % 2]) for number, one in enumerate(editors)]
        self.typing = [Typing(self._person(Role.LEARNER)) for _ in range(many.typing)]
        coming = self._coming()
        self.all: list[Busy] = [*self.reviewing, *self.quizzed, *self.editing, *self.typing, coming]

    def guess(self) -> None:
        """Guess at somebody's password, over all processes that there are."""
        looked_at, status = guesses(self._running.installation.address, f"nobody {uuid4()}", most=GUESSES)
        if looked_at > FAILURES_OF_NAME or status != 429:
            self.wrong.append(f"{looked_at} wrong passwords were looked at, then {status}")

    def lost(self) -> Iterator[str]:
        """What was acknowledged and is not stored, or is stored otherwise, or more often."""
        with Session(self._engine) as db:
            yield from stored.faults_of_reviews(db, self.reviewing)
            yield from stored.lost_answers(db, self.quizzed)
        self._engine.dispose()
        acknowledged = {mark: name for one in self.editing for mark, name in one.acknowledged.items()}
        yield from faults_of(self._running.database_url, self._keys, acknowledged)
        shells = [len(one.shell.shells) for one in self.typing]
        yield from (f"a terminal had {number} shells" for number in shells if number != 1)

    def _coming(self) -> ComingAndGoing:
        name = f"comes and goes {uuid4()}"
        with Session(self._engine) as db:
            user = accounts.add_user(db, name=name, role=Role.LEARNER, now=clock.now())
            user.password_hash = Passwords().hash(PASSWORD)
            link = accounts.make_link(db, user=user, now=clock.now())
            db.commit()
        address = f"{self._running.installation.address}/sign-in/{link}"
        return ComingAndGoing(Insistent(address), name=name, password=PASSWORD, at_each=self._at_each)

    def _at_each(self, cookie: str) -> Sequence[Answer]:
        """What each process that serves answers to the browser with this cookie."""
        browsers = [Person.of_cookie(f"http://127.0.0.1:{port}", cookie) for port in self._running.ports]
        answers = [one.get("/account") for one in browsers]
        for one in browsers:
            one.close()
        return [answer for answer in answers if answer.status not in (0, 503)]

    def _person(self, role: Role) -> Insistent:
        with Session(self._engine) as db:
            user = accounts.add_user(db, name=f"{role.value} {uuid4()}", role=role, now=clock.now())
            token = accounts.make_link(db, user=user, now=clock.now())
            db.commit()
        return Insistent(f"{self._running.installation.address}/sign-in/{token}")
