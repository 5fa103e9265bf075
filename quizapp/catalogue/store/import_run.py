"""The state of one import that all its files share, and the report on each file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.catalogue.formats.parsed import NoteWarning, ParsedConcept, ParsedNote, ParsedQuestion
from quizapp.catalogue.models import Concept, Note, Question, QuestionKind, Section
from quizapp.catalogue.store.question_store import content_of

NOTE, CONCEPT, QUESTION = "note", "concept", "question"
LAB = ""  # the owner, in `ImportRun.owners`, of the key of a lab's question; no file has this name


@dataclass(frozen=True, kw_only=True)
class NoteFile:
    """A note file that has been read."""

    path: str
    """The path as it was given or found, for reports."""
    name: str
    """The path that Note.path stores; see `content_files.name_of`."""
    source: str
    """The file's text."""
    parsed: ParsedNote
    html: tuple[str, ...] = ()
    """The body of each of its sections as HTML; see `note_rows.rendered`."""


@dataclass
class ImportRun:
    """The state of one import, which its files share and change."""

    gone: frozenset[int]
    """The ids of stored notes whose files are gone."""
    adrift: dict[str, list[int]] = field(default_factory=dict)
    """The ids of stored questions that no file has any more, by fingerprint; a question of any file may match one."""
    taken: dict[str, set[str]] = field(default_factory=dict)
    """All keys in use, by the kind of item: NOTE, CONCEPT or QUESTION."""
    settled: set[int] = field(default_factory=set)
    """The ids of the questions that this import has found in a file and stored."""
    owners: dict[tuple[str, str], str] = field(default_factory=dict)
    """The name of the file that an author's id belongs to, or LAB, by the kind of item and the id."""

    def is_owned_by_another(self, kind: str, key: str, name: str) -> bool:
        """Whether an id belongs to another file than the one called `name`, which then may not use the id."""
        return self.owners.get((kind, key), name) != name

    def take(self, fingerprint: str) -> int | None:
        """The id of a question in `adrift` with this fingerprint that no file has matched yet; None without one."""
        return next((one for one in self.adrift.get(fingerprint, []) if one not in self.settled), None)


@dataclass(frozen=True, kw_only=True)
class Changes:
    """How many items (the note, its sections, concepts and questions, or a lab) one file changed."""

    added: int = 0
    changed: int = 0
    retired: int = 0
    """Items that are no longer in the file."""
    restored: int = 0
    """Retired items that are in the file again."""

    def __add__(self, other: "Changes") -> "Changes":
        return Changes(
            added=self.added + other.added,
            changed=self.changed + other.changed,
            retired=self.retired + other.retired,
            restored=self.restored + other.restored,
        )

    @property
    def total(self) -> int:
        """The number of all changes."""
        return self.added + self.changed + self.retired + self.restored


@dataclass(frozen=True, kw_only=True)
class FileReport:
    """The report on one file of an import."""

    path: str
    title: str = ""
    convention: str = ""
    """How the note's questions are written; see ParsedNote.convention. "lab" for a lab file."""
    questions: int = 0
    """Questions, without the flashcards of concepts."""
    answered: int = 0
    """Questions of these that have an answer or a right option."""
    concepts: int = 0
    """Sections that teach."""
    cards: int = 0
    """Flashcards of concepts."""
    warnings: tuple[NoteWarning, ...] = ()
    """In the order of their lines; with the one that has the text of `error`."""
    changes: Changes = Changes()
    error: str | None = None
    """Why the file was not imported; None if it was."""
    once: tuple[NoteWarning, ...] = ()
    """Those of `warnings` that are about a change, so that the next import of the same files does not give them."""
    held: int = 0
    """How many items the file would retire, if that is why it was not imported."""
    items_before: int = 0
    """How many concepts, cards and questions of the note were asked before."""
    gone: bool = False
    """Whether the file is no longer in its folder; the next import has no report on it."""

    def repeated(self) -> "FileReport":
        """The report of the next import on this file if nothing is changed until then."""
        lasting = tuple(warning for warning in self.warnings if warning not in self.once)
        return replace(self, warnings=lasting, changes=Changes(), once=(), items_before=0)


@dataclass(frozen=True, kw_only=True)
class _Claim:
    """An id that the author of a file gives to an item."""

    kind: str
    key: str
    line: int


def failed(path: str, *faults: NoteWarning, held: int = 0) -> FileReport:
    """The report on a file that could not be imported, or was not: see `FileReport.held`."""
    return FileReport(path=path, error=faults[0].message, warnings=faults, held=held)


def open_run(db: Session, notes: Sequence[NoteFile], *, gone: frozenset[int]) -> tuple[ImportRun, list[NoteFile]]:
    """Begin an import of these files. Ids that belong to another file are removed from the notes, with a warning."""
    taken = {
        NOTE: set(db.scalars(select(Note.key))),
        CONCEPT: set(db.scalars(select(Concept.key))),
        QUESTION: set(db.scalars(select(Question.key))),
    }
    owners = _owners(db, notes, gone)
    run = ImportRun(gone=gone, adrift=_adrift(db, notes, gone), taken=taken, owners=owners)
    return run, [_without_foreign_ids(note, owners) for note in notes]


def _owners(db: Session, notes: Sequence[NoteFile], gone: frozenset[int]) -> dict[tuple[str, str], str]:
    """The name of the file that each id belongs to, by kind and id.

    The owner is the file of the stored item with this id, if it still has the id or is not in this import; else the
    first file of this import that has the id.
    """
    names = {note.name for note in notes}
    claims: dict[tuple[str, str], list[str]] = {}
    for note in notes:
        for claim in _claims(note.parsed):
            claims.setdefault((claim.kind, claim.key), []).append(note.name)
    owners = {claimed: by[0] for claimed, by in claims.items()}
    for kind, key, holder in _holders(db, gone):
        claimants = claims.get((kind, key), [])
        if claimants and (holder in claimants or holder not in names):
            owners[(kind, key)] = holder
    return owners


def _holders(db: Session, gone: frozenset[int]) -> Iterator[tuple[str, str, str]]:
    """Kind, key and file name of every stored item that is not retired; the file name is LAB for a lab's question."""
    live = select(Note).where(Note.retired_at.is_(None), Note.id.not_in(gone)).subquery()
    yield from ((NOTE, key, path) for key, path in db.execute(select(live.c.key, live.c.path)))
    concepts = (
        select(Concept.key, live.c.path)
        .join(Section, Concept.section_id == Section.id)
        .join(live, Section.note_id == live.c.id)
        .where(Concept.retired_at.is_(None))
    )
    yield from ((CONCEPT, key, path) for key, path in db.execute(concepts))
    questions = (
        select(Question.key, live.c.path)
        .join(live, Question.note_id == live.c.id)
        .where(Question.retired_at.is_(None), Question.kind != QuestionKind.LAB)
    )
    yield from ((QUESTION, key, path) for key, path in db.execute(questions))
    labs = select(Question.key).where(Question.kind == QuestionKind.LAB)
    yield from ((QUESTION, key, LAB) for key in db.scalars(labs))


def _adrift(db: Session, notes: Sequence[NoteFile], gone: frozenset[int]) -> dict[str, list[int]]:
    """The ids of stored questions that no file has any more, neither by id nor by fingerprint; by fingerprint."""
    named = {claim.key for note in notes for claim in _claims(note.parsed) if claim.kind == QUESTION}
    said = {
        note.name: {content_of(question).fingerprint for question in note.parsed.everything_asked} for note in notes
    }
    rows = db.execute(
        select(Question.id, Question.key, Question.fingerprint, Question.retired_at, Question.note_id, Note.path)
        .outerjoin(Note, Question.note_id == Note.id)
        .where(Question.kind != QuestionKind.LAB)
        .order_by(Question.id)
    )
    found: dict[str, list[int]] = {}
    for question_id, key, fingerprint, retired_at, note_id, path in rows:
        left = path in said and fingerprint not in said[path]
        if key not in named and (retired_at is not None or note_id is None or note_id in gone or left):
            found.setdefault(fingerprint, []).append(question_id)
    return found


def _claims(parsed: ParsedNote) -> Iterator[_Claim]:
    if parsed.key is not None:
        yield _Claim(kind=NOTE, key=parsed.key, line=1)
    for section in parsed.sections:
        for concept in section.concepts:
            if concept.key is not None:
                yield _Claim(kind=CONCEPT, key=concept.key, line=concept.line)
        for question in section.questions:
            if question.key is not None:
                yield _Claim(kind=QUESTION, key=question.key, line=question.line)


def _without_foreign_ids(note: NoteFile, owners: dict[tuple[str, str], str]) -> NoteFile:
    """The note without ids that belong to other files or to labs, and with a warning for each."""
    lost = {claim: owners[(claim.kind, claim.key)] for claim in _claims(note.parsed)}
    lost = {claim: owner for claim, owner in lost.items() if owner != note.name}
    if not lost:
        return note
    foreign = {(claim.kind, claim.key) for claim in lost}
    warnings = [_loss(claim, owner) for claim, owner in lost.items()]

    def concept(one: ParsedConcept) -> ParsedConcept:
        return replace(one, key=None) if (CONCEPT, one.key) in foreign else one

    def question(one: ParsedQuestion) -> ParsedQuestion:
        return replace(one, key=None) if (QUESTION, one.key) in foreign else one

    parsed = replace(
        note.parsed,
        key=None if (NOTE, note.parsed.key) in foreign else note.parsed.key,
        sections=tuple(
            replace(
                section,
                concepts=tuple(concept(one) for one in section.concepts),
                questions=tuple(question(one) for one in section.questions),
            )
            for section in note.parsed.sections
        ),
        warnings=(*note.parsed.warnings, *warnings),
    )
    return replace(note, parsed=parsed)


def _loss(claim: _Claim, owner: str) -> NoteWarning:
    where = f"is used in {owner}" if owner != LAB else "is the name of a lab"
    message = (
        f"The id {claim.key} {where}. This {claim.kind} gets a new one; correct it, or import both files together."
    )
    return NoteWarning(line=claim.line, message=message)
