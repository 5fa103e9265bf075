"""Stores one parsed note: its sections, concepts and questions, each matched with a stored one. Knows no disk."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from quizapp.catalogue.bounds import TAGS_MAX
from quizapp.catalogue.formats.parsed import NoteWarning, ParsedConcept, ParsedNote, ParsedQuestion
from quizapp.catalogue.models import KEY_MAX_CHARS, Concept, Note, Question, QuestionKind, Section, Tag
from quizapp.catalogue.store import question_store as store
from quizapp.catalogue.store.identity import Known, Wanted, match, new_key
from quizapp.catalogue.store.import_run import CONCEPT, QUESTION, Changes, ImportRun, NoteFile
from quizapp.catalogue.store.note_rows import store_header, store_sections


@dataclass
class _Import:
    """The state of storing one note."""

    db: Session
    run: ImportRun
    note: Note
    now: datetime
    tags: list[Tag]
    changes: Changes
    conflicts: list[NoteWarning] = field(default_factory=list)
    copies: list[NoteWarning] = field(default_factory=list)

    def count(self, **one: int) -> None:
        """Add numbers to the changes, by the fields of Changes."""
        self.changes += Changes(**one)


@dataclass(frozen=True, kw_only=True)
class StoredNote:
    """The result of storing a note."""

    changes: Changes
    conflicts: tuple[NoteWarning, ...]
    """Questions that both the file and the browser have changed."""
    copies: tuple[NoteWarning, ...]
    """New questions that another note asks in the same words."""


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """A question of the file, with its place in the note."""

    parsed: ParsedQuestion
    content: store.Content
    section: Section
    concept: Concept | None
    """The concept of a flashcard; None for other questions."""

    @property
    def group(self) -> str:
        """The group in which it may match by likeness; see `identity.Wanted.group`."""
        return _group(self.section.id, self.concept.id if self.concept is not None else None)


def store_note(db: Session, *, read: NoteFile, run: ImportRun, now: datetime) -> StoredNote:
    """Make the stored note equal to its file, but keep edits made in the browser. Flushes; the caller commits."""
    note, changes = store_header(db, read, run, now=now)
    work = _Import(db=db, run=run, note=note, now=now, tags=_tags(db, read.parsed), changes=changes)
    sections, leftover, changed = store_sections(db, note, read)
    work.count(changed=changed)
    asked: list[_Asked] = []
    concepts = _concepts(work, read.parsed, sections)
    for section, parsed in zip(sections, read.parsed.sections, strict=True):
        for one in parsed.concepts:
            asked += [_asked(card, section, concepts[one]) for card in one.cards]
        asked += [_asked(question, section, None) for question in (*parsed.cards, *parsed.questions)]
    _questions(work, asked)
    db.flush()
    for section in leftover:
        db.delete(section)
    db.flush()
    return StoredNote(changes=work.changes, conflicts=tuple(work.conflicts), copies=tuple(work.copies))


def _concepts(work: _Import, parsed: ParsedNote, sections: Sequence[Section]) -> dict[ParsedConcept, Concept]:
    """Store the concepts of a note; returns the row of each."""
    placed = [(one, section) for section, part in zip(sections, parsed.sections, strict=True) for one in part.concepts]
    wanted = [
        Wanted(key=one.key, fingerprint=_print(one), text=f"{one.term}\n{one.text}", group=str(section.id))
        for one, section in placed
    ]
    rows = {row.id: row for row in _stored_concepts(work, wanted)}
    known = [
        Known(
            id=row.id,
            key=row.key,
            fingerprint=row.fingerprint,
            text=f"{row.term}\n{row.text}",
            group=str(row.section_id) if row.retired_at is None else "",
        )
        for row in rows.values()
    ]
    stored: dict[ParsedConcept, Concept] = {}
    for position, ((one, section), item, found) in enumerate(zip(placed, wanted, match(wanted, known), strict=True), 1):
        row = rows.pop(found.id) if found is not None else None
        stored[one] = _store_concept(work, one, item, row, section=section, position=position)
    for row in rows.values():
        if row.retired_at is None:
            row.retired_at = work.now
            work.count(retired=1)
    work.db.flush()
    return stored


def _stored_concepts(work: _Import, wanted: Sequence[Wanted]) -> Sequence[Concept]:
    """The rows that the file's concepts may match, those that are not retired first.

    They are the note's concepts, concepts with an id of the file, and concepts without a section with an equal text.
    """
    of_note = select(Section.id).where(Section.note_id == work.note.id)
    orphans = Concept.section_id.is_(None) & Concept.fingerprint.in_({item.fingerprint for item in wanted})
    ids = {item.key for item in wanted if item.key is not None}
    among = or_(Concept.section_id.in_(of_note), Concept.key.in_(ids), orphans)
    rows = work.db.scalars(select(Concept).where(among).order_by(Concept.retired_at.is_not(None), Concept.id)).all()
    return [row for row in rows if not work.run.is_owned_by_another(CONCEPT, row.key, work.note.path)]


def _store_concept(
    work: _Import, parsed: ParsedConcept, item: Wanted, row: Concept | None, *, section: Section, position: int
) -> Concept:
    key = parsed.key or (row.key if row is not None else _new_key(work, CONCEPT, "c", item.fingerprint))
    if row is None:
        row = Concept(key=key)
        work.db.add(row)
        work.count(added=1)
    elif row.retired_at is not None:
        work.count(restored=1)
    elif row.fingerprint != item.fingerprint:
        work.count(changed=1)
    work.run.taken[CONCEPT].add(key)
    row.key, row.term, row.text, row.fingerprint = key, parsed.term, parsed.text, item.fingerprint
    row.section, row.position, row.retired_at = section, position, None
    return row


def _asked(parsed: ParsedQuestion, section: Section, concept: Concept | None) -> _Asked:
    return _Asked(parsed=parsed, content=store.content_of(parsed), section=section, concept=concept)


def _questions(work: _Import, asked: Sequence[_Asked]) -> None:
    """Store the questions and flashcards of a note, given in the note's order."""
    wanted = [
        Wanted(key=one.parsed.key, fingerprint=one.content.fingerprint, text=one.parsed.prompt, group=one.group)
        for one in asked
    ]
    rows = {row.id: row for row in _stored_questions(work, wanted)}
    known = [
        Known(
            id=row.id,
            key=row.key,
            fingerprint=row.fingerprint,
            text=row.prompt,
            group=_group(row.section_id, row.concept_id) if row.retired_at is None else "",
        )
        for row in rows.values()
    ]
    for position, (one, found) in enumerate(zip(asked, match(wanted, known), strict=True), start=1):
        row = rows.pop(found.id) if found is not None else _adrift(work, one)
        _store_question(work, one, row, position=position)
    for row in rows.values():
        work.count(retired=int(store.retire(row, now=work.now)))


def _stored_questions(work: _Import, wanted: Sequence[Wanted]) -> Sequence[Question]:
    """The questions of the note, and questions with an id of the file; those that are not retired first."""
    ids = {item.key for item in wanted if item.key is not None}
    among = or_(Question.note_id == work.note.id, Question.key.in_(ids))
    rows = work.db.scalars(
        select(Question)
        .where(among, Question.kind != QuestionKind.LAB)
        .order_by(Question.retired_at.is_not(None), Question.id)
    ).all()
    return [row for row in rows if not work.run.is_owned_by_another(QUESTION, row.key, work.note.path)]


def _adrift(work: _Import, asked: _Asked) -> Question | None:
    """A stored question with equal content that no file has any more; None without one, or if this one has an id."""
    taken = work.run.take(asked.content.fingerprint) if asked.parsed.key is None else None
    return work.db.get(Question, taken) if taken is not None else None


def _store_question(work: _Import, asked: _Asked, row: Question | None, *, position: int) -> None:
    content = asked.content
    key = asked.parsed.key or (row.key if row is not None else _new_key(work, QUESTION, "q", content.fingerprint))
    work.run.taken[QUESTION].add(key)
    if row is None:
        _warn_of_copy(work, asked)
        row = store.create(content, key=key, now=work.now)
        work.count(added=1)
    else:
        outcome = store.update(work.db, row, content, now=work.now)
        work.count(changed=int(outcome is store.Merge.CHANGED), restored=int(store.restore(row)))
        if outcome is store.Merge.CONFLICT:
            message = "This question was changed in both, the file and the browser; the browser's version is kept."
            work.conflicts.append(NoteWarning(line=asked.parsed.line, message=message))
    row.key, row.position, row.note_id = key, position, work.note.id
    row.section, row.concept, row.lab_slug = asked.section, asked.concept, asked.parsed.lab
    work.db.add(row)
    work.db.flush()
    work.run.settled.add(row.id)
    store.set_tags(row, work.tags)


def _warn_of_copy(work: _Import, asked: _Asked) -> None:
    """Warn if another note asks a new question in the same words, since it is most likely a copied file."""
    elsewhere = (
        select(Note.path)
        .join(Question, Question.note_id == Note.id)
        .where(
            Question.fingerprint == asked.content.fingerprint, Question.retired_at.is_(None), Note.id != work.note.id
        )
    )
    path = work.db.scalar(elsewhere.order_by(Note.path).limit(1))
    if path is not None:
        message = f"{path} has the same question. Learners will be asked both."
        work.copies.append(NoteWarning(line=asked.parsed.line, message=message))


def _tags(db: Session, parsed: ParsedNote) -> list[Tag]:
    """The rows of the note's tags, made if there are none. Tags that are too long or too many are left out."""
    names = sorted({name for name in parsed.tags if len(name) <= KEY_MAX_CHARS})[:TAGS_MAX]
    stored = {tag.name: tag for tag in db.scalars(select(Tag).where(Tag.name.in_(names)))}
    for name in names:
        if name not in stored:
            stored[name] = Tag(name=name)
            db.add(stored[name])
    db.flush()
    return [stored[name] for name in names]


def _new_key(work: _Import, kind: str, prefix: str, fingerprint: str) -> str:
    return new_key(prefix, work.note.key, fingerprint, taken=work.run.taken[kind])


def _group(section_id: int | None, concept_id: int | None) -> str:
    return f"concept {concept_id}" if concept_id is not None else f"section {section_id}"


def _print(concept: ParsedConcept) -> str:
    return store.fingerprint([concept.term, concept.text])
