"""Reads note files, lab files and question banks, and keeps why a file cannot be read. Stores nothing."""

import hashlib
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from uuid import UUID

from quizapp.catalogue.content_files import ANYTHING, ContentFile, FileKind, find, name_of, read, shown
from quizapp.catalogue.formats.columns import Columns
from quizapp.catalogue.formats.markdown.parser import parse_note
from quizapp.catalogue.formats.markdown.text import decode
from quizapp.catalogue.formats.parsed import ITEMS_MAX, TOO_MANY, LineUse, NoteWarning, ParsedNote, Unreadable
from quizapp.catalogue.importing.banks import TABLES, UnknownBank, is_bank, read_bank
from quizapp.catalogue.importing.media import taken_apart
from quizapp.catalogue.importing.pasted import first_words, title_of_note, title_of_table, title_of_upload
from quizapp.catalogue.importing.sent_notes import SentNote, SentPlaces, path_of
from quizapp.catalogue.labs.lab_file import BadLab, LabFile, read_lab
from quizapp.catalogue.models import DeedOf
from quizapp.catalogue.note_paths import BROWSER, kept_path
from quizapp.catalogue.patches.laid_over import LaidOver, TextHere, laid_over
from quizapp.catalogue.pictures.picture_text import Finds, Picture
from quizapp.catalogue.pictures.pictures import Copies, PicturedBytes, beside, with_pictures, with_pictures_of
from quizapp.catalogue.store.import_run import FileReport, NoteFile, failed
from quizapp.catalogue.store.own_ids import with_own_ids
from quizapp.catalogue.store.question_store import content_of, fingerprint
from quizapp.catalogue.store.unchanged import KnownFile, file_print
from quizapp.catalogue.visibility import Reader
from quizapp.garbage_collection import collector_held

Watch = Callable[[str], None]
"""Is told what an import does at the moment."""


def unwatched(_text: str) -> None:
    """For an import that nobody waits for."""


@dataclass
class ReadFiles:
    """The files that were read; nothing is stored before all are read."""

    notes: list[NoteFile] = field(default_factory=list)
    left_out: list[NoteFile] = field(default_factory=list)
    """Notes that are not stored this time; see `retirement_consent.Consent.FOR_FILES_GONE`."""
    labs: list[LabFile] = field(default_factory=list)
    reports: list[FileReport] = field(default_factory=list)
    """On files that are not imported."""
    names: set[str] = field(default_factory=set)
    """The names (see `name_of`) of all files that exist, readable or not, but not of those that are left out."""
    slugs: set[str] = field(default_factory=set)
    """The folder names of all lab files that exist, whether their text can be read or not."""
    unread: set[Path] = field(default_factory=set)
    """The folders, and paths that were named, that cannot be read. What was imported from there is not gone."""
    sent: dict[str, SentNote] = field(default_factory=dict)
    """What a browser sent of each of `notes`, by its path in reports, under the name that it has now."""
    columns: Columns | None = None
    """What the columns of tables among the files mean, if somebody said it."""
    owner: UUID | None = None
    """The learner whose own notes these are; None for notes for all."""
    sent_by: Reader | None = None
    """Who sent them in a browser; None for files, which an operator imports."""
    what: DeedOf = DeedOf.IMPORT
    """How the trail calls what is done with them."""
    program: str = ""
    """The fingerprint of the program; with an empty one no file is taken for unchanged."""
    known: Mapping[str, KnownFile] = field(default_factory=dict)
    """What earlier imports left, by the name of the file."""
    copies: Copies = field(default_factory=Copies)
    """Takes the pictures."""
    shown_before: Mapping[str, Mapping[str, Picture]] = field(default_factory=dict)
    """The pictures of stored notes by Note.path and address, where a note is sent without them."""
    here: Mapping[str, TextHere] = field(default_factory=dict)
    """The texts of files that were changed in the browser since, by Note.path."""
    step_id: int | None = None
    """The line of the trail that this is a part of; None for an import that is a line of its own."""
    unchanged: dict[str, ContentFile] = field(default_factory=dict)
    """Files that are as they were at the import before and that were not parsed, by their name."""
    places: dict[str, int] = field(default_factory=dict)
    """The place of each file among those that were found, by name: of two with one id the first has it."""

    def in_order(self, notes: Iterable[NoteFile]) -> list[NoteFile]:
        """The notes in the order in which their files were found."""
        return sorted(notes, key=lambda note: self.places[note.name])


def read_again(found: ReadFiles, name: str) -> None:
    """Parse a file that is unchanged, since its import may change something all the same."""
    _read_one(found, found.unchanged.pop(name), name, known=None)
    found.notes = found.in_order(found.notes)


def read_all(found: ReadFiles, path: Path, *, root: Path, watch: Watch = unwatched) -> None:
    """Read every file at `path` that has not been read yet."""
    try:
        files = find(path)
    except Unreadable as error:
        found.unread.add(path)
        found.reports.append(failed(shown(path), NoteWarning(line=error.line, message=str(error))))
        return
    for number, file in enumerate(files, start=1):
        watch(f"Reading {number} of {len(files)}: {shown(file.path)}")
        name = name_of(file.path, root=root)
        if name not in found.names:
            found.names.add(name)
            found.places[name] = len(found.places)
            _read_one(found, file, name, known=found.known.get(name))


def _read_one(found: ReadFiles, file: ContentFile, name: str, *, known: KnownFile | None) -> None:
    """Read a file, unless it is `known` and unchanged."""
    path, before = shown(file.path), len(found.notes)
    if file.kind is FileKind.LAB:
        found.slugs.add(file.path.parent.name)
    if file.kind is FileKind.FOLDER:
        found.unread.add(file.path)
    try:
        data = read(file)
        # Copies too what an unchanged note shows, since the copies may have been lost.
        pictured = _with_pictures(data, file, found.copies)
        made = file_print(pictured.data, name=file.path.name, program=found.program) if found.program else ""
        if known is not None and known.content == made:
            found.unchanged[name] = file
            return
        laid = _laid_over(found, name, data)
        if laid is not None:
            pictured = _with_pictures(laid.data, file, found.copies)
        with collector_held():
            _parse(found, file, name, pictured)
        if laid is not None:
            found.notes[before:] = [_told_of_both(note, laid) for note in found.notes[before:]]
        found.notes[before:] = [replace(note, print=made) for note in found.notes[before:]]
    except Unreadable as error:
        found.reports.append(failed(path, NoteWarning(line=error.line, message=str(error))))
    except BadLab as error:
        warnings = (NoteWarning(line=fault.line, message=fault.message) for fault in error.faults)
        found.reports.append(failed(path, *warnings))


def _laid_over(found: ReadFiles, name: str, data: bytes) -> LaidOver | None:
    """What is read in the place of a file whose note was changed in the browser; None for every other file."""
    text = found.here.get(name)
    try:
        return laid_over(data, text) if text is not None else None
    except UnicodeDecodeError:
        return None  # the reader of the file says what is the matter with it


def _told_of_both(note: NoteFile, laid: LaidOver) -> NoteFile:
    """A note that was read from a file and a text of the browser, with what there is to tell of the two."""
    return replace(note, laid=laid, parsed=replace(note.parsed, warnings=(*laid.warnings, *note.parsed.warnings)))


def _with_pictures(data: bytes, file: ContentFile, copies: Copies) -> PicturedBytes:
    """What is parsed of a file: of a note with the names of its pictures, which say what they hold."""
    if file.kind is FileKind.NOTE:
        return with_pictures(data, copies.found_by(beside(file)))
    return PicturedBytes(source=data, data=data)


def _parse(found: ReadFiles, file: ContentFile, name: str, pictured: PicturedBytes) -> None:
    """Parse what was read, and keep it. Raises Unreadable and BadLab."""
    data = pictured.source
    match file.kind:
        case FileKind.LAB:
            found.labs.append(_lab_file(file, decode(data)))
        case FileKind.FOLDER:
            raise AssertionError("it has no bytes")
        case FileKind.BANK:
            _read_bank(found, file, name, data)
        case FileKind.NOTE if file.path.suffix.lower() in ANYTHING and is_bank(data, suffix=file.path.suffix):
            _read_bank(found, file, name, data)
        case FileKind.NOTE:
            parsed = _parsed(pictured.data, name=file.path.stem)
            note = _markdown_file(parsed, path=shown(file.path), name=name, data=data)
            note = _with_its_pictures(note, pictured)
            if file.is_about_its_folder and not any(note.parsed.questions):
                found.names.discard(name)
                found.reports.append(_left_out(note))
            else:
                found.notes.append(note)


def _lab_file(file: ContentFile, text: str) -> LabFile:
    return LabFile(path=str(file.path), text=text, definition=read_lab(text, folder=file.path.parent.name))


def note_file(parsed: ParsedNote, *, path: str, name: str, source: str) -> NoteFile:
    """A note that was parsed. Computes all fingerprints here, so that no transaction has to wait for them."""
    contents = tuple(content_of(question) for question in parsed.everything_asked)
    for content in contents:
        content.fingerprint  # noqa: B018 - it is kept
    concepts = (concept for section in parsed.sections for concept in section.concepts)
    prints = tuple(fingerprint([concept.term, concept.text]) for concept in concepts)
    return NoteFile(path=path, name=name, source=source, parsed=parsed, contents=contents, concept_prints=prints)


def _markdown_file(parsed: ParsedNote, *, path: str, name: str, data: bytes) -> NoteFile:
    source, exact = decode(data), data.decode()
    file = note_file(parsed, path=path, name=name, source=source)
    return replace(file, exact=exact) if exact != source else file


def read_sent(
    sent: Sequence[SentNote],
    *,
    owner: UUID | None = None,
    sent_by: Reader | None = None,
    stored: Mapping[str, str] | None = None,
    own_keys: Container[str] = (),
    by_id: Mapping[str, str] | None = None,
    copies: Copies | None = None,
    shown_before: Mapping[str, Mapping[str, Picture]] | None = None,
) -> ReadFiles:
    """Read notes and banks that a browser sent. Of two with one name the first is kept, the other is a fault.

    They become this learner's own; without an owner they are for all, as far as `sent_by` may change those. `stored`
    has the paths of such notes, as `sent_rows.paths_by_heading` gives them: a note with the heading of one takes its
    place, whatever its file's name, and so does one of whose questions more than half have ids of one note in `by_id`,
    as `sent_rows.paths_by_id` gives them.
    `own_keys` has the ids of the learner's own items, as `item_keys.keys_owned_by` gives them.
    `copies` takes the pictures that came along; `shown_before` has those of stored notes, by Note.path and address.
    """
    found = ReadFiles(owner=owner, sent_by=sent_by, copies=copies or Copies(), shown_before=shown_before or {})
    places = SentPlaces(paths=stored or {}, by_id=by_id or {})
    for one in sent:
        try:
            with collector_held():
                _keep_sent(found, one, places, own_keys)
        except Unreadable as error:
            found.reports.append(failed(one.shown, NoteWarning(line=error.line, message=str(error))))
    return found


def _keep_sent(found: ReadFiles, sent: SentNote, places: SentPlaces, own_keys: Container[str]) -> None:
    """Read one of them and keep it. Raises Unreadable."""
    if sent.suffix:
        file = _bank_file(
            sent.data,
            path=sent.shown,
            name=sent.path or "",
            called=_called_as_table(sent),
            suffix=sent.suffix,
            columns=sent.columns,
            copies=found.copies,
            finds=_finds(found, sent),
        )
    else:
        file = _sent_markdown(found, sent, places)
    if file.name in found.names:
        raise Unreadable("Another note that was sent with it has the same name. Send one of them alone.")
    found.names.add(file.name)
    found.sent[file.path] = replace(sent, path=file.name)
    found.notes.append(file if found.owner is None else _own(file, found.owner, own_keys))


def _called_as_table(sent: SentNote) -> str | None:
    """The title of a table that was pasted; None for a file."""
    if sent.suffix not in (*TABLES, ".txt"):
        return None
    title = title_of_table(sent.data)
    return title if sent.path == path_of(title, suffix=sent.suffix) else None


def _finds(found: ReadFiles, sent: SentNote) -> Finds:
    """Finds the pictures that came with what was sent."""
    return found.copies.found_by(sent.opens) if sent.opens is not None else sent.pictures.get


def _sent_markdown(found: ReadFiles, sent: SentNote, places: SentPlaces) -> NoteFile:
    """A note that was sent. Pictures that did not come with it are those that the note of its name shows already."""
    finds, (called, known_by) = _finds(found, sent), _called(sent)
    pictured = with_pictures(sent.data, finds)
    parsed = _parsed(pictured.data, name=known_by)
    ids = [question.key for question in parsed.everything_asked]
    name = places.of(sent, titled=path_of(parsed.heading), ids=ids, taken=found.names)
    before = found.shown_before.get(kept_path(name, owner=found.owner), {}) if pictured.pictured.missing else {}
    if before:
        pictured = with_pictures(sent.data, lambda address: finds(address) or before.get(address))
        parsed = _parsed(pictured.data, name=known_by)
    parsed = replace(parsed, title=called) if parsed.title == known_by else parsed
    file = _markdown_file(parsed, path=name.removeprefix(BROWSER), name=name, data=sent.data)
    return _with_its_pictures(file, pictured)


def _with_its_pictures(file: NoteFile, pictured: PicturedBytes) -> NoteFile:
    return replace(file, pictures=pictured.pictured.used, missing=pictured.pictured.missing)


def _called(sent: SentNote) -> tuple[str, str]:
    """What a note that was sent is called without a title of its own, and by what its path is made.

    A pasted one has the same title when it comes back from its preview, with its path.
    """
    text = decode(sent.data)
    known_by = first_words(text)
    pasted = sent.path is None or sent.path == path_of(known_by)
    return (title_of_note(text), known_by) if pasted else (title_of_upload(text, name=sent.shown), sent.shown)


def _own(file: NoteFile, owner: UUID, own_keys: Container[str]) -> NoteFile:
    """The note as this learner's own."""
    parsed = with_own_ids(file.parsed, owner, stored=own_keys)
    return replace(file, name=kept_path(file.name, owner=owner), parsed=parsed)


@dataclass(frozen=True, kw_only=True)
class TracedNote:
    """What became of each line of a note."""

    path: str
    lines: tuple[tuple[LineUse | None, str], ...]


def traces(paths: Sequence[Path]) -> Iterator[TracedNote]:
    """Of every note at these paths that can be read, what becomes of each line."""
    for path in paths:
        with suppress(Unreadable):
            for file in find(path):
                if file.kind is FileKind.NOTE:
                    with suppress(Unreadable):
                        data = read(file)
                        lines = lines_of(parse_note(data, name=file.path.stem), decode(data))
                        yield TracedNote(path=shown(file.path), lines=lines)


def lines_of(parsed: ParsedNote, source: str) -> tuple[tuple[LineUse | None, str], ...]:
    """Each line of a note, and what becomes of it."""
    return tuple(zip(parsed.uses, source.split("\n"), strict=True))


def _read_bank(found: ReadFiles, file: ContentFile, name: str, data: bytes) -> None:
    """Read a file of another tool. A text that is found in a folder and holds no questions is nothing that failed."""
    path = shown(file.path)
    try:
        suffix = file.path.suffix
        found.notes.append(
            _bank_file(data, path=path, name=name, suffix=suffix, columns=found.columns, copies=found.copies)
        )
    except UnknownBank as error:
        if file.root is None:
            raise
        found.names.discard(name)
        found.reports.append(FileReport(path=path, warnings=(NoteWarning(line=1, message=str(error)),)))


def _bank_file(
    data: bytes,
    *,
    path: str,
    name: str,
    suffix: str,
    columns: Columns | None,
    copies: Copies,
    finds: Finds | None = None,
    called: str | None = None,
) -> NoteFile:
    """A file of another tool, called as its file is without `called`.

    `finds` gives its pictures, if they do not come within it.
    """
    apart = taken_apart(data, suffix=suffix)
    parsed = _counted(read_bank(apart.data, name=called or PurePosixPath(path).stem, suffix=suffix, columns=columns))
    parsed, pictures = with_pictures_of(parsed, finds or copies.found_by(apart.opens))
    digest = hashlib.sha256(data).hexdigest()  # in place of the text, which no page shows
    file = note_file(parsed, path=path, name=name, source=f"{parsed.convention} {digest}")
    return replace(file, pictures=pictures)


def _parsed(data: bytes, *, name: str) -> ParsedNote:
    return _counted(parse_note(data, name=name))


def _counted(parsed: ParsedNote) -> ParsedNote:
    items = sum(len(section.concepts) for section in parsed.sections) + sum(1 for _ in parsed.everything_asked)
    if items > ITEMS_MAX:
        raise Unreadable(TOO_MANY)
    return parsed


def _left_out(note: NoteFile) -> FileReport:
    message = "This file describes its folder and asks nothing, so it is left out. Name it to import it all the same."
    return FileReport(path=note.path, title=note.parsed.title, warnings=(NoteWarning(line=1, message=message),))
