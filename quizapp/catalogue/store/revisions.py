"""Keeps what an import changes: each changed question as a QuestionEdit, each text as a NoteEdit, all in the trail.

One import is one line of the trail, whose parts are its notes, each followed by its questions. Few statements a note,
however many questions it has. New questions are named in the row of their note and have no edit: what one said is in
the first edit that changes it. The place of a question is not kept: a file in another order would be a change of each.
"""

import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from quizapp.catalogue.models import Choice, ContentDeed, DeedOf, NoteEdit, Question, QuestionEdit, Withheld
from quizapp.catalogue.question_shape import QuestionShape, Stage, shape_of, to_json
from quizapp.catalogue.question_wording import tidy, tidy_lines, tidy_tags
from quizapp.catalogue.store.note_plan import NotePlan, PlannedQuestion
from quizapp.catalogue.store.question_store import Content, Merge
from quizapp.catalogue.store.stored_rows import StoredQuestion
from quizapp.catalogue.trail import shortened
from quizapp.prepared_statements import Prepared

FAST = 1  # of zlib: a note of 60 KB in under a millisecond, to a third of its size
IMPORTED = "imported"  # what marks the JSON of an edit that an import made
NEW, COUNTS, NOTES = "new", "counts", "notes"  # in `ContentDeed.kept` of an import's parts, and of its line
# Prepared, as what note_tables writes.
_ADD_PARTS = Prepared(
    insert(ContentDeed).values(
        {name: bindparam(name) for name in ("step_id", "editor_id", "at", "what", "key", "words", "edit_id", "kept")}
    )
)
_ADD_EDITS = Prepared(
    insert(QuestionEdit).values(
        {name: bindparam(name) for name in ("question_id", "editor_id", "edited_at", "before", "after")}
    )
)
_OF_STEP = ContentDeed.id == bindparam("of_step", type_=Integer())
_SAID = Prepared(select(ContentDeed.kept).where(_OF_STEP))
_SAY = Prepared(update(ContentDeed).where(_OF_STEP).values(kept=bindparam("kept"), words=bindparam("words")))
_COUNTED: Mapping[DeedOf, str] = {
    DeedOf.MAKE: "new",
    DeedOf.EDIT: "changed",
    DeedOf.MOVE: "moved",
    DeedOf.RETIRE: "retired",
    DeedOf.RESTORE: "restored",
}


@dataclass(frozen=True, kw_only=True)
class ChangedItem:
    """What became of one question."""

    what: DeedOf
    key: str
    prompt: str
    edit: Mapping[str, Any] | None = None
    """The values of its QuestionEdit; None without one."""


@dataclass(kw_only=True)
class Revisions:
    """The line of the trail of one import, and its parts as they are stored."""

    editor_id: UUID
    """Whoever imports; OPERATOR for files."""
    what: DeedOf = DeedOf.IMPORT
    """IMPORT, NOTE where a note was saved in its editor, or RETIRE_NOTE and RESTORE_NOTE."""
    step_id: int | None = None
    """The id of the line once there is one."""

    def keep_note(
        self,
        db: Session,
        plan: NotePlan,
        *,
        note_id: int,
        title: str,
        ids: Mapping[str, int],
        before: bytes | None,
        is_new: bool,
        now: datetime,
    ) -> None:
        """Keep what a note's plan, which is written, has changed. `before` is its text before, packed, if that is new.

        `ids` has the ids of the plan's questions by key.
        """
        changed = [*_changed(db, plan, note_id, ids)]
        if not changed and before is None and not is_new:
            return
        self._keep(db, title, changed, now=now)
        if before is not None:
            kept = {"note_id": note_id, "editor_id": self.editor_id, "edited_at": now, "before": before}
            db.execute(insert(NoteEdit), [{**kept, "step_id": self.step_id}])

    def keep_retired(self, db: Session, *, title: str, questions: Sequence[tuple[str, str]], now: datetime) -> None:
        """Keep that a note was retired with these questions, given by key and prompt."""
        retired = [ChangedItem(what=DeedOf.RETIRE, key=key, prompt=prompt) for key, prompt in questions]
        self._keep(db, title, retired, now=now, what=DeedOf.RETIRE_NOTE)

    def keep_restored(self, db: Session, *, title: str, questions: Sequence[tuple[str, str]], now: datetime) -> None:
        """Keep that a retired note is there again, with these questions."""
        restored = [ChangedItem(what=DeedOf.RESTORE, key=key, prompt=prompt) for key, prompt in questions]
        self._keep(db, title, restored, now=now, what=DeedOf.RESTORE_NOTE)

    def keep_lab(
        self, db: Session, question: Question, before: QuestionShape | None, *, title: str, now: datetime
    ) -> None:
        """Keep what the import of a lab's file, or its absence, has changed. `before` is None for a new one."""
        after = shape_of(question)
        what = DeedOf.MAKE if before is None else DeedOf.EDIT
        if before is not None and before.stage is not after.stage:
            what = DeedOf.RETIRE if after.stage is Stage.RETIRED else DeedOf.RESTORE
        edit = None
        if before is not None and before != after:
            edit = {"question_id": question.id, "before": _marked(before), "after": _marked(after)}
        item = ChangedItem(what=what, key=question.key, prompt=question.prompt, edit=edit)
        self._keep(db, title, [item], now=now)

    def _keep(
        self,
        db: Session,
        title: str,
        changed: Sequence[ChangedItem],
        *,
        now: datetime,
        what: DeedOf = DeedOf.NOTE,
    ) -> None:
        """Add the parts of one note, or of a lab, and say in the line what all parts come to."""
        connection = db.connection()
        said = _SAID.first(connection, {"of_step": self.step_id}) if self.step_id is not None else None
        if said is None:  # or the note that began it was given up, and the line with it
            step = ContentDeed(editor_id=self.editor_id, at=now, what=self.what, words="")
            db.add(step)
            db.flush()
            self.step_id = step.id
            db.expunge(step)  # the line is written past the session from here on
        new = [item.key for item in changed if item.what is DeedOf.MAKE]
        part = {"step_id": self.step_id, "editor_id": self.editor_id, "at": now}
        of_note = {"what": what, "key": None, "words": shortened(title), "edit_id": None, "kept": {NEW: new}}
        _ADD_PARTS.change(connection, {**part, **of_note})
        told = [item for item in changed if item.what is not DeedOf.MAKE]
        edits = self._stored(db, [item.edit for item in told if item.edit is not None], now=now)
        rows = [
            {
                **part,
                "what": item.what,
                "key": item.key,
                "words": shortened(item.prompt),
                "edit_id": edits[item.edit["question_id"]] if item.edit is not None else None,
                "kept": None,
            }
            for item in told
        ]
        if rows:
            _ADD_PARTS.change_each(connection, rows)
        (before,) = said or (None,)
        counts = Counter((before or {}).get(COUNTS, {})) + Counter([NOTES, *(item.what.value for item in changed)])
        says = {"kept": {COUNTS: dict(counts)}, "words": _words(counts, title)}
        _SAY.change(connection, {"of_step": self.step_id, **says})

    def _stored(self, db: Session, edits: Sequence[Mapping[str, Any]], *, now: datetime) -> Mapping[int, int]:
        """Store edits; returns their ids by the question's id."""
        if not edits:
            return {}
        rows = [{**edit, "editor_id": self.editor_id, "edited_at": now} for edit in edits]
        _ADD_EDITS.change_each(db.connection(), rows)
        of = QuestionEdit.question_id.in_([edit["question_id"] for edit in edits])
        newest = select(QuestionEdit.question_id, func.max(QuestionEdit.id)).where(of)
        return dict(db.execute(newest.group_by(QuestionEdit.question_id)).all())


def _words(counts: Mapping[str, int], title: str) -> str:
    """What a line says: of one note its title, of several how many, and what became of their questions."""
    named = f"“{title[:80]}”" if counts[NOTES] == 1 else f"{counts[NOTES]} notes and labs"
    parts = [f"{counts[what]} {word}" for what, word in _COUNTED.items() if what in counts]
    return shortened(f"{named}: {', '.join(parts) or 'text'}")


def packed(text: str) -> bytes:
    """A text as NoteEdit stores it."""
    return zlib.compress(text.encode(), FAST)


def unpacked(data: bytes) -> str:
    """The text that `packed` has packed."""
    return zlib.decompress(data).decode()


def _changed(db: Session, plan: NotePlan, note_id: int, ids: Mapping[str, int]) -> Iterator[ChangedItem]:
    """What became of a note's questions, without those that stay as they are."""
    options = _options(db, [ids[one.key] for one in plan.questions if _has_other_options(one)])
    for one in plan.questions:
        row = one.row
        if row is None:
            yield ChangedItem(what=DeedOf.MAKE, key=one.key, prompt=one.content.prompt)
            continue
        has_texts = one.merged.outcome is Merge.CHANGED
        content = one.content if has_texts else row.content
        tags = row.tags if one.merged.edited else one.tags
        stage = Stage.RETIRED if row.retired_here else _stage(row, not content.can_be_asked)
        was, what = _stage_of(row), DeedOf.EDIT
        if (content, tags, stage) == (row.content, row.tags, was):
            if row.file_note_id != note_id:
                yield ChangedItem(what=DeedOf.MOVE, key=one.key, prompt=content.prompt)
            continue
        if was is Stage.RETIRED and stage is not was:
            what = DeedOf.RESTORE
        after = _kept(content, options[row.id] if _has_other_options(one) else row.choice_ids, tags, stage)
        yield _edited(row, after, what=what, prompt=content.prompt)
    for row in plan.retired_questions:
        after = _kept(row.content, row.choice_ids, row.tags, Stage.RETIRED)
        yield _edited(row, after, what=DeedOf.RETIRE, prompt=row.content.prompt)
    for row in plan.back_questions:
        after = _kept(row.content, row.choice_ids, row.tags, _stage(row, row.draft))
        yield _edited(row, after, what=DeedOf.RESTORE, prompt=row.content.prompt)


def _edited(row: StoredQuestion, after: Mapping[str, Any], *, what: DeedOf, prompt: str) -> ChangedItem:
    before = _kept(row.content, row.choice_ids, row.tags, _stage_of(row))
    edit = {"question_id": row.id, "before": before, "after": after}
    return ChangedItem(what=what, key=row.key, prompt=prompt, edit=edit)


def _has_other_options(one: PlannedQuestion) -> bool:
    is_changed = one.row is not None and one.merged.outcome is Merge.CHANGED
    return is_changed and one.row is not None and one.row.content.choices != one.content.choices


def _options(db: Session, question_ids: Sequence[int]) -> Mapping[int, tuple[int, ...]]:
    """The ids of the options of each of these questions in their order; () for one without options."""
    found: dict[int, tuple[int, ...]] = dict.fromkeys(question_ids, ())
    if question_ids:
        rows = select(Choice.question_id, Choice.id).where(Choice.question_id.in_(question_ids))
        for question_id, choice_id in db.execute(rows.order_by(Choice.question_id, Choice.position)):
            found[question_id] = (*found[question_id], choice_id)
    return found


def _stage_of(row: StoredQuestion) -> Stage:
    return Stage.RETIRED if row.retired_at is not None else _stage(row, row.draft)


def _stage(row: StoredQuestion, draft: bool) -> Stage:
    """The stage of a question that is not retired; see `question_shape.stage_of`."""
    if row.held is Withheld.DRAFT or draft:
        return Stage.DRAFT
    return Stage.REVIEW if row.held is Withheld.REVIEW else Stage.PUBLISHED


def _kept(content: Content, choice_ids: Sequence[int], tags: frozenset[str], stage: Stage) -> dict[str, Any]:
    """A question as `question_shape.to_json` writes it, without its place and marked as an import's."""
    options = zip(choice_ids, content.choices, strict=True)
    return {
        "prompt": tidy(content.prompt),
        "answer": tidy(content.answer),
        "must": tidy_lines(iter(content.must)),
        "bonus": tidy_lines(iter(content.bonus)),
        "red_flags": tidy_lines(iter(content.red_flags)),
        "choices": [
            {"id": choice_id, "text": tidy(one.text), "right": one.right, "why": tidy(one.why)}
            for choice_id, one in options
        ],
        "hints": tidy_lines(iter(content.hints)),
        "expected": content.expected.source if content.expected is not None else "",
        "level": content.level,
        "source_url": content.source_url or "",
        "as_of": content.as_of or "",
        "tags": tidy_tags(iter(tags)),
        "kind": content.kind.value,
        "stage": stage.value,
        IMPORTED: True,
    }


def _marked(shape: QuestionShape) -> dict[str, Any]:
    """The same of a question that was read as a row."""
    return {name: value for name, value in to_json(shape).items() if name != "place"} | {IMPORTED: True}
