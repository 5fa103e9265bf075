"""The one way to change a question, for every page and command: make, edit, move, retire, restore and more.

`drafts` deletes them, `taking_back` undoes a change, `bulk` does one thing with many.

No save overwrites another one unseen. Each change is kept as a QuestionEdit, from which it can be taken back, and is a
line of the trail. What its editor may not change raises OutsideRemit (`remits`). Learners' cards do not change. The
caller commits.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quizapp.catalogue.editing.authored_rows import (
    By,
    belongs_to_no_file,
    lock,
    mark_edited,
    record,
    spot_of,
    write_kind,
    write_place,
    write_stage,
    write_wording,
)
from quizapp.catalogue.editing.kind_change import KindChange, changed_kind
from quizapp.catalogue.editing.merging import Marks, MergedWording, merged
from quizapp.catalogue.models import DeedOf, Question, QuestionEdit, QuestionKind, Withheld
from quizapp.catalogue.question_shape import (
    QuestionPlace,
    QuestionShape,
    Stage,
    changes,
    from_json,
    shape_of,
    wording_of,
)
from quizapp.catalogue.question_wording import Wording, faults, unaskable, without_ids
from quizapp.catalogue.store.identity import new_key
from quizapp.catalogue.visibility import Reader
from quizapp.errors import Conflict, Invalid

__all__ = ["wording_of"]

NOWHERE = QuestionPlace(note=None, section=None, concept=None)
_IS_LAB = Question.kind == QuestionKind.LAB


class Unfit(Invalid):
    """A wording that breaks a rule. `faults` has a sentence for each field that is wrong."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__(" ".join(faults.values()))
        self.faults = faults


class ChangedMeanwhile(Conflict):
    """The question has been saved, here or by an import, since the editor opened it, in a part that was edited too."""

    def __init__(self, both: MergedWording | None) -> None:
        super().__init__("Somebody saved this question while you were editing it. Nothing of yours is lost.")
        self.both = both
        """What both have, with the own version of disputed parts; None if it is not known what the editor opened."""


@dataclass(frozen=True, kw_only=True)
class Saved:
    """What a change did."""

    changed: Sequence[str]
    """The names of the parts that were changed; empty if nothing was written."""
    ended_draft: bool = False
    """Whether the question was a draft and can now be asked."""
    theirs: Sequence[str] = ()
    """The names of the parts that others had changed meanwhile, which stay as they have them."""
    edit_id: int | None = field(default=None, compare=False)
    """The id of the QuestionEdit; None if nothing was written."""


NOTHING = Saved(changed=[])


def make(
    db: Session,
    *,
    kind: QuestionKind,
    wording: Wording,
    place: QuestionPlace,
    stage: Stage,
    editor: Reader,
    now: datetime,
    what: DeedOf = DeedOf.MAKE,
    key: str | None = None,
) -> Question:
    """Store a new question, which belongs to no file until one has its key. A draft may be unfinished.

    Raises Unfit for a wording that breaks a rule, and Invalid for a place that is not there.
    """
    _refuse(wording, kind, stage=stage)
    spot = spot_of(db, place)
    made = key or new_key("q", place.note or "", now.isoformat(), wording.prompt, taken=_KeysInUse(db))
    last = db.scalar(select(func.max(Question.position)).where(Question.note_id == spot.note_id, ~_IS_LAB))
    question = Question(key=made, kind=kind, position=(last or 0) + 1, prompt="", answer="", rev=1, updated_at=now)
    question.must, question.bonus, question.red_flags, question.hints = [], [], [], []
    belongs_to_no_file(question)
    question.note_id, question.section_id, question.concept_id = spot.note_id, spot.section_id, spot.concept_id
    db.add(question)
    with db.no_autoflush:
        write_wording(db, question, without_ids(wording))
        write_stage(db, question, stage, now=now)
    record(db, question, None, what=what, by=By(editor=editor, now=now))
    return question


def save(
    db: Session,
    *,
    question: Question,
    wording: Wording,
    rev: int | None,
    editor: Reader,
    now: datetime,
    opened: Marks | None = None,
    what: DeedOf = DeedOf.EDIT,
    step_id: int | None = None,
) -> Saved:
    """Store `wording` in the question, which the editor opened at the revision `rev` with the marks `opened`.

    If it was saved since, what only others have changed stays, and what only this editor has changed is stored. Writes
    nothing if nothing differs. Locks the question's row until the transaction ends. Raises ChangedMeanwhile if both
    have changed one part, or if `opened` is not known, and Unfit for a wording that breaks a rule.
    """
    lock(db, question, editor=editor)
    before = shape_of(question)
    if before.wording == wording:
        return NOTHING
    theirs: Sequence[str] = ()
    if rev != question.rev:
        both = merged(opened, saved=before.wording, typed=wording) if opened is not None else None
        if both is None or both.disputed:
            raise ChangedMeanwhile(both)
        wording, theirs = both.wording, both.theirs
    found = _faults(wording, question.kind, stage=before.stage, draft=question.draft)
    if wording.as_of == before.wording.as_of:
        found.pop("as_of", None)  # a file may say more than a date; another change need not mend that
    found = found or _foreign(before.wording, wording)
    if found:
        raise Unfit(found)
    was_draft = question.draft
    mark_edited(question)
    write_wording(db, question, wording)
    edit = record(db, question, before, what=what, by=By(editor=editor, now=now, step_id=step_id))
    return _saved(edit, before, question, ended_draft=was_draft and not question.hidden, theirs=theirs)


def duplicate(db: Session, *, question: Question, editor: Reader, now: datetime) -> Question:
    """A new draft with the same texts at the same place."""
    lock(db, question, editor=editor)
    shape = shape_of(question)
    place = shape.place if question.note is not None and question.note.retired_at is None else NOWHERE
    made = DeedOf.DUPLICATE
    return make(
        db, kind=shape.kind, wording=shape.wording, place=place, stage=Stage.DRAFT, editor=editor, now=now, what=made
    )


def move(
    db: Session, *, question: Question, place: QuestionPlace, editor: Reader, now: datetime, step_id: int | None = None
) -> Saved:
    """Put a question into another note, section or concept, where it stays when its file is imported again."""
    lock(db, question, editor=editor)
    _refuse_lab(question)
    before, spot = shape_of(question), spot_of(db, place)
    if (question.note_id, question.section_id, question.concept_id) == tuple(vars(spot).values()):
        return NOTHING
    write_place(question, spot, is_chosen=True)
    _reload_place(db, question)
    edit = record(db, question, before, what=DeedOf.MOVE, by=By(editor=editor, now=now, step_id=step_id))
    return _saved(edit, before, question)


def kind_change(question: Question, kind: QuestionKind) -> KindChange:
    """What a question would be as another kind, and what would be lost; changes nothing."""
    return changed_kind(wording_of(question), question.kind, kind)


def change_kind(
    db: Session, *, question: Question, kind: QuestionKind, rev: int | None, editor: Reader, now: datetime
) -> Saved:
    """Ask a question in another way, see `kind_change`. Raises ChangedMeanwhile if it was saved since `rev`."""
    lock(db, question, editor=editor)
    _refuse_lab(question)
    if question.kind is kind:
        return NOTHING
    if rev != question.rev:
        raise ChangedMeanwhile(None)
    before = shape_of(question)
    mark_edited(question)
    wording = kind_change(question, kind).wording
    write_kind(question, kind)
    write_wording(db, question, wording)
    edit = record(db, question, before, what=DeedOf.KIND, by=By(editor=editor, now=now))
    return _saved(edit, before, question)


_DEED_OF = {Stage.DRAFT: DeedOf.DRAFT, Stage.REVIEW: DeedOf.REVIEW, Stage.PUBLISHED: DeedOf.PUBLISH}


def set_stage(
    db: Session, *, question: Question, stage: Stage, editor: Reader, now: datetime, step_id: int | None = None
) -> Saved:
    """Publish a question, hold it back, retire it, or restore it from there.

    Raises Unfit if it is to be published and is not finished, and Invalid if its note is retired.
    """
    lock(db, question, editor=editor)
    _refuse_lab(question)
    before = shape_of(question)
    if before.stage is stage:
        return NOTHING
    if before.stage is Stage.RETIRED and question.note is not None and question.note.retired_at is not None:
        raise Invalid("Its note is retired, so it would be found nowhere. Move it to another note first.")
    found = {} if stage in (Stage.DRAFT, Stage.RETIRED) else unaskable(before.wording, question.kind, draft=False)
    if found:
        raise Unfit(found)
    write_stage(db, question, stage, now=now)
    what = DeedOf.RETIRE if stage is Stage.RETIRED else DeedOf.RESTORE
    what = _DEED_OF.get(stage, what) if before.stage is not Stage.RETIRED else what
    edit = record(db, question, before, what=what, by=By(editor=editor, now=now, step_id=step_id))
    return _saved(edit, before, question)


def stage_if_restored(question: Question) -> Stage:
    """The stage that a retired question comes back to: the one that it had."""
    if question.draft or question.held is Withheld.DRAFT:
        return Stage.DRAFT
    return Stage.REVIEW if question.held is Withheld.REVIEW else Stage.PUBLISHED


def restore_version(
    db: Session, *, question: Question, edit_id: int, first: bool, rev: int | None, editor: Reader, now: datetime
) -> Saved:
    """Take the kind and texts again that an edit left, or with `first` those from before it.

    Its place and stage stay. Raises Invalid for an edit of another question, ChangedMeanwhile if it was saved since
    `rev`, and Unfit if a rule forbids now what was written then.
    """
    lock(db, question, editor=editor)
    edit = db.get(QuestionEdit, edit_id)
    kept = (edit.before if first else edit.after) if edit is not None and edit.question_id == question.id else None
    if not kept:
        raise Invalid("There is no such version of this question. Its history lists those there are.")
    if rev != question.rev:
        raise ChangedMeanwhile(None)
    before = shape_of(question)
    wanted = from_json(kept, like=before)
    wording = wanted.wording.without_lost_choices(before.wording)
    if (wanted.kind, wording) == (before.kind, before.wording):
        return NOTHING
    if found := _faults(wording, wanted.kind, stage=before.stage, draft=question.draft):
        raise Unfit(found)
    mark_edited(question)
    write_kind(question, wanted.kind)
    write_wording(db, question, wording)
    return _saved(record(db, question, before, what=DeedOf.VERSION, by=By(editor=editor, now=now)), before, question)


class _KeysInUse:
    """The keys of all questions, asked of the database."""

    def __init__(self, db: Session) -> None:
        self._db = db

    def __contains__(self, key: object) -> bool:
        return self._db.scalar(select(Question.id).where(Question.key == key)) is not None


def _saved(
    edit: QuestionEdit | None,
    before: QuestionShape,
    question: Question,
    *,
    ended_draft: bool = False,
    theirs: Sequence[str] = (),
) -> Saved:
    if edit is None:
        return NOTHING
    labels = [change.label for change in changes(before, shape_of(question)) if change.label != "Stage"]
    return Saved(changed=labels or ["Stage"], ended_draft=ended_draft, theirs=theirs, edit_id=edit.id)


def _reload_place(db: Session, question: Question) -> None:
    """Let the question's note, section and concept be those that it was moved to."""
    db.flush()
    db.expire(question, ["note", "section", "concept"])


def _faults(wording: Wording, kind: QuestionKind, *, stage: Stage, draft: bool) -> dict[str, str]:
    """The rules that a wording breaks. What learners do not see yet may be unfinished."""
    return faults(wording, kind, draft=draft, unfinished=stage is Stage.DRAFT)


def _refuse(wording: Wording, kind: QuestionKind, *, stage: Stage) -> None:
    if found := _faults(wording, kind, stage=stage, draft=False):
        raise Unfit(found)


def _refuse_lab(question: Question) -> None:
    if question.kind is QuestionKind.LAB:
        raise Invalid("A lab's question is placed and retired with its lab, in the lab's editor.")


def _foreign(before: Wording, after: Wording) -> dict[str, str]:
    """A fault if `after` has an option that the question does not have, or has one of its options twice."""
    own = {choice.id for choice in before.choices}
    named = [choice.id for choice in after.choices if choice.id is not None]
    if own.issuperset(named) and len(set(named)) == len(named):
        return {}
    return {"choices": "These are not this question's options. Reload the page and make the change again."}
