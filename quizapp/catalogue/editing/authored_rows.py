"""Writes what an editor decides into a question's row, and each change as a QuestionEdit and a line of the trail.

Knows no rule: `authoring` says what may be changed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from quizapp.catalogue.kinds.expected import read
from quizapp.catalogue.models import (
    EXPECTING_KINDS,
    Choice,
    Concept,
    DeedOf,
    Note,
    Question,
    QuestionEdit,
    QuestionKind,
    Section,
    Tag,
    Unsettled,
    Withheld,
)
from quizapp.catalogue.picture_rows import show_also
from quizapp.catalogue.question_shape import QuestionPlace, QuestionShape, Stage, shape_of, to_json, wording_of
from quizapp.catalogue.question_wording import ChoiceWording, Wording
from quizapp.catalogue.remits import hold
from quizapp.catalogue.store.question_store import as_json, fingerprint, served
from quizapp.catalogue.trail import note_down
from quizapp.catalogue.visibility import FOR_ALL, Reader
from quizapp.errors import Invalid


@dataclass(frozen=True, kw_only=True)
class Spot:
    """The rows of a place."""

    note_id: int | None
    section_id: int | None
    concept_id: int | None


@dataclass(frozen=True, kw_only=True)
class By:
    """Who changes something, when, and as a part of which deed on several questions."""

    editor: Reader
    now: datetime
    step_id: int | None = None
    """See `ContentDeed.step_id`."""


def lock(db: Session, question: Question, *, editor: Reader) -> None:
    """Read a question anew and keep its row from others until the transaction ends. Raises OutsideRemit."""
    db.refresh(question, with_for_update=True)  # of two changes at once, the second waits and reads the first one's rev
    hold(db, question, editor)


def spot_of(db: Session, place: QuestionPlace) -> Spot:
    """The rows of a place. A section or concept without its note counts as none. Raises Invalid for no note for all."""
    if place.note is None:
        return Spot(note_id=None, section_id=None, concept_id=None)
    live = select(Note.id).where(Note.key == place.note, Note.retired_at.is_(None), FOR_ALL)
    note_id = db.scalar(live)
    if note_id is None:
        raise Invalid("There is no such note any more. Choose another one.")
    of_note = Section.note_id == note_id
    section_id = db.scalar(select(Section.id).where(of_note, Section.anchor == place.section))
    concept = select(Concept).join(Section).where(of_note, Concept.key == place.concept, Concept.retired_at.is_(None))
    found = db.scalar(concept) if place.concept else None
    if found is not None:
        return Spot(note_id=note_id, section_id=found.section_id, concept_id=found.id)
    return Spot(note_id=note_id, section_id=section_id, concept_id=None)


def record(
    db: Session, question: Question, before: QuestionShape | None, *, what: DeedOf, by: By
) -> QuestionEdit | None:
    """Store that a question was changed, in the history and in the trail; None if it is as it was before.

    Raises OutsideRemit if it is none now that the editor may change, such as one moved to somebody else's note.
    """
    db.flush()
    after = shape_of(question)
    if before == after:
        return None
    hold(db, question, by.editor)
    question.rev += 1 if before is not None else 0
    question.updated_at = by.now
    kept = to_json(after)
    show_also(db, user=by.editor, note_id=question.note_id, text=str(kept))
    edit = QuestionEdit(
        question_id=question.id,
        editor_id=by.editor.id,
        edited_at=by.now,
        before=to_json(before) if before is not None else {},
        after=kept,
    )
    db.add(edit)
    db.flush()
    note_down(
        db,
        what=what,
        words=question.prompt,
        editor=by.editor,
        now=by.now,
        key=question.key,
        edit_id=edit.id,
        step_id=by.step_id,
    )
    return edit


def mark_edited(question: Question) -> None:
    """Keep what its file says of a question that is about to be changed here."""
    if not question.edited:
        question.base = as_json(served(question))
        question.edited = True


def belongs_to_no_file(question: Question) -> None:
    """Make a question one that no file has, so that an import neither retires nor changes it."""
    question.made_here, question.edited, question.base = True, True, None
    question.fingerprint = fingerprint({"made here": question.key})
    question.home_id, question.placed_here = None, False


def write_place(question: Question, spot: Spot, *, is_chosen: bool) -> None:
    """Put a question into a place. Its file's note stays known, if it has one."""
    home = question.home_id if question.home_id is not None else question.note_id
    if not question.made_here:
        question.home_id = home if home != spot.note_id else None
        question.placed_here = is_chosen
    question.note_id, question.section_id, question.concept_id = spot.note_id, spot.section_id, spot.concept_id


def write_stage(db: Session, question: Question, stage: Stage, *, now: datetime) -> None:
    """Give a question a stage. What was retired and comes back without a file belongs to none."""
    if stage is Stage.RETIRED:
        if question.retired_at is None:
            question.retired_at, question.retired_here = now, True
        return
    if question.retired_at is not None:
        if not question.retired_here:
            belongs_to_no_file(question)
        question.retired_at, question.retired_here = None, False
        if (dispute := db.get(Unsettled, question.id)) is not None:
            db.delete(dispute)
    question.held = {Stage.DRAFT: Withheld.DRAFT, Stage.REVIEW: Withheld.REVIEW}.get(stage)


def write_kind(question: Question, kind: QuestionKind) -> None:
    """Give a question another kind, whose own parts are written by `write_wording`."""
    if question.kind is not kind:
        question.kind, question.expected = kind, None


def write_wording(db: Session, question: Question, after: Wording) -> None:
    """Set only the texts that differ, so that text that was not edited keeps every byte that was read from the file."""
    before = wording_of(question)
    if after.prompt != before.prompt:
        question.prompt = after.prompt
    if after.answer != before.answer:
        question.answer = after.answer
    if after.must != before.must:
        question.must = list(after.must)
    if after.bonus != before.bonus:
        question.bonus = list(after.bonus)
    if after.red_flags != before.red_flags:
        question.red_flags = list(after.red_flags)
    if after.choices != before.choices:
        _write_choices(db, question, before.choices, after.choices)
    if after.hints != before.hints:
        question.hints = list(after.hints)
    if after.expected != before.expected:
        is_said = question.kind in EXPECTING_KINDS and bool(after.expected)
        question.expected = read(question.kind.value, after.expected) if is_said else None
    if after.tags != before.tags:
        question.tags = [_tag(db, name) for name in after.tags]
    question.level = after.level
    question.source_url = after.source_url or None
    question.as_of = after.as_of or None
    question.draft = not served(question).can_be_asked


def _write_choices(
    db: Session, question: Question, before: Sequence[ChoiceWording], after: Sequence[ChoiceWording]
) -> None:
    """Change options in place: their ids stay, since running quiz sessions refer to them."""
    rows = {choice.id: choice for choice in question.choices}
    old = {choice.id: choice for choice in before}
    # SQLAlchemy inserts rows before it deletes others, so a new option may not take the position of a removed one.
    position = max((choice.position for choice in question.choices), default=0)
    kept = []
    for wording in after:
        if wording.id is None:
            position += 1
            kept.append(Choice(position=position, text=wording.text, right=wording.right, why=wording.why))
            continue
        row = rows[wording.id]
        if wording != old[wording.id]:
            row.text, row.right, row.why = wording.text, wording.right, wording.why
        kept.append(row)
    question.choices = kept
    if [row.position for row in kept] != sorted(row.position for row in kept):  # of an older version: their old order
        _put_in_order(db, kept)


def _put_in_order(db: Session, rows: Sequence[Choice]) -> None:
    """Number options anew, in two steps: no two of a question may have one position at a time."""
    for number, row in enumerate(rows, start=1):
        row.position = -number
    db.flush()
    for number, row in enumerate(rows, start=1):
        row.position = number


def _tag(db: Session, name: str) -> Tag:
    """The tag called `name`, made if there is none; another transaction's tag if that makes it at the same time."""
    found = db.scalar(select(Tag).where(Tag.name == name))
    if found is not None:
        return found
    try:
        with db.begin_nested():
            tag = Tag(name=name)
            db.add(tag)
        return tag
    except IntegrityError:
        return db.scalars(select(Tag).where(Tag.name == name)).one()
