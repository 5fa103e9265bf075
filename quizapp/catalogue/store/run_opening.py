"""The state of one import that all its files share: which ids belong to which file, and what no file has any more."""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.catalogue.formats.parsed import NoteWarning, ParsedConcept, ParsedNote, ParsedQuestion
from quizapp.catalogue.models import Concept, Note, Question, QuestionKind, Section, file_note_id
from quizapp.catalogue.note_paths import shown_path
from quizapp.catalogue.store.identity import Keep
from quizapp.catalogue.store.import_run import NoteFile

NOTE, CONCEPT, QUESTION = "note", "concept", "question"
ELSEWHERE = ":"  # as LAB, of the key of an item that belongs to other people's notes
LAB = ""  # the owner, in `ImportRun.owners`, of the key of a lab's question; no file has this name


class AskedNow:
    """Which notes ask a question that is not retired, by the question's fingerprint; kept up during an import."""

    def __init__(self) -> None:
        self._paths: dict[str, dict[int, str]] = {}
        self._prints: dict[int, str] = {}

    def ask(self, question_id: int, fingerprint: str, path: str) -> None:
        """Note down that the note at `path` asks a question."""
        self.stop(question_id)
        self._prints[question_id] = fingerprint
        self._paths.setdefault(fingerprint, {})[question_id] = path

    def stop(self, question_id: int) -> None:
        """Note down that a question is retired."""
        if (fingerprint := self._prints.pop(question_id, None)) is not None:
            del self._paths[fingerprint][question_id]

    def elsewhere(self, fingerprint: str, path: str) -> str | None:
        """The first path of another note that asks this; None without one."""
        others = (one for one in self._paths.get(fingerprint, {}).values() if one != path)
        return min(others, default=None)


@dataclass
class ImportRun:
    """The state of one import, which its files share and change."""

    gone: frozenset[int]
    """The ids of stored notes whose files are gone."""
    owner: UUID | None = None
    """The learner whose own notes these are; None for notes for all. What others have is not matched nor named."""
    adrift: dict[str, list[int]] = field(default_factory=dict)
    """The ids of stored questions that no file has any more, by fingerprint; a question of any file may match one."""
    taken: dict[str, set[str]] = field(default_factory=dict)
    """All keys in use, by the kind of item: NOTE, CONCEPT or QUESTION."""
    names: frozenset[str] = frozenset()
    """The keys of all questions, those of the files of this import too."""
    settled: set[int] = field(default_factory=set)
    """The ids of the questions that this import has found in a file and stored."""
    keep: Keep = field(default_factory=Keep)
    """Which of the doubtful questions are edits."""
    owners: dict[tuple[str, str], str] = field(default_factory=dict)
    """The name of the file that an author's id belongs to, or LAB, by the kind of item and the id."""
    asked: AskedNow = field(default_factory=AskedNow)
    """What is asked by now, by this import's files and others."""

    def is_owned_by_another(self, kind: str, key: str, name: str) -> bool:
        """Whether an id belongs to another file than the one called `name`, which then may not use the id."""
        return self.owners.get((kind, key), name) != name

    def take(self, fingerprint: str, *, besides: Container[int]) -> int | None:
        """The id of a question in `adrift` with this fingerprint that no file has matched yet; None without one.

        `besides` are those that the file at hand has matched.
        """
        free = (one for one in self.adrift.get(fingerprint, []) if one not in self.settled and one not in besides)
        return next(free, None)


@dataclass(frozen=True, kw_only=True)
class _Claim:
    """An id that the author of a file gives to an item."""

    kind: str
    key: str
    line: int


class _Question(NamedTuple):
    """What is asked of every stored question."""

    id: int
    key: str
    kind: QuestionKind
    note_id: int | None
    fingerprint: str
    same_as: str | None
    is_retired: bool


class _Concept(NamedTuple):
    """What is asked of every stored concept."""

    key: str
    note_id: int | None
    is_retired: bool


@dataclass(frozen=True, kw_only=True)
class _Catalogue:
    """All keys and fingerprints of the catalogue, each table read once."""

    paths: Mapping[int, str]
    """Of the notes, by their id."""
    foreign: frozenset[int]
    """The ids of the notes that have another owner than those of the import."""
    secret: frozenset[int]
    """Those of them that are not for all, so that the import may not tell of them."""
    live: Mapping[int, str]
    """The keys of the notes that are neither retired nor gone, by their id."""
    note_keys: Mapping[int, str]
    """Of all notes, by their id."""
    concepts: Sequence[_Concept]
    questions: Sequence[_Question]
    """By their id."""


def open_run(
    db: Session,
    notes: Sequence[NoteFile],
    *,
    gone: frozenset[int],
    keep: Keep,
    owner: UUID | None = None,
    claimants: Sequence[NoteFile] | None = None,
) -> tuple[ImportRun, list[NoteFile]]:
    """Begin an import of these files. Ids that belong to another file are removed from the notes, with a warning.

    `claimants` are the files that ids may belong to if that is more than these: those that are left out this time,
    so that the next import does the same.
    """
    stored = _catalogue(db, gone, owner)
    taken = {
        NOTE: set(stored.note_keys.values()),
        CONCEPT: {concept.key for concept in stored.concepts},
        QUESTION: {question.key for question in stored.questions},
    }
    owners = _owners(stored, notes, claimants if claimants is not None else notes)
    adrift = _adrift(stored, notes, gone, owner)
    own = [_without_foreign_ids(note, owners) for note in notes]
    run = ImportRun(
        gone=gone,
        owner=owner,
        adrift=adrift,
        taken=taken,
        names=_names(stored, own),
        keep=keep,
        owners=owners,
        asked=_asked_now(stored),
    )
    return run, own


def _catalogue(db: Session, gone: frozenset[int], owner: UUID | None) -> _Catalogue:
    notes = db.execute(select(Note.id, Note.key, Note.path, Note.retired_at, Note.owner_id)).all()
    concepts = select(Concept.key, Section.note_id, Concept.retired_at.is_not(None)).outerjoin(
        Section, Concept.section_id == Section.id
    )
    questions = select(
        Question.id,
        Question.key,
        Question.kind,
        file_note_id,
        Question.fingerprint,
        Question.same_as,
        Question.retired_at.is_not(None),
    ).order_by(Question.id)
    return _Catalogue(
        paths={note.id: note.path for note in notes},
        foreign=frozenset(note.id for note in notes if note.owner_id != owner),
        secret=frozenset(note.id for note in notes if note.owner_id not in (None, owner)),
        live={note.id: note.key for note in notes if note.retired_at is None and note.id not in gone},
        note_keys={note.id: note.key for note in notes},
        concepts=[_Concept(*row) for row in db.execute(concepts)],
        questions=[_Question(*row) for row in db.execute(questions)],
    )


def _names(stored: _Catalogue, notes: Sequence[NoteFile]) -> frozenset[str]:
    said = (one.key for note in notes for one in note.parsed.everything_asked if one.key is not None)
    return frozenset([*(question.key for question in stored.questions), *said])


def _asked_now(stored: _Catalogue) -> AskedNow:
    asked = AskedNow()
    for question in stored.questions:
        if not question.is_retired and question.note_id is not None and question.note_id not in stored.secret:
            asked.ask(question.id, question.fingerprint, stored.paths[question.note_id])
    return asked


def _owners(stored: _Catalogue, notes: Sequence[NoteFile], claimants: Sequence[NoteFile]) -> dict[tuple[str, str], str]:
    """The name of the file that each id belongs to, by kind and id.

    The owner is the file of the stored item with this id, if it still has the id or is not in this import; else the
    first file of this import that has the id.
    """
    names = {note.name for note in notes}
    claims: dict[tuple[str, str], list[str]] = {}
    for note in claimants:
        for claim in _claims(note.parsed):
            claims.setdefault((claim.kind, claim.key), []).append(note.name)
    owners = {claimed: by[0] for claimed, by in claims.items()}
    for kind, key, holder in _holders(stored):
        claiming = claims.get((kind, key), [])
        if claiming and (holder in claiming or holder not in names):
            owners[(kind, key)] = holder
    return owners | {held: ELSEWHERE for held in _held_elsewhere(stored) if held in owners}


def _held_elsewhere(stored: _Catalogue) -> Iterator[tuple[str, str]]:
    """Kind and key of every stored item, retired or not, of a note that has another owner."""
    yield from ((NOTE, stored.note_keys[note_id]) for note_id in stored.foreign)
    yield from ((CONCEPT, concept.key) for concept in stored.concepts if concept.note_id in stored.foreign)
    yield from (
        (QUESTION, question.key)
        for question in stored.questions
        if question.note_id in stored.foreign and question.kind is not QuestionKind.LAB
    )


def _holders(stored: _Catalogue) -> Iterator[tuple[str, str, str]]:
    """Kind, key and file name of every stored item that is not retired; the file name is LAB for a lab's question."""
    for note_id, key in stored.live.items():
        yield NOTE, key, stored.paths[note_id]
    for concept in stored.concepts:
        if not concept.is_retired and concept.note_id is not None and concept.note_id in stored.live:
            yield CONCEPT, concept.key, stored.paths[concept.note_id]
    for question in stored.questions:
        if question.kind is QuestionKind.LAB:
            yield QUESTION, question.key, LAB
        elif not question.is_retired and question.note_id is not None and question.note_id in stored.live:
            yield QUESTION, question.key, stored.paths[question.note_id]


def _adrift(
    stored: _Catalogue, notes: Sequence[NoteFile], gone: frozenset[int], owner: UUID | None
) -> dict[str, list[int]]:
    """The ids of stored questions that no file has any more, neither by id nor by fingerprint; by fingerprint.

    Questions of no note are for all.
    """
    named = {claim.key for note in notes for claim in _claims(note.parsed) if claim.kind == QUESTION}
    said = {note.name: {content.fingerprint for content in note.contents} for note in notes}
    found: dict[str, list[int]] = {}
    for question in stored.questions:
        is_foreign = owner is not None if question.note_id is None else question.note_id in stored.foreign
        if is_foreign or question.kind is QuestionKind.LAB or question.key in named:
            continue
        path = stored.paths[question.note_id] if question.note_id is not None else None
        left = path in said and question.fingerprint not in said[path]
        if question.is_retired or path is None or question.note_id in gone or left:
            found.setdefault(question.fingerprint, []).append(question.id)
    return found


def _claims(parsed: ParsedNote) -> Iterator[_Claim]:
    if parsed.key is not None:
        yield _Claim(kind=NOTE, key=parsed.key, line=1)
    for section in parsed.sections:
        for concept in section.concepts:
            if concept.key is not None:
                yield _Claim(kind=CONCEPT, key=concept.key, line=concept.line)
    for question in parsed.everything_asked:
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

    def asked(questions: tuple[ParsedQuestion, ...]) -> tuple[ParsedQuestion, ...]:
        return tuple(replace(one, key=None) if (QUESTION, one.key) in foreign else one for one in questions)

    def concept(one: ParsedConcept) -> ParsedConcept:
        return replace(one, key=None if (CONCEPT, one.key) in foreign else one.key, cards=asked(one.cards))

    parsed = replace(
        note.parsed,
        key=None if (NOTE, note.parsed.key) in foreign else note.parsed.key,
        sections=tuple(
            replace(
                section,
                concepts=tuple(concept(one) for one in section.concepts),
                cards=asked(section.cards),
                questions=asked(section.questions),
            )
            for section in note.parsed.sections
        ),
        warnings=(*note.parsed.warnings, *warnings),
    )
    return replace(note, parsed=parsed, print="")  # another file decides about what is said of this one


def _loss(claim: _Claim, owner: str) -> NoteWarning:
    where = {LAB: "is the name of a lab", ELSEWHERE: "is used in another note"}.get(
        owner, f"is used in {shown_path(owner)}"
    )
    message = (
        f"The id {claim.key} {where}. This {claim.kind} gets a new one; correct it, or import both files together."
    )
    return NoteWarning(line=claim.line, message=message)
