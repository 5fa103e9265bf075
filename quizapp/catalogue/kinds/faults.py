"""Why a text is no right answer of its kind. Pure."""

from quizapp.errors import Invalid


class NotExpected(Invalid):
    """A text from which no right answer of the kind can be read; the sentence says how it is written."""
