"""The forms by which a list of people is brought, confirmed, and taken along with its links."""

import json
from base64 import b64decode, b64encode

from flask_wtf import FlaskForm
from werkzeug.datastructures import FileStorage
from wtforms import BooleanField, FileField, StringField, TextAreaField
from wtforms.widgets import HiddenInput

from quizapp.admin.owner.account_list import ROWS_MAX
from quizapp.errors import Invalid

CELLS_MAX = 4  # of a row of links
CELL_MAX_CHARS = 500


class ListForm(FlaskForm):
    """A list, as a file or pasted."""

    file = FileField("File", description="CSV, as Excel or LibreOffice saves it.")
    text = TextAreaField("Or the list itself", description="For example: name;role;class")

    def sent(self) -> bytes:
        """What was sent; empty if nothing was."""
        if isinstance(self.file.data, FileStorage) and self.file.data.filename:
            data: bytes = self.file.data.read()
            return data
        return (self.text.data or "").encode()


class ConfirmListForm(FlaskForm):
    """A list that was shown in the preview."""

    content = StringField(widget=HiddenInput())
    """In base64, so that it comes back byte for byte."""
    links_anew = BooleanField("Make new links for those who have never signed in; their old ones end")

    @classmethod
    def of(cls, data: bytes) -> "ConfirmListForm":
        """The form with a list."""
        return cls(formdata=None, content=b64encode(data).decode())

    def sent(self) -> bytes:
        """The list. Raises Invalid."""
        try:
            return b64decode(self.content.data or "", validate=True)
        except ValueError:
            raise Invalid("The list did not come back as it was sent. Bring it again.") from None


class LinksForm(FlaskForm):
    """The rows of links that a page has shown, to be taken along as a file: nobody else has them any more."""

    rows = StringField(widget=HiddenInput())

    def sent(self) -> list[list[str]]:
        """The rows. Raises Invalid for anything else."""
        try:
            rows = json.loads(self.rows.data or "")
        except (ValueError, RecursionError):
            rows = None
        if not isinstance(rows, list) or len(rows) > ROWS_MAX or not all(map(_is_row, rows)):
            raise Invalid("These are no rows of links. Go back to the list and try again.")
        return rows


def _is_row(row: object) -> bool:
    if not isinstance(row, list) or not 0 < len(row) <= CELLS_MAX:
        return False
    return all(isinstance(cell, str) and len(cell) <= CELL_MAX_CHARS for cell in row)
