"""The forms by which notes are brought in the browser: pasted, uploaded, or confirmed after their preview."""

import json
from base64 import b64decode
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from flask_wtf import FlaskForm
from werkzeug.datastructures import FileStorage
from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    MultipleFileField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.widgets import HiddenInput

from quizapp.catalogue.formats.columns import COLUMNS_MAX, ColumnMeaning, Columns
from quizapp.catalogue.formats.parsed import NoteWarning, Unreadable
from quizapp.catalogue.html.inline_html import PICTURE_NAME
from quizapp.catalogue.importing.sent_folder import SENT_PICTURES_MAX, SentFolder
from quizapp.catalogue.importing.sent_notes import (
    SENT_MAX,
    SENT_MAX_BYTES,
    SentNote,
    path_of,
    read_upload,
    suffix_of,
)
from quizapp.catalogue.note_paths import BROWSER
from quizapp.catalogue.pictures.picture_text import Picture
from quizapp.catalogue.store.import_run import FileReport, failed
from quizapp.errors import Invalid
from quizapp.web.whole_requests import UPLOAD_MAX_BYTES

AS_TABLE = (
    "The text looks like a table, so it is read as one: a row for each question. To have it read as a note, write a "
    "heading above it."
)
NAMES = "names"  # what the first row of a table has, if it is no question


class NewNotesForm(FlaskForm):
    """Text and files as they are first sent."""

    text = TextAreaField(
        "Text of a note", description=f"Markdown, as you have it: at most {SENT_MAX_BYTES // 1024**2} MiB."
    )
    name = StringField(widget=HiddenInput())
    files = MultipleFileField(
        "Files",
        description="Markdown (.md), text (.txt), banks of other tools (GIFT, Moodle XML, QTI, text2qti, Aiken, CSV, "
        "Anki, Notion, "
        f"org-drill), their pictures, or a zip of them: at most {SENT_MAX_BYTES // 1024**2} MiB, with pictures "
        f"{UPLOAD_MAX_BYTES // 1024**2} MiB.",
    )

    def sent(self) -> "Received":
        """What was sent."""
        from quizapp.catalogue.importing.pasted import sent_as  # loads readers, which no other page needs

        notes, faults, left_out, folders = [], [], [], [SentFolder()]
        if (self.text.data or "").strip():
            note = SentNote(path=_path(self.name.data), data=_bytes(self.text.data), opens=folders[0].beside(""))
            table = sent_as(note.data, note.data.decode()) if note.path is None else None
            left_out += [AS_TABLE] if table is not None else []
            notes.append(table or note)
        for file in self.files.data or []:
            if isinstance(file, FileStorage) and file.filename:
                try:
                    upload = read_upload(file.filename, file.read(), pictures=folders[0])  # whole or not at all
                    notes += upload.notes
                    folders += [upload.pictures] if upload.pictures is not None else []
                    left_out += [upload.left_out] if upload.left_out is not None else []
                except Unreadable as error:
                    faults.append(failed(file.filename, NoteWarning(line=error.line, message=str(error))))
        return Received(notes=notes, faults=faults, left_out=left_out, folders=folders)


@dataclass(frozen=True, kw_only=True)
class Received:
    """What a form brought."""

    notes: Sequence[SentNote]
    faults: Sequence[FileReport]
    """A report on each file that cannot be read."""
    left_out: Sequence[str]
    """A sentence for each zip with files that are not taken."""
    folders: Sequence[SentFolder]
    """The pictures that came along: each zip's, and those that are files of their own."""


class _NoteForm(Form):
    """A note that was shown in the preview."""

    path = StringField(widget=HiddenInput())
    content = StringField(widget=HiddenInput())
    """In base64, so that it comes back byte for byte."""
    pictures = StringField(widget=HiddenInput())
    """The names of the copies of its pictures by address, as JSON; empty without any."""
    first_row = StringField()
    """Of a table: NAMES if it names the columns."""
    columns = FieldList(StringField(), max_entries=COLUMNS_MAX)
    """Of a table: what each column means; empty before anybody has chosen."""

    def chosen(self) -> Columns | None:
        """What somebody chose for the columns; None without a table or a question. Raises ValueError for no meaning."""
        if not len(self.columns):
            return None
        meanings = tuple(
            (str(number), ColumnMeaning(one.data or "")) for number, one in enumerate(self.columns, start=1)
        )
        if all(meaning is not ColumnMeaning.QUESTION for _, meaning in meanings):
            return None
        return Columns(meanings=meanings, has_names=self.first_row.data == NAMES)

    def named(self) -> dict[str, str]:
        """The names of pictures by address. Raises ValueError for what is none of ours."""
        named = json.loads(self.pictures.data or "{}")
        if not isinstance(named, dict) or len(named) > SENT_PICTURES_MAX:
            raise ValueError("no names of pictures")
        return {str(address): str(name) for address, name in named.items() if PICTURE_NAME.fullmatch(str(name))}


class ConfirmForm(FlaskForm):
    """The notes of a preview, sent once more to be imported."""

    may_retire = BooleanField("Ask no more what has left the notes. What was learnt of it stays")
    keep_learnt = BooleanField(
        "Keep what I have learnt of them: my reviews, or the schedule that stands in the file, and what I put away"
    )
    keep = SelectMultipleField(validate_choice=False)
    """Tokens of the doubts (see `store.import_run.Doubt`) that are edits."""
    notes = FieldList(FormField(_NoteForm), max_entries=SENT_MAX)

    def sent(self, seen: Callable[[Collection[str]], Mapping[str, Picture]]) -> Iterator[SentNote]:
        """The notes that were sent. `seen` gives those of pictures, by name, that the person sees; others are left out.

        Raises Invalid for what no preview has made.
        """
        try:
            for note in self.notes:
                data, named = b64decode(note.content.data or "", validate=True), note.form.named()
                known = seen(set(named.values())) if named else {}
                pictures = {address: known[name] for address, name in named.items() if name in known}
                yield SentNote(path=_path(note.path.data), data=data, columns=note.form.chosen(), pictures=pictures)
        except ValueError:
            raise Invalid("What was previewed did not come back whole. Send the notes again.") from None


def _path(sent: str | None) -> str | None:
    """The path of a note that was sent before; None without one. Whatever is sent, it names no file."""
    if not sent:
        return None
    suffix = suffix_of(sent)
    return path_of(sent.removeprefix(BROWSER).removesuffix(suffix), suffix=suffix)


def _bytes(text: str | None) -> bytes:
    """The text with the line ends that it had: browsers send CR and LF for each."""
    return (text or "").replace("\r\n", "\n").encode()
