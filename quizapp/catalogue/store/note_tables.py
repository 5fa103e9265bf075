"""Reads the rows that a note's items may match, and writes what was planned for them. Decides nothing.

A few statements a table, however many rows there are, and none for rows that stay as they are.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Integer, bindparam, delete, insert, or_, select, update
from sqlalchemy.orm import Session

from quizapp.catalogue.formats.parsed import ParsedChoice
from quizapp.catalogue.models import (
    CatalogueVersion,
    Choice,
    Concept,
    Note,
    Question,
    QuestionKind,
    Section,
    Tag,
    question_tag,
)
from quizapp.catalogue.store.note_plan import NotePlan, PlannedQuestion, PlannedSection
from quizapp.catalogue.store.question_store import Content, Merge, as_json, columns_of, matched
from quizapp.catalogue.store.stored_rows import Sought, StoredConcept, StoredItems, StoredQuestion, StoredSection
from quizapp.db import Base
from quizapp.prepared_statements import Prepared

Item = TypeVar("Item", int, str)
_Values = dict[str, Any]
_TABLES = Base.metadata.tables
_PLACE = StoredQuestion._fields[:-3]  # the columns that are not its content; options and tags are rows of their own
_TEXTS = ("kind", "prompt", "answer", "must", "bonus", "red_flags", "expected", "hints", "level", "source_url", "as_of")
_KEYS_AT_ONCE = 5_000  # of one IN; SQLite takes 32,766 values in a statement, PostgreSQL's driver 65,535
# What editors decide, and an import does not, as it is for a question that comes from a file.
_BY_EDITORS: _Values = {
    "made_here": False,
    "home_id": None,
    "placed_here": False,
    "held": None,
    "retired_here": False,
    "retired_at": None,
}
_NOTE_ID = bindparam("note_id", type_=Integer())
_VERSION = Prepared(select(CatalogueVersion.number))
_SECTION_IDS = Prepared(select(Section.position, Section.id).where(Section.note_id == _NOTE_ID))
_CONCEPT_IDS = Prepared(
    select(Concept.key, Concept.id).where(Concept.section_id.in_(select(Section.id).where(Section.note_id == _NOTE_ID)))
)
_NOTE_BY_KEY = Prepared(select(Note.id).where(Note.key == bindparam("of_key")))
_TAG = Prepared(select(Tag.id).where(Tag.name == bindparam("of_tag")))
_QUESTION_IDS = Prepared(select(Question.key, Question.id).where(Question.note_id == _NOTE_ID))


@dataclass(frozen=True, kw_only=True)
class WrittenRows:
    """The ids of the rows of a plan's items."""

    sections: Sequence[int]
    """In the plan's order."""
    concepts: Sequence[int]
    questions: Mapping[str, int]
    """By key."""


def catalogue_version(db: Session) -> int:
    """How often the catalogue was changed; 0 for never. Changes with whatever a plan is made from."""
    (number,) = _VERSION.first(db.connection(), {}) or (0,)
    return int(number)


def load_note(db: Session, note_id: int | None, sought: Sought) -> StoredItems:
    """Read what may match the items of a note's file; `note_id` is None for a note that is not stored yet."""
    questions = _questions(db, note_id, sought)
    return StoredItems(
        sections=_sections(db, note_id) if note_id is not None else (),
        concepts=_concepts(db, note_id, sought),
        questions=[
            one
            for one in questions
            if one.key in sought.question_keys or (one.file_note_id == note_id and note_id is not None)
        ],
        adrift={one.id: one for one in questions if one.id in sought.adrift},
    )


def _sections(db: Session, note_id: int) -> list[StoredSection]:
    rows = db.execute(
        select(*_columns(Section, StoredSection._fields)).where(Section.note_id == note_id).order_by(Section.position)
    )
    return [StoredSection(*row) for row in rows]


def _concepts(db: Session, note_id: int | None, sought: Sought) -> list[StoredConcept]:
    among: list[ColumnElement[bool]] = []
    if note_id is not None:
        among.append(Concept.section_id.in_(select(Section.id).where(Section.note_id == note_id)))
    if sought.concept_keys:
        among.append(Concept.key.in_(sought.concept_keys))
    found = {
        row.id: StoredConcept(*row)
        for which in among
        for row in db.execute(select(*_columns(Concept, StoredConcept._fields)).where(which))
    }
    adrift = select(*_columns(Concept, StoredConcept._fields)).where(Concept.section_id.is_(None))
    for row in db.execute(adrift) if sought.concept_prints else ():
        if row.fingerprint in sought.concept_prints:
            found[row.id] = StoredConcept(*row)
    return sorted(found.values(), key=lambda one: (one.retired_at is not None, one.id))


def _questions(db: Session, note_id: int | None, sought: Sought) -> list[StoredQuestion]:
    among: list[ColumnElement[bool]] = []
    if note_id is not None:
        among.append(or_(Question.note_id == note_id, Question.home_id == note_id))
    if sought.question_keys:
        among.append(Question.key.in_(sought.question_keys))
    if sought.adrift:
        among.append(Question.id.in_(sought.adrift))
    found: dict[int, StoredQuestion] = {}
    for which in among:
        which &= Question.kind != QuestionKind.LAB
        choices, tags = _choices(db, which), _tags(db, which)
        for row in db.execute(select(*_columns(Question, (*_PLACE, *_TEXTS))).where(which)):
            found[row.id] = _question(row, choices.get(row.id, []), frozenset(tags.get(row.id, ())))
    return sorted(found.values(), key=lambda one: (one.retired_at is not None, one.id))


def _question(row: Any, choices: list[tuple[int, ParsedChoice]], tags: frozenset[str]) -> StoredQuestion:
    content = Content(
        kind=row.kind,
        prompt=row.prompt,
        answer=row.answer,
        must=tuple(row.must),
        bonus=tuple(row.bonus),
        red_flags=tuple(row.red_flags),
        choices=tuple(choice for _, choice in choices),
        expected=row.expected,
        hints=tuple(row.hints),
        level=row.level,
        source_url=row.source_url,
        as_of=row.as_of,
    )
    ids = tuple(choice_id for choice_id, _ in choices)
    return StoredQuestion._make((*row[: len(_PLACE)], content, ids, tags))


def _choices(db: Session, which: ColumnElement[bool]) -> dict[int, list[tuple[int, ParsedChoice]]]:
    """The options of these questions in their order, each with its id, by the question's id."""
    found: dict[int, list[tuple[int, ParsedChoice]]] = {}
    rows = db.execute(
        select(Choice.question_id, Choice.id, Choice.text, Choice.right, Choice.why)
        .where(Choice.question_id.in_(select(Question.id).where(which)))
        .order_by(Choice.question_id, Choice.position)
    )
    for question_id, choice_id, text, right, why in rows:
        found.setdefault(question_id, []).append((choice_id, ParsedChoice(text=text, right=right, why=why)))
    return found


def _tags(db: Session, which: ColumnElement[bool]) -> dict[int, set[str]]:
    """The tags of these questions by the question's id."""
    found: dict[int, set[str]] = {}
    rows = db.execute(
        select(question_tag.c.question_id, Tag.name)
        .join(Tag, Tag.id == question_tag.c.tag_id)
        .where(question_tag.c.question_id.in_(select(Question.id).where(which)))
    )
    for question_id, name in rows:
        found.setdefault(question_id, set()).add(name)
    return found


def _columns(model: type[Base], names: Sequence[str]) -> list[Any]:
    return [getattr(model, name) for name in names]


def write_plan(db: Session, plan: NotePlan, *, note_id: int, now: datetime) -> WrittenRows:
    """Write it. The caller commits."""
    sections = _write_sections(db, plan, note_id)
    concepts = _write_concepts(db, plan, sections, note_id=note_id, now=now)
    ids = _write_questions(db, plan, sections, concepts, note_id=note_id, now=now)
    _write_choices(db, plan, ids)
    _write_tags(db, plan, ids)
    if plan.dropped:
        db.execute(delete(_TABLES["section"]).where(Section.id.in_([row.id for row in plan.dropped])))
    return WrittenRows(sections=sections, concepts=concepts, questions=ids)


def add_note(db: Session, values: Mapping[str, Any]) -> int:
    """Add a note's own row; returns its id."""
    _insert(db, "note", [dict(values)])
    row = _NOTE_BY_KEY.first(db.connection(), {"of_key": values["key"]})
    assert row is not None
    return int(row[0])


def retire(db: Session, table: str, ids: Sequence[int], *, now: datetime) -> None:
    """Retire rows of the table `concept` or `question`."""
    hidden = {"hidden": True} if table == "question" else {}
    _update(db, table, [(row_id, {"retired_at": now, **hidden}) for row_id in ids])


def _write_sections(db: Session, plan: NotePlan, note_id: int) -> list[int]:
    """Write the sections; returns their ids in order. Rows that are left over get positions below 0."""
    kept = [(section.row, place) for place, section in enumerate(plan.sections, start=1) if section.row is not None]
    move = bool(plan.dropped) or any(row.position != place for row, place in kept)
    if move:  # no two rows may have one position at a time
        rows = [*plan.dropped, *(row for row, _ in kept)]
        _update(db, "section", [(row.id, {"position": -number}) for number, row in enumerate(rows, start=1)])
    new, changed = [], []
    for place, section in enumerate(plan.sections, start=1):
        if section.row is None:
            new.append(_section_values(section) | {"note_id": note_id, "position": place})
        else:
            values = _section_values(section) if section.changes_row else {}
            changed.append((section.row.id, values | ({"position": place} if move else {})))
    _update(db, "section", changed)
    _insert(db, "section", new)
    ids = dict(_SECTION_IDS.all(db.connection(), {"note_id": note_id}))
    return [ids[place] for place in range(1, len(plan.sections) + 1)]


def _section_values(section: PlannedSection) -> _Values:
    return {name: getattr(section, name) for name in ("number", "title", "anchor", "html", "teaches")}


def _write_concepts(db: Session, plan: NotePlan, sections: Sequence[int], *, note_id: int, now: datetime) -> list[int]:
    """Write the concepts; returns their ids in order."""
    new, changed = [], []
    for position, concept in enumerate(plan.concepts, start=1):
        values: _Values = {
            "key": concept.key,
            "section_id": sections[concept.section],
            "position": position,
            "term": concept.term,
            "text": concept.text,
            "fingerprint": concept.fingerprint,
            "retired_at": concept.row.retired_at if concept.row is not None and concept.row.retired_here else None,
            "retired_here": concept.row is not None and concept.row.retired_here,
        }
        if concept.row is None:
            new.append(values)
        else:
            changed.append((concept.row.id, _differing(values, concept.row._asdict())))
    _update(db, "concept", changed)
    _insert(db, "concept", new)
    retire(db, "concept", [row.id for row in plan.retired_concepts], now=now)
    made = dict(_CONCEPT_IDS.all(db.connection(), {"note_id": note_id})) if new else {}
    return [concept.row.id if concept.row is not None else made[concept.key] for concept in plan.concepts]


def _write_questions(
    db: Session, plan: NotePlan, sections: Sequence[int], concepts: Sequence[int], *, note_id: int, now: datetime
) -> dict[str, int]:
    """Write the questions; returns their ids by key."""
    new, changed = [], []
    for position, one in enumerate(plan.questions, start=1):
        place: _Values = {
            "key": one.key,
            "note_id": note_id,
            "section_id": sections[one.section],
            "concept_id": concepts[one.concept] if one.concept is not None else None,
            "position": position,
            "lab_slug": one.lab,
            "same_as": one.same_as,
            "fingerprint": one.merged.fingerprint,
            "edited": one.merged.edited,
            "base": as_json(one.merged.base) if one.merged.base is not None else None,
            **_BY_EDITORS,
        }
        if one.row is None:
            texts = columns_of(one.content)
            new.append(place | texts | {"hidden": texts["draft"], "rev": 1, "updated_at": now})
        else:
            values = place | _kept_by_editors(one.row, note_id)
            changed.append((one.row.id, _differing(values, one.row._asdict()) | _new_texts(one, one.row, now=now)))
    _update(db, "question", changed)
    _insert(db, "question", new)
    retire(db, "question", [row.id for row in plan.retired_questions], now=now)
    back = [(row.id, {"retired_at": None, "hidden": _is_held(row, row.draft)}) for row in plan.back_questions]
    gone = [(row.id, {"retired_here": False}) for row in plan.unheld_questions]
    _update(db, "question", [*back, *gone])
    made = dict(_QUESTION_IDS.all(db.connection(), {"note_id": note_id})) if new else {}
    return {one.key: one.row.id if one.row is not None else made[one.key] for one in plan.questions}


def _kept_by_editors(row: StoredQuestion, note_id: int) -> _Values:
    """The values of a stored question that an import leaves as an editor has set them, though its file has it."""
    kept: _Values = {"held": row.held}
    if row.retired_here:
        kept |= {"retired_here": True, "retired_at": row.retired_at}
    if row.placed_here:
        is_home = row.note_id == note_id
        kept |= {name: getattr(row, name) for name in ("note_id", "section_id", "concept_id")}
        kept |= {"placed_here": True, "home_id": None if is_home else note_id}
    return kept


def _is_held(row: StoredQuestion, draft: bool) -> bool:
    """Whether a question that no import retires is hidden; see `Question.hidden`."""
    return draft or row.held is not None or row.retired_here


def _new_texts(one: PlannedQuestion, row: StoredQuestion, *, now: datetime) -> _Values:
    """The values of a stored question that its new content changes, or that it is asked again."""
    if one.merged.outcome is Merge.CHANGED:
        texts = columns_of(one.content)
        return texts | {"hidden": _is_held(row, texts["draft"]), "rev": row.rev + 1, "updated_at": now}
    return {"hidden": _is_held(row, row.draft)} if row.retired_at is not None else {}


def _write_choices(db: Session, plan: NotePlan, ids: Mapping[str, int]) -> None:
    """Change options in place, matched by text, else by order: answers that others have kept refer to their ids."""
    new, moved, changed, gone = [], [], [], []
    for one in plan.questions:
        if one.merged.outcome not in (Merge.NEW, Merge.CHANGED):
            continue
        if one.row is not None and one.row.content.choices == one.content.choices:
            continue
        rows = _choice_rows(one)
        for position, (choice, row_id) in enumerate(zip(one.content.choices, rows, strict=True), start=1):
            values = {"position": position, **vars(choice)}
            if row_id is None:
                new.append(values | {"question_id": ids[one.key]})
            else:
                moved.append((row_id, {"position": -position}))
                changed.append((row_id, values))
        gone += [row_id for row_id in (one.row.choice_ids if one.row is not None else ()) if row_id not in rows]
    for some in _parts(gone):
        db.execute(delete(_TABLES["choice"]).where(Choice.id.in_(some)))
    _update(db, "choice", moved)  # no two options of a question may have one position at a time
    _update(db, "choice", changed)
    _insert(db, "choice", new)


def _choice_rows(one: PlannedQuestion) -> list[int | None]:
    """The id of the row that each option of a question gets; None for a new one."""
    if one.row is None:
        return [None] * len(one.content.choices)
    stored = zip((choice.text for choice in one.row.content.choices), one.row.choice_ids, strict=True)
    return matched(one.content.choices, list(stored))


def _write_tags(db: Session, plan: NotePlan, ids: Mapping[str, int]) -> None:
    """Give the questions their tags and the note's, but for those that were edited in the browser."""
    other = [
        one
        for one in plan.questions
        if not one.merged.edited and (one.row.tags if one.row is not None else frozenset()) != one.tags
    ]
    tags = _tag_ids(db, sorted({name for one in other for name in one.tags}))
    for some in _parts([one.row.id for one in other if one.row is not None and one.row.tags]):
        db.execute(delete(question_tag).where(question_tag.c.question_id.in_(some)))
    links = ((ids[one.key], tags[name]) for one in other for name in sorted(one.tags))
    _insert(db, "question_tag", [{"question_id": question_id, "tag_id": tag_id} for question_id, tag_id in links])


def _tag_ids(db: Session, names: Sequence[str]) -> dict[str, int]:
    """The id of each of these tags; those that are missing are made."""
    found = {name: _TAG.first(db.connection(), {"of_tag": name}) for name in names}
    _insert(db, "tag", [{"name": name} for name, row in found.items() if row is None])
    rows = {name: row or _TAG.first(db.connection(), {"of_tag": name}) for name, row in found.items()}
    return {name: row[0] for name, row in rows.items() if row is not None}


def _differing(values: _Values, was: Mapping[str, Any]) -> _Values:
    return {name: value for name, value in values.items() if was[name] != value}


def _insert(db: Session, table: str, rows: Sequence[_Values]) -> None:
    if rows:
        _inserting(table, tuple(rows[0])).change_each(db.connection(), rows)


@cache
def _inserting(table: str, columns: tuple[str, ...]) -> Prepared:
    """Prepared, since a learner's rating waits while a file is stored: the same rows take half the time."""
    return Prepared(insert(_TABLES[table]).values({name: bindparam(name) for name in columns}))


def _update(db: Session, table: str, rows: Sequence[tuple[int, _Values]]) -> None:
    """Change rows, given by their ids and the values that differ: one statement for all with the same columns."""
    alike: dict[tuple[str, ...], list[_Values]] = {}
    for row_id, values in rows:
        if values:
            alike.setdefault(tuple(values), []).append(values | {"row_id": row_id})
    for columns, some in alike.items():
        _updating(table, columns).change_each(db.connection(), some)


@cache
def _updating(table: str, columns: tuple[str, ...]) -> Prepared:
    statement = update(_TABLES[table]).where(_TABLES[table].c.id == bindparam("row_id", type_=Integer()))
    return Prepared(statement.values({name: bindparam(name) for name in columns}))


def _parts(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    for start in range(0, len(items), _KEYS_AT_ONCE):
        yield items[start : start + _KEYS_AT_ONCE]
