"""A site on which hostile texts stand wherever somebody can put one, and the addresses of the pages that show them."""

import json
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock
from urllib.parse import quote
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks.raters import Site, killed_often, site
from quizapp import clock
from quizapp.accounts import service as accounts
from quizapp.accounts.models import NAME_MAX_CHARS, Role, User
from quizapp.catalogue.editing import authoring
from quizapp.catalogue.importing.reading import read_sent
from quizapp.catalogue.importing.sent_notes import SentNote
from quizapp.catalogue.importing.service import import_sent
from quizapp.catalogue.models import Note, Question, QuestionKind
from quizapp.catalogue.question_shape import QuestionPlace, Stage
from quizapp.catalogue.question_wording import EMPTY, ChoiceWording, Wording, tidy
from quizapp.catalogue.reports.models import ProblemKind, ReportedFrom
from quizapp.catalogue.reports.service import WORDS_MAX_CHARS, Complaint, report
from quizapp.db import create_engine_for
from quizapp.errors import QuizappError
from trust.classrooms import hostile_classrooms
from trust.fake_hosts import PRINTED

CONTENT = Path(__file__).resolve().parent.parent / "content"
LAB = "app-cannot-reach-db"
LAB_NOTE = "docker-networking.md"  # which has the concepts of that lab
A_NOTE = 20  # payloads of one note, so that one that swallows what follows hides few
REPORTS_MAX = 15  # of one learner, who may have twenty open


@dataclass(frozen=True, kw_only=True)
class HostileSite:
    """A running site full of payloads."""

    running: Site
    link: str
    """Of an owner."""
    questions: Sequence[str]
    """Their keys."""
    notes: Sequence[str]
    """Their keys."""
    classes: Sequence[str]
    """The paths of the pages of classes, of people and of what a provider calls them."""

    def pages(self, payloads: Sequence[str]) -> Iterator[str]:
        """The paths of the pages that show payloads, but for those that come only by pressing something."""
        yield from ("/", "/notes", "/labs", "/progress", "/account", "/search?q=zq", "/practice", "/review?ahead=1")
        yield from ("/content/trail", "/content/reports", "/reports", "/content?sort=changed", f"/labs/{LAB}")
        yield from (f"/content?page={page}" for page in range(1, 2 + len(self.questions) // 50))
        yield from self.classes
        for key in self.questions:
            yield f"/content/questions/{key}"
            yield f"/content/questions/{key}/history"
        for key in self.notes:
            yield f"/notes/{key}"
            yield f"/content/notes/{key}"
            yield f"/practice?note={key}"
        for payload in payloads:
            sent = quote(payload, safe="")
            yield from (f"/search?q={sent}", f"/content?q={sent}", f"/nowhere/{sent}", f"/review?card={sent}")
            yield f"/reports/new?question={self.questions[0]}&back={sent}&came_from={sent}"


@contextmanager
def hostile_site(payloads: Sequence[str], *, app: str = "trust.fake_hosts:app") -> Iterator[HostileSite]:
    """A site with these payloads, for as long as the block runs."""
    with TemporaryDirectory(prefix="qx-") as folder:
        _content(Path(folder), payloads)
        command = partial(killed_often, workers=1, app=app)
        with mock.patch.dict(os.environ, {"QUIZAPP_CONTENT_DIR": folder}), site(command) as running:
            titles = "".join(f"\x1b]0;{one}\x07\x1b]8;;javascript:{one}\x07x\x1b]8;;\x07{one}\r\n" for one in payloads)
            (running.installation.instance / PRINTED).write_bytes(titles.encode())
            yield _filled(running, payloads)


def _content(folder: Path, payloads: Sequence[str]) -> None:
    """A content folder with a lab and files whose names and texts are payloads."""
    (folder / "notes").mkdir()
    shutil.copy(CONTENT / "notes" / LAB_NOTE, folder / "notes")
    shutil.copytree(CONTENT / "labs" / LAB, folder / "labs" / LAB)
    lab = folder / "labs" / LAB / "lab.yaml"
    lines = lab.read_text(encoding="utf-8").splitlines()
    one_line = [" ".join(payload.split()) for payload in payloads]
    for number, line in enumerate(lines):
        for name, value in (("title", one_line[0]), ("summary", " ".join(one_line[1:3]))):
            if line.startswith(f"{name}: "):
                lines[number] = f"{name}: {json.dumps(value)}"
        if line == "task: |":
            lines[number] += "\n" + "\n\n".join(f"  {one}" for one in one_line[:A_NOTE])
    lab.write_text("\n".join(lines) + "\n", encoding="utf-8")
    for number, payload in enumerate(one_line[:A_NOTE]):
        name = payload.replace("/", "-").replace("\x00", "")[:80]
        (folder / "notes" / f"{name} {number}.md").write_text(f"# {payload}\n\n## {payload}\n\n{payload}\n", "utf-8")


def _filled(running: Site, payloads: Sequence[str]) -> HostileSite:
    engine = create_engine_for(running.database_url)
    with Session(engine) as db:
        now = clock.now()
        names = [" ".join(one.split())[: NAME_MAX_CHARS - 8] for one in payloads[:2]]
        owner, learner = (
            accounts.add_user(db, name=f"{name} {uuid4().hex[:6]}", role=role, now=now)
            for name, role in zip(names, (Role.OWNER, Role.LEARNER), strict=True)
        )
        for start in range(0, len(payloads), A_NOTE):
            text = _note(payloads[start : start + A_NOTE])
            import_sent(db, read_sent([SentNote(path=f"browser:n{start}", data=text.encode())]), now=now)
        made = [key for number in range(len(payloads)) if (key := _question(db, payloads, number, owner))]
        _reported(db, payloads, learner)
        classes = hostile_classrooms(db, payloads, owner)
        token = accounts.make_link(db, user=owner, now=now)
        notes = db.scalars(select(Note.key).where(Note.retired_at.is_(None))).all()
        db.commit()
    engine.dispose()
    link = f"{running.installation.address}/sign-in/{token}"
    return HostileSite(running=running, link=link, questions=made, notes=notes, classes=classes)


def _note(payloads: Sequence[str]) -> str:
    """A note with the payloads at each place that a note has."""
    parts = ["# " + " ".join(payloads[0].split())]
    for payload in payloads:
        line = " ".join(payload.split())
        parts += [f"## {line}", payload, f"> {line}", f"- {line}", f"| {line} | b |\n|---|---|\n| {line} | {line} |"]
        parts += [f"![{line}]({line})", f"[{line}]({line})", f'[x]({line} "{line}")', f"```{line}\n{line}\n```"]
        parts += [
            f"*   **{line}:** {line}\n    *   *Card:* {line} → {line}",
            f"*   **Q: {line}?**\n    *   *A:* {line}",
        ]
    return "\n\n".join(parts) + "\n"


def _question(db: Session, payloads: Sequence[str], number: int, editor: User) -> str:
    """A new question whose parts are all this payload, edited once; its key, empty where a rule of texts forbids it."""
    payload, other = tidy(payloads[number]), tidy(payloads[number - 1])
    line = " ".join(payload.split())
    choices = tuple(ChoiceWording(id=None, text=f"{n} {line}", right=n == 1, why=payload) for n in (1, 2))
    wording = replace(EMPTY, prompt=payload, answer=payload, choices=choices, hints=(line,), tags=(line[:60],))
    nowhere = QuestionPlace(note=None, section=None, concept=None)
    try:
        with db.begin_nested():
            question = authoring.make(
                db,
                kind=QuestionKind.SINGLE,
                wording=wording,
                place=nowhere,
                stage=Stage.PUBLISHED,
                editor=editor,
                now=clock.now(),
            )
            db.flush()
            _edited(db, question, other, editor)
    except QuizappError as error:
        print(f"not stored: {payload!r}: {error}", file=sys.stderr)
        return ""
    return question.key


def _edited(db: Session, question: Question, text: str, editor: User) -> None:
    """Save another prompt and back, so that the history shows both."""
    before: Wording = authoring.wording_of(question)
    for prompt in (f"{before.prompt} {text}", before.prompt):
        changed = replace(authoring.wording_of(question), prompt=tidy(prompt))
        authoring.save(db, question=question, wording=changed, rev=question.rev, editor=editor, now=clock.now())


def _reported(db: Session, payloads: Sequence[str], learner: User) -> None:
    """Reports of the learner, whose words and suggestions are payloads."""
    questions = db.scalars(select(Question).where(Question.kind == QuestionKind.SINGLE).limit(REPORTS_MAX)).all()
    share = -(-len(payloads) // max(1, len(questions)))
    for number, question in enumerate(questions):
        some = payloads[number * share : (number + 1) * share]
        words = "\n\n".join(some)[:WORDS_MAX_CHARS]
        complaint = Complaint(
            kind=ProblemKind.WRONG, words=words, prompt=tidy(words), answer=tidy(words), rev=question.rev
        )
        came_from, now = ReportedFrom.QUIZ, clock.now()
        report(db, user=learner, question=question, came_from=came_from, complaint=complaint, answer=words, now=now)
