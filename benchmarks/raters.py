"""A web server of the product, and learners who rate cards on it and send each review until it is answered."""

import os
import random
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from unittest import mock
from uuid import UUID, uuid4

from requests import RequestException, Session
from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from benchmarks.product import form_token, own_containers
from benchmarks.review_post import a_question
from ops.checkout import Checkout
from ops.children import Child
from ops.run import Installation, is_healthy, migrate_and_import
from ops.running_product import free_port
from quizapp import clock, gunicorn_web
from quizapp.accounts import service as accounts
from quizapp.accounts.models import Role
from quizapp.db import create_engine_for
from quizapp.review import service as review
from quizapp.review.models import Card

SECRET = "of-sites-that-share-a-database-" + "0" * 32
CARDS = 20  # of each learner, rated in turn
AGAIN_S = 0.02  # before a review is sent again that was not answered
ANSWER_S = 15.0
START_S = 60.0
LOOK_S = 0.02
WHOLE = 0.03  # of the kills hit the parent and all workers; loading the product then takes seconds


Command = Callable[[Installation], list[str]]
LOG = "rated-web"


@dataclass(frozen=True, kw_only=True)
class Learner:
    """A learner's sign-in link and the ids of their cards."""

    link: str
    cards: Sequence[UUID]


class Site:
    """A web server with an instance folder of its own, and who learns there."""

    def __init__(self, folder: Path, command: Command, *, database_url: str, log: str = LOG) -> None:
        self.installation = Installation(checkout=Checkout.here(), port=free_port(), instance=folder, engine=None)
        self.database = folder / "quizapp.sqlite3"
        self.database_url = database_url or f"sqlite:///{self.database}"
        self._command, self._log = command(self.installation), log
        migrate_and_import(self.installation, partial(print, file=sys.stderr))
        self.server = self._start()

    def learners(self, number: int) -> list[Learner]:
        """So many new learners with cards."""
        engine = create_engine_for(self.database_url)
        with Database(engine) as db:
            questions = [a_question(each) for each in range(CARDS)]
            db.add_all(questions)
            db.flush()
            made = [self._learner(db, [question.id for question in questions]) for _ in range(number)]
            db.commit()
        engine.dispose()
        return made

    def strike_web(self, chance: random.Random) -> None:
        """Kill a worker by SIGKILL, or with the probability WHOLE its parent and all workers; start what must be."""
        if chance.random() < WHOLE:
            os.killpg(self.server.process.pid, signal.SIGKILL)
            self.server.process.wait()
            self.server = self._start()
            return
        with suppress(OSError, IndexError):
            os.kill(chance.choice(_children(self.server.process.pid)), signal.SIGKILL)

    def wait(self) -> None:
        """Wait until it serves."""
        until = time.monotonic() + START_S
        while not is_healthy(self.installation.port):
            assert time.monotonic() < until, f"no server: see {self.server.log}"
            time.sleep(LOOK_S)

    def _learner(self, db: Database, questions: Sequence[int]) -> Learner:
        now = clock.now()
        user = accounts.add_user(db, name=f"learner {uuid4()}", role=Role.LEARNER, now=now)
        token = accounts.make_link(db, user=user, now=now)
        review.add_cards(db, user=user, question_ids=questions, now=now)
        cards = db.scalars(select(Card.id).where(Card.user_id == user.id).order_by(Card.question_id))
        return Learner(link=f"{self.installation.address}/sign-in/{token}", cards=list(cards))

    def _start(self) -> Child:
        checkout, env = self.installation.checkout, self.installation.env()
        log = checkout.log(self._log)
        return Child.start("web", self._command, cwd=checkout.root, env=env, log=log, patience_s=10)


def killed_often(installation: Installation, *, workers: int = 1, app: str = "wsgi:app") -> list[str]:
    """What a web server is started by whose workers are killed: a new one is a fork that serves at once."""
    return [
        installation.checkout.tool("gunicorn"),
        "--bind", f"127.0.0.1:{installation.port}",
        "--worker-class", gunicorn_web.worker_class,
        "--workers", str(workers),
        "--threads", "16",
        "--graceful-timeout", "5",
        "--no-control-socket",
        "--preload",
        app,
    ]  # fmt: skip


@contextmanager
def site(command: Command = killed_often, *, database_url: str = "", log: str = LOG) -> Iterator[Site]:
    """A site that serves while the block runs, and is removed afterwards. Without a URL it has a SQLite file.

    `command` is what its web server is started by; `log` names its log, which stays, and of two sites at once each one.
    """
    with (
        tempfile.TemporaryDirectory(prefix="qr-") as folder,
        mock.patch.dict(os.environ, {"DATABASE_URL": database_url, "SECRET_KEY": SECRET}),
    ):
        running = Site(Path(folder), command, database_url=database_url, log=log)
        try:
            running.wait()
            yield running
        finally:
            running.server.end()


class Rater:
    """Rates a learner's cards in turn. `acknowledged` has the ids of the reviews that were answered as applied."""

    def __init__(self, learner: Learner, address: str, *, pause_s: float) -> None:
        self.acknowledged: list[UUID] = []
        self.refused: list[str] = []
        """Answers that should not be, such as a review that is said to be stale."""
        self._browser: Session = own_containers(learner.link)
        self._token = form_token(self._browser.get(f"{address}/account", timeout=ANSWER_S).text)
        self._address, self._cards, self._pause_s = address, learner.cards, pause_s

    def work(self, ended: threading.Event) -> None:
        """Rate until `ended`; the last review is left unanswered if it has to be."""
        versions = dict.fromkeys(self._cards, 0)
        while not ended.wait(self._pause_s):
            card = min(versions, key=lambda each: versions[each])
            self._rate(card, versions[card], ended)
            versions[card] += 1

    def _rate(self, card: UUID, version: int, ended: threading.Event) -> None:
        form = {"card": card, "review_id": (review_id := uuid4()), "rating": 3, "version": version, "taken_ms": 900}
        headers = {"X-CSRFToken": self._token, "Accept": "application/json"}
        while not ended.is_set():
            try:
                answer = self._browser.post(f"{self._address}/review", data=form, headers=headers, timeout=ANSWER_S)
                if answer.status_code == 200:
                    self._note(review_id, answer.json()["outcome"])
                    return
                if answer.status_code < 500:
                    self.refused.append(f"{answer.status_code}: {answer.text[:200]}")
            except (RequestException, ValueError):
                pass  # it was killed
            time.sleep(AGAIN_S)

    def _note(self, review_id: UUID, outcome: str) -> None:
        if outcome == "applied":
            self.acknowledged.append(review_id)
        else:
            self.refused.append(f"{review_id} is {outcome}")


@contextmanager
def at_work(raters: Sequence[Rater]) -> Iterator[None]:
    """Let them rate while the block runs."""
    ended = threading.Event()
    with ExitStack() as stack:
        for rater in raters:
            thread = threading.Thread(target=rater.work, args=[ended])
            thread.start()
            stack.callback(thread.join)
        stack.callback(ended.set)
        yield


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
