"""Kills web processes that store ratings, at random moments. What was acknowledged must be there, and once.

`python -m tests.killed_raters FOLDER KILLS SEED [early]` takes the migrated SQLite file in FOLDER. Each of RATERS
processes, forks of one that has loaded the whole application, rates the cards of its learner by POST /review and says
so in a pipe once it is answered. Some of them are killed by SIGKILL, and the next ones send again what was left
unanswered. At the end it prints what was acknowledged, lost and wrong as JSON. With `early` each says so before it
sends the review, which must come out as a loss. `benchmarks/store_kills.py` does it over gunicorn, at length.
"""

import gc
import json
import os
import random
import re
import select
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import NAMESPACE_OID, UUID, uuid5

from flask.testing import FlaskClient
from pydantic import SecretStr
from sqlalchemy import Engine, text
from sqlalchemy import select as select_rows
from sqlalchemy.orm import Session

from quizapp import clock, create_app
from quizapp.accounts import service as accounts
from quizapp.accounts.guards import TOKEN
from quizapp.accounts.models import Role
from quizapp.db import create_engine_for
from quizapp.review import service
from quizapp.review.log import replay
from quizapp.review.models import Card, Outcome, ReviewLog
from quizapp.settings import Settings
from tests.builders import a_question

RATERS = 4
CARDS = 5  # of each learner, rated in turn
MOMENT_S = 0.012  # from an acknowledgement until the kill, at most: about as long as a review takes
AT_ONCE = (1, 1, 2, RATERS)  # so many are killed in the same moment
PATIENCE_S = 30.0  # for one acknowledgement


@dataclass(frozen=True, kw_only=True)
class Learner:
    """A learner whose browser is signed in, and the ids of their cards."""

    client: FlaskClient
    headers: dict[str, str]
    cards: Sequence[UUID]

    def rate(self, number: int) -> str:
        """Send the review of this number, the same one however often; returns what was answered."""
        card, version = self.cards[number % CARDS], number // CARDS
        form = {"card": card, "review_id": self.review_id(number), "rating": 3, "version": version, "taken_ms": 900}
        answer = self.client.post("/review", data=form, headers=self.headers)
        return str(answer.get_json()["outcome"]) if answer.status_code == 200 else answer.text

    def review_id(self, number: int) -> UUID:
        """The id of the review of this number."""
        return uuid5(NAMESPACE_OID, f"{self.cards[0]} {number}")


class Rater:
    """A learner's process. The next one begins with the first review that was not acknowledged."""

    def __init__(self, learner: Learner, *, is_early: bool) -> None:
        self.learner = learner
        self.acknowledged = 1  # the first one here, so that each fork has what a review loads and compiles
        self.refused: list[str] = [said for said in [learner.rate(0)] if said != "applied"]
        self._is_early = is_early
        self.begin()

    def begin(self) -> None:
        """Fork a process that rates until it is killed."""
        self._reads, writes = os.pipe()
        self._pid = os.fork()
        if self._pid == 0:
            self._rate(writes)
        os.close(writes)

    def kill(self) -> None:
        """Kill it, and take what it had acknowledged until then."""
        os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)
        while self.take():
            pass
        os.close(self._reads)

    def take(self) -> bool:
        """Take what it has said since the last time, waiting for it; False once there is no more to come."""
        ready, _, _ = select.select([self._reads], [], [], PATIENCE_S)
        assert ready, "it rates no more"
        said = os.read(self._reads, 4096)
        self.acknowledged += said.count(b".")
        self.refused += [said.decode()] if said.strip(b".") else []
        return bool(said)

    def _rate(self, writes: int) -> None:
        try:
            for number in range(self.acknowledged, sys.maxsize):
                if self._is_early:
                    os.write(writes, b".")
                outcome = self.learner.rate(number)
                if not self._is_early:
                    os.write(writes, b"." if outcome == "applied" else outcome.encode()[:500])
        finally:
            os._exit(1)


def main(folder: Path, kills: int, seed: int, *, is_early: bool) -> None:
    """Kill so many times, and print what has come of it."""
    url = f"sqlite:///{folder / 'quizapp.sqlite3'}"
    settings = Settings(instance_dir=folder, database_url=url, secret_key=SecretStr("kills" * 8), engine="none")
    app = create_app(settings.completed())
    engine = create_engine_for(url)
    learners = [signed_in(app.test_client(), engine, name=f"learner {number}") for number in range(RATERS)]
    chance = random.Random(seed)
    gc.freeze()  # or each fork would copy all that it looks through for garbage
    raters = [Rater(learner, is_early=is_early) for learner in learners]
    done = 0
    while done < kills:
        struck = chance.sample(raters, chance.choice(AT_ONCE))
        for rater in struck:
            rater.take()
        time.sleep(chance.uniform(0.0, MOMENT_S))
        for rater in struck:
            rater.kill()
        for rater in struck:
            rater.begin()
        done += len(struck)
    for rater in raters:
        rater.kill()
    print(json.dumps({"acknowledged": sum(rater.acknowledged for rater in raters), **damage(engine, raters)}))


def signed_in(client: FlaskClient, engine: Engine, *, name: str) -> Learner:
    """A new learner with cards, and their browser."""
    now = clock.now()
    with Session(engine) as db:
        user = accounts.add_user(db, name=name, role=Role.LEARNER, now=now)
        token = accounts.sign_in(db, user=user, life=timedelta(hours=1), now=now)
        questions = [a_question(db).id for _ in range(CARDS)]
        service.add_cards(db, user=user, question_ids=questions, now=now)
        cards = tuple(db.scalars(select_rows(Card.id).where(Card.user_id == user.id).order_by(Card.question_id)))
        db.commit()
    with client.session_transaction() as cookie:
        cookie[TOKEN] = token
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/account").text)
    assert found is not None
    return Learner(client=client, headers={"X-CSRFToken": found[1], "Accept": "application/json"}, cards=cards)


def damage(engine: Engine, raters: Sequence[Rater]) -> dict[str, object]:
    """What was acknowledged and is not in the log, and what is otherwise than it should be."""
    wrong = [said for rater in raters for said in rater.refused]
    promised = {rater.learner.review_id(number) for rater in raters for number in range(rater.acknowledged)}
    with Session(engine) as db:
        logged = db.scalars(select_rows(ReviewLog.id).where(ReviewLog.outcome == Outcome.APPLIED)).all()
        if len(logged) > len(promised) + RATERS:
            wrong.append(f"{len(logged)} reviews are in the log, and {len(promised)} were acknowledged")
        for card in db.scalars(select_rows(Card)):
            before = (card.memory, card.due_day, card.due_at)
            replay.rebuild(db, card)
            if before != (card.memory, card.due_day, card.due_at):
                wrong.append(f"card {card.id} is not what its log says")
        wrong += [said for said in db.scalars(text("PRAGMA integrity_check")) if said != "ok"]
    return {"lost": len(promised - set(logged)), "wrong": wrong}


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), is_early="early" in sys.argv[4:])
