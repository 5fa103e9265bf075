"""One import: what its files must know of each other and of what is stored, and what came of each file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.catalogue.formats.parsed import NoteWarning, ParsedConcept, ParsedNote, ParsedQuestion
from quizapp.catalogue.models import Concept, Note, Question, QuestionKind, Section
from quizapp.catalogue.store.question_store import content_of

NOTE, CONCEPT, QUESTION = "note", "concept", "question"
LAB = ""  # stands for the owner of a lab's key; no file has this name


@dataclass(frozen=True, kw_only=True)
class NoteFile:
    """A file that has been read: the path it was given as, the name its note is known by, its text, what that says."""

    path: str
    name: str
    source: str
    parsed: ParsedNote


@dataclass
class ImportRun:
    """One import, as far as it has come.

    `gone` are ids of notes whose files are no more. `adrift` are questions that no file holds, by fingerprint: any file
    may take them up. `taken` are all keys in use, by the kind of item. `settled` are questions that have found a file.
    `owners` are the names of the files that ids belong to, by kind and id.
    """

    gone: frozenset[int]
    adrift: dict[str, list[int]] = field(default_factory=dict)
    taken: dict[str, set[str]] = field(default_factory=dict)
    settled: set[int] = field(default_factory=set)
    owners: dict[tuple[str, str], str] = field(default_factory=dict)

    def is_owned_by_another(self, kind: str, key: str, name: str) -> bool:
        """Whether an id belongs to another file than the one called `name`, which may then not have the item."""
        return self.owners.get((kind, key), name) != name

    def take(self, fingerprint: str) -> int | None:
        """The id of a question that has left its file and says just this."""
        return next((one for one in self.adrift.get(fingerprint, []) if one not in self.settled), None)


@dataclass(frozen=True, kw_only=True)
class Changes:
    """What one file changed: how many concepts and questions are new, differ, left the file or came back."""

    added: int = 0
    changed: int = 0
    retired: int = 0
    restored: int = 0

    def __add__(self, other: "Changes") -> "Changes":
        return Changes(
            added=self.added + other.added,
            changed=self.changed + other.changed,
            retired=self.retired + other.retired,
            restored=self.restored + other.restored,
        )

    @property
    def total(self) -> int:
        """All of them."""
        return self.added + self.changed + self.retired + self.restored


@dataclass(frozen=True, kw_only=True)
class FileReport:
    """What was understood of one file. `error` says why it could not be taken at all, None if it was.

    `concepts` counts the sections that teach, `questions` those asked as such, `cards` the flashcards of concepts.
    Warnings are in the order of their lines; that of an error is among them.
    """

    path: str
    title: str = ""
    convention: str = ""
    questions: int = 0
    answered: int = 0
    concepts: int = 0
    cards: int = 0
    warnings: tuple[NoteWarning, ...] = ()
    changes: Changes = Changes()
    error: str | None = None


@dataclass(frozen=True, kw_only=True)
class _Claim:
    """An id that a file gives to an item."""

    kind: str
    key: str
    line: int


def failed(path: str, *faults: NoteWarning) -> FileReport:
    """The report on a file that could not be taken."""
    return FileReport(path=path, error=faults[0].message, warnings=faults)


def open_run(db: Session, notes: Sequence[NoteFile], *, gone: frozenset[int]) -> tuple[ImportRun, list[NoteFile]]:
    """Begin an import of these files. Ids that belong to another file are taken out of them, with a warning."""
    taken = {
        NOTE: set(db.scalars(select(Note.key))),
        CONCEPT: set(db.scalars(select(Concept.key))),
        QUESTION: set(db.scalars(select(Question.key))),
    }
    owners = _owners(db, notes, gone)
    run = ImportRun(gone=gone, adrift=_adrift(db, notes, gone), taken=taken, owners=owners)
    return run, [_without_foreign_ids(note, owners) for note in notes]


def _owners(db: Session, notes: Sequence[NoteFile], gone: frozenset[int]) -> dict[tuple[str, str], str]:
    """The name of the file that each id belongs to: where it is stored, if that file still has it, else the first."""
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
    """Kind, key and file name of every item that is in use."""
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
    """Questions that no file holds any more, neither by their id nor by what they say; by the latter."""
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
    """The note without ids that belong to other files or to labs; each loss is a warning."""
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
