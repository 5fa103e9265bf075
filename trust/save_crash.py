"""A process that ends before each statement of a save in turn, on SQLite and on PostgreSQL.

A question with every part is saved with every part changed. Afterwards it must be wholly as it was, with its revision
and its history, or wholly as it was typed, with one edit more. In the control each statement is committed by itself.
"""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

from pydantic import SecretStr
from sqlalchemy import Engine, Pool, event, func, select
from sqlalchemy.orm import Session

from benchmarks.postgresql import postgresql
from quizapp import clock, create_app
from quizapp.accounts import service as accounts
from quizapp.accounts.models import Role, User
from quizapp.catalogue.editing import authoring
from quizapp.catalogue.models import Question, QuestionEdit, QuestionKind
from quizapp.catalogue.question_shape import QuestionPlace, Stage, wording_of
from quizapp.catalogue.question_wording import EMPTY, ChoiceWording, Wording
from quizapp.db import create_engine_for
from quizapp.search import index_updates  # noqa: F401  # a save keeps the search in line, as in the application
from quizapp.settings import Settings
from quizapp.web.database import alembic
from trust.promises import Control, Promise, Scale

NOWHERE = QuestionPlace(note=None, section=None, concept=None)
MOMENTS_MAX = 200  # of one save; it has some twenty


@dataclass(frozen=True, kw_only=True)
class Stored:
    """A question as the database has it."""

    wording: Wording
    rev: int
    edits: int


def run(scale: Scale) -> Promise:
    """Try it on both databases, in processes of its own. Both scales try every moment."""
    del scale
    moments, wrong, weak_wrong = 0, list[str](), list[str]()
    with TemporaryDirectory(prefix="qk-") as folder, postgresql() as server:
        for url in (f"sqlite:///{folder}/quizapp.sqlite3", server.url):
            _migrate(Path(folder), url)
            for number, fault in _crashes(url, lambda engine: None):
                moments, wrong = max(moments, number), wrong + fault
            _, faults = zip(*_crashes(url, _commit_each), strict=True)
            weak_wrong += [one for some in faults for one in some]
    return Promise(
        name="save-crash",
        done=f"a process ended before each of {moments} moments of a save, on SQLite and on PostgreSQL",
        seen=f"{len(wrong)} times neither the old nor the new text" + "".join(f"; {one}" for one in wrong[:2]),
        aim="the old or the new text each time",
        held=not wrong and moments > 5,
        control=Control(
            weakness="each statement is committed by itself",
            seen=f"{len(weak_wrong)} times neither",
            failed=bool(weak_wrong),
        ),
    )


def _migrate(folder: Path, url: str) -> None:
    settings = Settings(instance_dir=folder, database_url=url, secret_key=SecretStr("crash" * 8), engine="none")
    app = create_app(settings.completed())
    with app.app_context():
        alembic.upgrade()
    app.extensions["engine"].dispose()


def _crashes(url: str, weaken: Callable[[Engine], None]) -> Iterator[tuple[int, list[str]]]:
    """Each moment's number, and what was wrong after a process ended there; the last is one that came through."""
    for moment in count():
        assert moment < MOMENTS_MAX, "a save has no end"
        with _engine(url) as engine, Session(engine) as db:
            key, editor_id = _new(db)
            before = _stored(db, key)
        typed = _typed(before.wording)
        ended = _save_until(url, key, editor_id, typed, moment, weaken)
        with _engine(url) as engine, Session(engine) as db:
            after = _stored(db, key)
        new = Stored(wording=_shown(after.wording, typed), rev=before.rev + 1, edits=before.edits + 1)
        is_whole = after == new if not ended else after in (before, new)
        yield moment, [] if is_whole else [f"moment {moment} of {url.partition(':')[0]}"]
        if not ended:
            return


def _save_until(
    url: str, key: str, editor_id: Any, typed: Wording, moment: int, weaken: Callable[[Engine], None]
) -> bool:
    """Save in a process that ends itself at that moment; whether it came so far."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            engine = create_engine_for(url)
            weaken(engine)
            _end_at(moment)
            with Session(engine) as db:
                question = db.scalars(select(Question).where(Question.key == key)).one()
                editor = db.get_one(User, editor_id)
                authoring.save(db, question=question, wording=typed, rev=question.rev, editor=editor, now=clock.now())
                db.commit()
            status = 0
        finally:
            os._exit(status)
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert ended in (0, -signal.SIGKILL), f"the save ended with {ended}"
    return ended != 0


def _end_at(moment: int) -> None:
    """Let this process kill itself before the statement or commit of that number, and not earlier."""
    left = iter(range(moment))

    def step(*_: object) -> None:
        if next(left, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "before_cursor_execute", step)
    event.listen(Engine, "commit", step)
    event.listen(Pool, "reset", step)  # after the commit, before the answer


def _commit_each(engine: Engine) -> None:
    """The weakness: after each statement what it wrote stays, whatever comes of the others."""

    def commit(connection: Any, _cursor: object, statement: str, *_: object) -> None:
        own = connection.connection.driver_connection
        if engine.dialect.name == "sqlite":
            if own.in_transaction:
                own.execute("COMMIT")
                own.execute("BEGIN IMMEDIATE")
        else:
            own.commit()

    event.listen(engine, "after_cursor_execute", commit)


def _new(db: Session) -> tuple[str, Any]:
    """The key of a new question with every part, and the id of a new editor."""
    editor = accounts.add_user(db, name=f"editor {uuid4()}", role=Role.EDITOR, now=clock.now())
    choices = tuple(
        ChoiceWording(id=None, text=f"Option {number}", right=number == 1, why=f"Why {number}")
        for number in range(1, 5)
    )
    wording = replace(EMPTY, prompt="What?", answer="That.", choices=choices, hints=("A hint",), tags=("old", "both"))
    question = authoring.make(
        db,
        kind=QuestionKind.SINGLE,
        wording=wording,
        place=NOWHERE,
        stage=Stage.PUBLISHED,
        editor=editor,
        now=clock.now(),
    )
    db.commit()
    return question.key, editor.id


def _typed(wording: Wording) -> Wording:
    """The wording with every part changed, an option left out and one added."""
    kept = tuple(
        replace(choice, text=f"{choice.text}, new", why=f"{choice.why}, new") for choice in wording.choices[:3]
    )
    added = ChoiceWording(id=None, text="Option 5", right=False, why="Why 5")
    return replace(
        wording,
        prompt="What else?",
        answer="This.",
        choices=(*kept, added),
        hints=("Two",),
        tags=("both", "new"),
        level=2,
    )


def _shown(stored: Wording, typed: Wording) -> Wording:
    """What was typed, with the id that the database has given to the option that was added."""
    if len(stored.choices) != len(typed.choices):
        return typed
    ids = [choice.id for choice in stored.choices]
    return replace(typed, choices=tuple(replace(one, id=id) for one, id in zip(typed.choices, ids, strict=True)))


def _stored(db: Session, key: str) -> Stored:
    question = db.scalars(select(Question).where(Question.key == key)).one()
    edits = db.scalar(select(func.count()).where(QuestionEdit.question_id == question.id)) or 0
    return Stored(wording=wording_of(question), rev=question.rev, edits=edits)


@contextmanager
def _engine(url: str) -> Iterator[Engine]:
    """An engine that is closed at the end: no connection is left open over a fork."""
    engine = create_engine_for(url)
    try:
        yield engine
    finally:
        engine.dispose()
