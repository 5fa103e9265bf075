"""The forms by which notes are brought in the browser: pasted, uploaded, or confirmed after their preview."""

from base64 import b64decode
from collections.abc import Iterator, Sequence
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
from quizapp.catalogue.note_paths import BROWSER
from quizapp.catalogue.sent_notes import (
    SENT_MAX,
    SENT_MAX_BYTES,
    SentNote,
    path_of,
    read_upload,
    suffix_of,
)
from quizapp.catalogue.store.import_run import FileReport, failed
from quizapp.errors import Invalid

NAMES = "names"  # what the first row of a table has, if it is no question


class NewNotesForm(FlaskForm):
    """Text and files as they are first sent."""

    text = TextAreaField(
        "Text of a note", description=f"Markdown, as you have it: at most {SENT_MAX_BYTES // 1024} KiB."
    )
    name = StringField(widget=HiddenInput())
    files = MultipleFileField(
        "Files",
        description="Markdown (.md), banks of other tools (GIFT, Moodle XML, Aiken, CSV, Anki), or a zip of them: "
        f"together at most {SENT_MAX_BYTES // 1024} KiB.",
    )

    def sent(self) -> "Received":
        """What was sent."""
        notes, faults, left_out = [], [], []
        if (self.text.data or "").strip():
            notes.append(SentNote(path=_path(self.name.data), data=_bytes(self.text.data)))
        for file in self.files.data or []:
            if isinstance(file, FileStorage) and file.filename:
                try:
                    upload = read_upload(file.filename, file.read())  # whole or not at all
                    notes += upload.notes
                    left_out += [upload.left_out] if upload.left_out is not None else []
                except Unreadable as error:
                    faults.append(failed(file.filename, NoteWarning(line=error.line, message=str(error))))
        return Received(notes=notes, faults=faults, left_out=left_out)


@dataclass(frozen=True, kw_only=True)
class Received:
    """What a form brought."""

    notes: Sequence[SentNote]
    faults: Sequence[FileReport]
    """A report on each file that cannot be read."""
    left_out: Sequence[str]
    """A sentence for each zip with files that are not taken."""


class _NoteForm(Form):
    """A note that was shown in the preview."""

    path = StringField(widget=HiddenInput())
    content = StringField(widget=HiddenInput())
    """In base64, so that it comes back byte for byte."""
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


class ConfirmForm(FlaskForm):
    """The notes of a preview, sent once more to be imported."""

    may_retire = BooleanField("Ask no more what has left the notes. What was learnt of it stays")
    keep_learnt = BooleanField(
        "Keep what I have learnt of them: my reviews, or the schedule that stands in the file, and what I put away"
    )
    keep = SelectMultipleField(validate_choice=False)
    """Tokens of the doubts (see `store.import_run.Doubt`) that are edits."""
    notes = FieldList(FormField(_NoteForm), max_entries=SENT_MAX)

    def sent(self) -> Iterator[SentNote]:
        """The notes that were sent. Raises Invalid for what no preview has made."""
        try:
            for note in self.notes:
                data = b64decode(note.content.data or "", validate=True)
                yield SentNote(path=_path(note.path.data), data=data, columns=note.form.chosen())
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
