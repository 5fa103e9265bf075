"""What shows that the text before it asks: options, or a word that says that the answer follows. Pure."""

from quizapp.catalogue.formats.markdown.blocks import LISTS, Block, Kind
from quizapp.catalogue.formats.markdown.body import answer_heading
from quizapp.catalogue.formats.markdown.labels import first_label
from quizapp.catalogue.formats.markdown.openings import Reading
from quizapp.catalogue.formats.markdown.options import line_options, listed_options


def shows_question(note: Reading, block: Block) -> bool:
    """Whether a block below a text shows that the text is a question."""
    if block.kind in LISTS:
        options = listed_options(block, note.source)
        return options is not None and (bool(options[0].letter) or any(option.right for option in options))
    if block.kind is Kind.HEADING:
        return answer_heading(block.text) is not None
    if block.kind is not Kind.PARAGRAPH:
        return False
    return first_label(block.text) == "a" or line_options(block.text.split("\n")) is not None


def rest_shows_question(rest: str) -> bool:
    """Whether the lines of its own paragraph below a text show that the text is a question: with options."""
    return line_options(rest.split("\n")) is not None
