"""WholeNumber, the field in which a number is typed: it says the range that is allowed, however one errs."""

import re
from typing import Any

from flask_wtf import FlaskForm
from wtforms import IntegerField, ValidationError
from wtforms.validators import InputRequired, Optional

_WRITTEN = re.compile(r"[+-]?[0-9]{1,18}\Z")  # int() also takes other scripts' digits, and `_` between them


class WholeNumber(IntegerField):
    """A whole number from `least` to `most`, in which `data` is None if nothing was typed and nothing must be.

    WTForms 3.3's own field says "Not a valid integer value." of a text, and then the range as well; a browser's number
    field sends no text at all for what it cannot read.
    """

    def __init__(
        self, label: str = "", *, least: int, most: int, may_be_empty: bool = False, description: str = "", **more: Any
    ) -> None:
        self.sentence = f"Enter a whole number from {least} to {most}{', or nothing' if may_be_empty else ''}."
        empty = Optional() if may_be_empty else InputRequired(self.sentence)
        super().__init__(label, [empty], description=description, **more)
        self.least, self.most = least, most
        self.flags.min, self.flags.max = least, most

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was sent. Raises ValueError with the sentence."""
        self.data = None
        if not valuelist:
            return
        written = str(valuelist[0]).strip()
        if not _WRITTEN.match(written):
            raise ValueError(self.sentence)
        self.data = int(written)

    def pre_validate(self, form: FlaskForm) -> None:  # type: ignore[override]  # the stubs know no form but their own
        """Hold it against the range. Raises ValidationError with the sentence."""
        if self.data is not None and not self.least <= self.data <= self.most:
            raise ValidationError(self.sentence)
