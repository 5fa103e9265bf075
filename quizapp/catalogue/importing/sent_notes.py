"""Notes that were pasted or uploaded in a browser: how they are called, and those in a zip file. Knows no database."""

import re
from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import PurePosixPath
from zipfile import ZipFile, ZipInfo

from quizapp.catalogue.content_files import ANYTHING, BANKS, NOTES, PACKAGES, XML, ZIP
from quizapp.catalogue.formats.columns import Columns
from quizapp.catalogue.formats.parsed import NOTE_MAX_BYTES, Unreadable
from quizapp.catalogue.importing.sent_folder import PICTURES, SentFolder, is_picture
from quizapp.catalogue.note_paths import BROWSER
from quizapp.catalogue.packages.archive import BROKEN
from quizapp.catalogue.pictures.picture_text import Picture
from quizapp.catalogue.pictures.pictures import Opens

NAME_MAX_CHARS = 200  # more than any file system's 255 bytes allow for most alphabets
# Of all that is sent together. It is sent once more, in base64, when the preview is confirmed. To read so much and to
# show what was understood takes a second and a half of the processor, and a page of 9 MB before it is packed.
SENT_MAX_BYTES = NOTE_MAX_BYTES
SENT_MAX = 100  # notes at once; each has two of the fields of that form, which has at most 1,000
NAMED_MAX = 5  # files of a zip that are named as left out; a zip of a whole vault has hundreds
OTHERS = (*BANKS, *PACKAGES, *ANYTHING, ZIP)  # endings of files of other tools
UNTITLED = "note"
PASTED = "Pasted text"


@dataclass(frozen=True, kw_only=True)
class SentNote:
    """A note as it was sent."""

    path: str | None
    """The text that Note.path stores; None if the note's title is to make it, since it was pasted."""
    data: bytes
    columns: Columns | None = None
    """What the columns of a table mean, if somebody said it."""
    opens: Opens | None = None
    """Opens the pictures that came with it; None once they are copied, or if none can have come."""
    pictures: Mapping[str, Picture] = field(default_factory=dict)
    """The copies of its pictures, by their address."""

    @property
    def shown(self) -> str:
        """What it is called in reports."""
        return PASTED if self.path is None else self.path.removeprefix(BROWSER)

    @property
    def suffix(self) -> str:
        """The ending of a file of another tool; empty for Markdown."""
        return suffix_of(self.shown)


@dataclass(frozen=True, kw_only=True)
class SentPlaces:
    """Which stored note a note is that is sent, by the paths of `sent_rows`."""

    paths: Mapping[str, str]
    """As `sent_rows.paths_by_heading` gives them."""
    by_id: Mapping[str, str]
    """As `sent_rows.paths_by_id` gives them."""

    def of(self, sent: SentNote, *, titled: str, ids: Sequence[str | None], taken: Container[str]) -> str:
        """The path of a note: that of a stored one of this path, else of the stored one with this heading, else of the
        one that has more than half of its questions by their `ids` (None of one without), else its own.

        `titled` is the path that its heading makes; what is `taken` came with it and is another note.
        """
        own, same = sent.path or titled, self.paths.get(titled) or self._of_most(ids)
        is_own = sent.path is not None and sent.path in self.paths.values()
        return own if same is None or is_own or same in taken else same

    def _of_most(self, ids: Sequence[str | None]) -> str | None:
        paths = Counter(self.by_id[one] for one in ids if one is not None and one in self.by_id)
        path, most = next(iter(paths.most_common(1)), (None, 0))
        return path if 2 * most > len(ids) else None


def suffix_of(name: str) -> str:
    """The ending of a name that is one of OTHERS; empty without."""
    suffix = PurePosixPath(name).suffix.lower()
    return suffix if suffix in OTHERS else ""


def path_of(title: str, *, suffix: str = "") -> str:
    """The Note.path of a note with this title or file name: one title is one note, however it is written."""
    words = re.findall(r"\w+", title.casefold())
    return BROWSER + ("-".join(words)[:NAME_MAX_CHARS].strip("-") or UNTITLED) + suffix


def too_much(sent: Sequence[SentNote]) -> str | None:
    """Why these do not fit together, and what to do; None if they do."""
    if len(sent) > SENT_MAX:
        return f"These are {len(sent)} notes; at most {SENT_MAX} fit at once. Send them in parts."
    size = sum(len(note.data) for note in sent)
    if size > SENT_MAX_BYTES:
        return f"Together they have {size // 1024} KiB; at most {SENT_MAX_BYTES // 1024} fit. Send them in parts."
    return None


@dataclass(frozen=True, kw_only=True)
class Upload:
    """What an uploaded file holds."""

    notes: Sequence[SentNote]
    left_out: str | None = None
    """A sentence on the files of a zip that are not taken; None without any."""
    pictures: SentFolder | None = None
    """Those of a zip."""


def read_upload(name: str, data: bytes, *, pictures: SentFolder) -> Upload:
    """The note or bank in an uploaded file, or all of a zip. Raises Unreadable for another file and for a bad zip.

    What is a picture is added to `pictures`, in which the notes look for theirs.
    """
    from quizapp.catalogue.packages.qti_package import is_package  # loads readers, which no other page needs

    suffix = PurePosixPath(name).suffix.lower()
    if suffix == ZIP and not is_package(data):
        return _unpacked(name, data)
    if suffix in (*NOTES, *OTHERS):
        path = path_of(PurePosixPath(name).stem, suffix="" if _is_plain_note(data, suffix) else suffix_of(name))
        return Upload(notes=[_with_pictures(SentNote(path=path, data=data), name, pictures)])
    if is_picture(name):
        pictures.add(name, data)
        return Upload(notes=[])
    raise Unreadable(f"Files end in {', '.join((*NOTES, *OTHERS, *PICTURES))}: save it as one, or paste it.")


def _is_plain_note(data: bytes, suffix: str) -> bool:
    """Whether a text that may be anything holds no bank, so that it is a note as if pasted. Raises Unreadable."""
    from quizapp.catalogue.importing.banks import is_bank  # loads readers, which no other page needs

    return suffix == ".txt" and not is_bank(data, suffix=suffix)


def _with_pictures(sent: SentNote, name: str, pictures: SentFolder) -> SentNote:
    """A note as it is sent once more to be confirmed: without the pictures within it. Raises Unreadable."""
    if sent.suffix not in (*PACKAGES, XML, ZIP):
        return replace(sent, opens=pictures.beside(name))
    from quizapp.catalogue.importing.media import slim, taken_apart

    apart = taken_apart(sent.data, suffix=sent.suffix)
    return replace(sent, data=slim(apart.data, suffix=sent.suffix), opens=apart.opens)


def _unpacked(name: str, data: bytes) -> Upload:
    """The notes of a zip, without hidden files and what is no note. Raises Unreadable."""
    try:
        with ZipFile(BytesIO(data)) as archive:
            whole = [info for info in archive.infolist() if not info.is_dir() and not _is_resource(info)]
            files = [info for info in whole if not _is_hidden(info)]
            hidden = [info.filename for info in whole if _is_hidden(info) and _is_note(info)]
            others = [info.filename for info in files if not _is_note(info) and not is_picture(info.filename)]
            pictures = SentFolder()
            pictures.add_zip(data, files)
            notes = list(_notes_in(archive, files, pictures))
            return Upload(notes=notes, left_out=_left_out(name, others, hidden), pictures=pictures)
    except BROKEN:
        raise Unreadable("The zip cannot be read: it is broken, encrypted, or packed in an unusual way.") from None


def _left_out(name: str, others: Sequence[str], hidden: Sequence[str]) -> str | None:
    """What is said of the files that are no notes, and of the notes that are hidden or outside of the zip."""
    said = [f"Of {name} left out, since they are no notes: {_named(others)}."] if others else []
    if anything := sorted({suffix for one in others if (suffix := suffix_of(one)) in ANYTHING}):
        said.append(f"A {' or '.join(anything)} file may be anything: upload it by itself.")
    if hidden:
        said.append(f"Of {name} left out, since their paths lead out of it or are hidden: {_named(hidden)}.")
    return " ".join(said) or None


def _named(files: Sequence[str]) -> str:
    more = f" and {len(files) - NAMED_MAX:,} more" if len(files) > NAMED_MAX else ""
    return f"{', '.join(files[:NAMED_MAX])}{more}"


def _notes_in(archive: ZipFile, files: Sequence[ZipInfo], pictures: SentFolder) -> Iterator[SentNote]:
    """The notes of a zip. Reads no more than it may keep. Raises Unreadable."""
    left = SENT_MAX_BYTES
    notes = [info for info in files if _is_note(info)]
    if not notes:
        raise Unreadable("The zip has no file that can be imported, such as a Markdown file (.md).")
    if len(notes) > SENT_MAX:
        raise Unreadable(f"The zip has {len(notes)} notes; at most {SENT_MAX} fit. Send it in parts.")
    for info in notes:
        with archive.open(info) as file:
            text = file.read(left + 1)
        left -= len(text)
        if left < 0:
            raise Unreadable(f"The notes of the zip have over {SENT_MAX_BYTES // 1024} KiB. Send it in parts.")
        path = path_of(str(PurePosixPath(info.filename).with_suffix("")), suffix=suffix_of(info.filename))
        yield _with_pictures(SentNote(path=path, data=text), info.filename, pictures)


def _is_hidden(info: ZipInfo) -> bool:
    """Whether it, or a folder above it, is hidden, or its path leads out of the zip (`../a.md`)."""
    return any(part.startswith(".") for part in PurePosixPath(info.filename).parts)


def _is_resource(info: ZipInfo) -> bool:
    """Whether it is no file of the author's: macOS keeps the attributes of each file in such a folder."""
    return "__MACOSX" in PurePosixPath(info.filename).parts


def _is_note(info: ZipInfo) -> bool:
    """Whether it is to be imported; a .txt file may be anything, so it is left alone, as in folders."""
    return PurePosixPath(info.filename).suffix.lower() in (*NOTES, *BANKS, *PACKAGES)
