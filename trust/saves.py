"""Twenty editors who save texts of the same few questions at once, on SQLite and on PostgreSQL.

Half of them write prompts and half answers. Each opens the editor, types, and saves; where somebody was faster on the
same text, the page says so and the editor saves theirs over it, however often that happens: many at one text are told
so again and again, but only after another one's save, which the page that says so must have. Afterwards every save that
was acknowledged must be in the question's history, each revision must begin where the one before ended, and no save may
have changed a text that its editor did not type. The control is a site that takes every save for one of the newest
revision.
"""

import random
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from html import unescape
from http import HTTPStatus
from itertools import pairwise
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks.postgresql import postgresql
from benchmarks.raters import killed_often, site
from benchmarks.review_post import a_question
from quizapp.accounts.models import Role
from quizapp.catalogue.models import Question, QuestionEdit
from quizapp.db import create_engine_for
from trust.people import links
from trust.person import Answer, Person, hidden_fields, title_of
from trust.promises import Control, Promise, Scale

EDITORS = 20
QUESTIONS = 4
WORKERS = 2
TEXTS = ("prompt", "answer")


@dataclass(kw_only=True)
class Saves:
    """What the editors' saves came to."""

    acknowledged: dict[str, str] = field(default_factory=dict)
    """The name of the text by the mark that was typed into it."""
    conflicts: int = 0
    """How often an editor was told that somebody else was faster."""
    longest: int = 0
    """How often that was for one save, the one that it was most often for."""
    refused: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    """What the history has otherwise than it must."""

    @property
    def said(self) -> str:
        """The figures in words."""
        first = "".join(f"; {one}" for one in [*self.refused, *self.wrong][:2])
        return f"{len(self.refused)} refused, {len(self.wrong)} wrong of {len(self.acknowledged)} saves{first}"


def run(scale: Scale) -> Promise:
    """Try it on SQLite, on a site of its own, which is removed afterwards."""
    return _promise("saves", scale, database_url="")


def run_on_postgresql(scale: Scale) -> Promise:
    """Try it on a PostgreSQL server of its own, which is removed afterwards."""
    with postgresql() as server:
        return _promise("saves-postgresql", scale, database_url=server.url)


def _promise(name: str, scale: Scale, *, database_url: str) -> Promise:
    wanted = scale.count(short=60, full=1_000)
    found = _saved(wanted, database_url=database_url, app="wsgi:app")
    weak = _saved(scale.count(short=60, full=200), database_url=database_url, app="trust.weak.last_save_wins:app")
    return Promise(
        name=name,
        done=f"{EDITORS} editors saved {QUESTIONS} questions at once, with {found.conflicts} conflicts, "
        f"{found.longest} of them in one save",
        seen=found.said,
        aim=f"{wanted} saves: none lost, no revision skipped",
        held=len(found.acknowledged) >= wanted and not found.refused and not found.wrong,
        control=Control(
            weakness="each save counts as one of the newest revision", seen=weak.said, failed=bool(weak.wrong)
        ),
    )


def _saved(wanted: int, *, database_url: str, app: str) -> Saves:
    with site(partial(killed_often, workers=WORKERS, app=app), database_url=database_url) as running:
        keys, editors = new_questions(running.database_url), links(running, EDITORS, Role.EDITOR)
        left = threading.Semaphore(wanted)
        with ThreadPoolExecutor(EDITORS) as pool:
            parts = list(pool.map(lambda number: _edit(editors[number], keys, number, left), range(EDITORS)))
        saves = Saves()
        for part in parts:
            saves.acknowledged |= part.acknowledged
            saves.refused += part.refused
            saves.conflicts += part.conflicts
            saves.longest = max(saves.longest, part.longest)
        saves.wrong = list(faults_of(running.database_url, keys, saves.acknowledged))
    return saves


def new_questions(database_url: str) -> Sequence[str]:
    """Their keys. One database serves the row and its control, so that these are new each time."""
    engine = create_engine_for(database_url)
    with Session(engine) as db:
        keys = [f"q-{uuid4()}" for _ in range(QUESTIONS)]
        for number, key in enumerate(keys):
            question = a_question(number)
            question.key = key
            db.add(question)
        db.commit()
    engine.dispose()
    return keys


def _edit(link: str, keys: Sequence[str], number: int, left: threading.Semaphore) -> Saves:
    """Save one text after the other while any is left to save."""
    person, saves, chance = Person(link), Saves(), random.Random(number)
    name = TEXTS[number % len(TEXTS)]
    while left.acquire(blocking=False):
        address = f"/content/questions/{chance.choice(keys)}"
        mark = uuid4().hex
        answer, conflicts = save_text(person, address, {name: f"What is {mark}?"})
        saves.conflicts += conflicts
        saves.longest = max(saves.longest, conflicts)
        if answer.status == 302:
            saves.acknowledged[mark] = name
        else:
            saves.refused.append(f"{answer.status} after {conflicts} conflicts: {title_of(answer.text)}")
    person.close()
    return saves


def save_text(person: Person, address: str, typed: dict[str, str]) -> tuple[Answer, int]:
    """Open the editor and save what is typed, over others' saves where it must be.

    Returns the last answer, and how often somebody else was faster. That answer is a conflict only where nobody was:
    the page that says so has no newer revision than the form that was sent.
    """
    page, conflicts = person.get(address), 0
    if page.status != HTTPStatus.OK:
        return page, conflicts
    while True:
        sent = {**hidden_fields(page.text, of="editor"), **typed_texts(page.text), **typed}
        page = person.post(address, sent)
        if page.status != HTTPStatus.CONFLICT or not _is_newer(page.text, than=sent):
            return page, conflicts
        conflicts += 1


def _is_newer(page: str, *, than: Mapping[str, str]) -> bool:
    return int(hidden_fields(page, of="editor")["rev"]) > int(than["rev"])


def typed_texts(page: str) -> dict[str, str]:
    """What stands in the large fields of the page's editor, by name."""
    form = page[page.index('id="editor"') :]
    found = re.findall(r'<textarea[^>]* name="(\w+)"[^>]*>(.*?)</textarea>', form[: form.index("</form>")], re.DOTALL)
    return {name: unescape(text).strip() for name, text in found}


def faults_of(database_url: str, keys: Sequence[str], acknowledged: dict[str, str]) -> Iterator[str]:
    """What the questions and their history have otherwise than they must."""
    engine = create_engine_for(database_url, must_exist=True)
    kept: dict[str, str] = {}
    with Session(engine) as db:
        for question in db.scalars(select(Question).where(Question.key.in_(keys))):
            edits = list(
                db.scalars(
                    select(QuestionEdit).where(QuestionEdit.question_id == question.id).order_by(QuestionEdit.id)
                )
            )
            if question.rev != 1 + len(edits):
                yield f"revision {question.rev} after {len(edits)} edits"
            if any(before.after != edit.before for before, edit in pairwise(edits)):
                yield f"an edit of {question.key} does not begin where the one before ended"
            if edits and edits[-1].after["prompt"] != question.prompt:
                yield f"{question.key} is not what its last edit left"
            for edit in edits:
                changed = _changed(edit)
                if len(changed) != 1:
                    yield f"one save changed {', '.join(sorted(changed))}"
                kept |= {text[len("What is ") : -1]: name for name, text in changed.items()}
    engine.dispose()
    lost = [mark for mark, name in acknowledged.items() if kept.get(mark) != name]
    yield from (f"{mark} is lost" for mark in lost)


def _changed(edit: QuestionEdit) -> dict[str, Any]:
    """The parts that an edit changed, as it left them."""
    return {name: value for name, value in edit.after.items() if edit.before.get(name) != value}
