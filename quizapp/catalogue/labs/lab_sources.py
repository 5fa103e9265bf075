"""The text of a lab: what is offered of it, and how its file and what was published in the browser meet."""

from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.catalogue.labs.lab_file import BadLab, read_lab
from quizapp.catalogue.labs.lab_format import LabDefinition
from quizapp.catalogue.labs.lab_lines import NoPlace, Value, with_value, written_out
from quizapp.catalogue.models import Lab, LabSource, Question, QuestionKind
from quizapp.catalogue.store import question_store as store


@dataclass(frozen=True, kw_only=True)
class LabVersions:
    """The texts of a lab, as LabSource has them."""

    file: str | None
    published: str | None
    waiting: str | None = None

    @property
    def offered(self) -> str | None:
        """The text that learners have."""
        return self.published if self.published is not None else self.file


def versions_of(db: Session, *, lab_id: int) -> LabVersions:
    """The texts of a lab; none for one that was stored before texts were."""
    row = db.get(LabSource, lab_id)
    if row is None:
        return LabVersions(file=None, published=None)
    return LabVersions(file=row.file, published=row.published, waiting=row.waiting)


def keep_versions(db: Session, versions: LabVersions, *, lab_id: int) -> None:
    """Store the texts of a lab."""
    row = db.get(LabSource, lab_id)
    if row is None:
        db.add(row := LabSource(lab_id=lab_id))
    row.file, row.published, row.waiting = versions.file, versions.published, versions.waiting
    db.flush()


def met(stored: LabVersions, text: str) -> LabVersions:
    """The texts after an import of the lab's file: what was published here stays offered until the file has it."""
    if stored.published in (None, text):
        return LabVersions(file=text, published=None)
    if stored.file == text:
        return replace(stored, waiting=None)
    return replace(stored, waiting=text)


def offered_text(db: Session, lab: Lab) -> str:
    """The text of a lab as learners have it: with what was edited of its question since, and merged of its concepts."""
    found = versions_of(db, lab_id=lab.id).offered
    definition = {name: value for name, value in lab.definition.items() if value not in (None, [], {}, "")}
    return with_edits(lab, written_out(definition) if found is None else _with_merged(lab, found))


def _with_merged(lab: Lab, text: str) -> str:
    """The text with the concepts by which learners have the lab, where one that it names was merged into another."""
    concepts = lab.definition.get("concepts") or ()
    if all(key in text for key in concepts):
        return text
    try:
        return with_value(text, "concepts", tuple(concepts))
    except NoPlace:
        return text


def with_edits(lab: Lab, text: str) -> str:
    """The text of a lab with what an editor changed in its question. An edit that finds no place is left out."""
    if not lab.question.edited:
        return text
    edits: dict[str, Value | None] = {
        "task": lab.question.prompt,
        "reveal": lab.question.answer,
        "level": lab.question.level,
    }
    for name, value in edits.items():
        if value:
            try:
                text = with_value(text, name, value)
            except NoPlace:
                continue
    return text


def has_seen_file(lab: Lab, text: str) -> bool:
    """Whether the question's edits were made to what this text of the lab says, and not to what it said before."""
    try:
        definition = read_lab(text, folder=lab.slug)
    except BadLab:
        return False
    return not lab.question.edited or lab.question.fingerprint == content_of(definition).fingerprint


def content_of(definition: LabDefinition) -> store.Content:
    """What a lab's file says of its question."""
    return store.Content(
        kind=QuestionKind.LAB, prompt=definition.task, answer=definition.reveal, level=definition.level
    )


def lab_called(db: Session, slug: str) -> Lab | None:
    """The lab with this slug, retired or not; None if there is none."""
    return db.scalar(select(Lab).join(Question, Lab.question).where(Lab.slug == slug))
