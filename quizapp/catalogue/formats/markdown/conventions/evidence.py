"""What shows that the text before it asks: options, or a word that says that the answer follows. Pure."""

import re
from bisect import bisect_left

from quizapp.catalogue.formats.markdown.answers import answer_summary, is_answer_line, quoted_answer, says_answer
from quizapp.catalogue.formats.markdown.blocks import LISTS, Block, Kind
from quizapp.catalogue.formats.markdown.labels import first_label
from quizapp.catalogue.formats.markdown.openings import Reading
from quizapp.catalogue.formats.markdown.options import line_options, listed_options

# Below "Problem:" and "Cause:" a solution is no answer; where a note says that it asks it is one.
_SOLUTION = re.compile(r"[*_\W]{0,6}Solutions?\b", re.IGNORECASE)


def shows_question(note: Reading, block: Block) -> bool:
    """Whether a block below a text shows that the text is a question."""
    if block.kind in LISTS:
        options = listed_options(block, note.source)
        return options is not None and (bool(options[0].letter) or any(option.right for option in options))
    if block.kind is Kind.CODE and not block.fenced:
        return line_options(block.text.split("\n")) is not None
    if block.kind is Kind.HEADING:
        return says_answer(block.text)
    if block.kind is Kind.QUOTE:
        return quoted_answer(note.source.text_of(block)) is not None
    if block.kind is not Kind.PARAGRAPH or (_SOLUTION.match(block.text) and block.first not in note.asking):
        return False
    return (
        first_label(block.text) == "a" or is_answer_line(block.text) or line_options(block.text.split("\n")) is not None
    )


def folded_answers(note: Reading) -> frozenset[int]:
    """The first lines of the blocks right after which a `<details>` begins that is called "Answer"."""
    firsts = [block.first for block in note.blocks]
    begun = (one.first for one in note.source.details if one.summary and answer_summary(one.summary) is not None)
    return frozenset(firsts[place - 1] for line in begun if (place := bisect_left(firsts, line)))


def rest_shows_question(rest: str) -> bool:
    """Whether the lines of its own paragraph below a text show that the text is a question: with options."""
    return line_options(rest.split("\n")) is not None


def answered_by_name(note: Reading, rest: str, following: Block | None) -> bool:
    """Whether an answer by name stands below a text: on the next line of its paragraph, or else in the next block."""
    if rest:
        return first_label(rest) == "a" and not _SOLUTION.match(rest)
    return following is not None and following.kind is Kind.PARAGRAPH and shows_question(note, following)
