"""Says why a note that seems to ask has no questions, and which cards of other programs are read as text. Pure."""

import re
from collections.abc import Container, Iterator, Sequence
from itertools import islice, pairwise

from quizapp.catalogue.formats.markdown.answers import answer_summary
from quizapp.catalogue.formats.markdown.blocks import LISTS, Block, Kind
from quizapp.catalogue.formats.markdown.conventions.bold_lines import bold_line
from quizapp.catalogue.formats.markdown.conventions.cards import SEPARATORS, may_separate
from quizapp.catalogue.formats.markdown.conventions.evidence import listed
from quizapp.catalogue.formats.markdown.conventions.gaps import gaps_of
from quizapp.catalogue.formats.markdown.labels import EMPTY_NAME, without_code
from quizapp.catalogue.formats.markdown.openings import Convention, Opening, Reading
from quizapp.catalogue.formats.markdown.source import Source
from quizapp.catalogue.formats.markdown.wording import Asks, has_question_mark, plain, read
from quizapp.catalogue.formats.parsed import LineUse, NoteWarning, ParsedQuestion, ParsedSection

_PAIR = re.compile(r"^[^\s:]+::[^\s:]+$")  # `x::y` and nothing else: with words around it, it is a name in a sentence

_ONE_SIDE = re.compile(r"(?P<front>[^:`\n]{1,500}\s)?:{2}(?(front)|\s+[^:`\n]+)$")

_ADDRESS = re.compile(r"\b(?:address|and|as|at|from|in|is|of|on|or|the|to)\s*$", re.IGNORECASE)  # "listen on ::"


_WORD = re.compile(r"\w+")
_SAYS_ASKED = re.compile(
    r"\b(?:questions|quiz(?:zes)?|flash\s?cards?|q\s?&\s?a)\b|^\W*(?:task|exercise|challenge)s?\W*$"
    r"|^\W*(?:exercise|challenge)\s*#?\d",
    re.IGNORECASE,
)
_PROSE = ("", "markdown", "md", "text", "txt")  # what a fence with text is called
FEWEST_FENCED = 3  # lines of a fence that ask; a dialogue of a program has one or two


def lost_summaries(source: Source, lines: Sequence[str], sections: Sequence[ParsedSection]) -> Iterator[NoteWarning]:
    """A warning of each summary on lines that a question took, if its words are in none: it stands in no block.

    `lines` are the note's as they were written.
    """
    asked = (LineUse.QUESTION, LineUse.ANSWER)
    taken = [one for one in source.details if one.summary and any(source.uses.get(line) in asked for line in one.lines)]
    if not taken:
        return
    questions = [question for one in sections for question in (*one.cards, *one.questions)]
    said = {word for one in questions for word in _WORD.findall(_all_of(one))}
    for one in taken:
        if answer_summary(one.summary) is not None:
            continue  # it only says that the answer follows
        words = _WORD.findall(read(one.summary).prompt)  # the number before a question is not shown
        if words and not said.issuperset(words):
            line = next((number for number in sorted(one.lines) if words[0] in lines[number]), one.first)
            message = "This summary stands within a question that is written in another way, and is left out."
            yield NoteWarning(line=line + 1, message=f"{message} Set a heading or an empty line between the two.")


def _all_of(question: ParsedQuestion) -> str:
    points = (*question.must, *question.bonus, *question.red_flags, *question.hints)
    options = (text for choice in question.choices for text in (choice.text, choice.why))
    expected = question.expected.source if question.expected is not None else ""
    return "\n".join((question.prompt, question.answer, expected, *points, *options))


def unread_cards(note: Reading, texts: Sequence[Block]) -> Iterator[NoteWarning]:
    """A warning of each kind of card that would be one in a note that is tagged as flashcards, at its first line."""
    if note.is_deck:
        return
    free = (LineUse.SECTION, LineUse.CONCEPT, None)
    lines = [
        (number, line)
        for part in texts
        if part.kind is Kind.PARAGRAPH and ("::" in part.text or "==" in part.text or part.text.startswith("C:"))
        for number, line in enumerate(part.text.split("\n"), start=part.first)
        if note.source.uses.get(number) in free
    ]
    pairs = [number for number, line in lines if _PAIR.match(without_code(line))]
    marks = [number for number, line in lines if gaps_of(line, marks=True)]
    empty = [number for number, line in lines if line.startswith("C:") and not gaps_of(line, marks=True, brackets=True)]
    for found, message in (
        (pairs, "This is read as text. If it is a card, tag the note as flashcards, or write it with blanks: a :: b."),
        (
            marks,
            "Words between == are no gaps here. To ask for them, tag the note as flashcards or write {{c1::words}}.",
        ),
        (empty, "This text with gaps has none. Put the words that are to be hidden between [ and ]."),
    ):
        if found:
            yield NoteWarning(line=found[0] + 1, message=_counted(message, len(found)))


def empty_sides(note: Reading, openings: Sequence[Opening], texts: Sequence[Block]) -> Iterator[NoteWarning]:
    """A warning of each `Q:` without a question, and of each `::` or line with `?` without a front or a back."""
    taken = {line for one in openings for line in one.lines}
    told = {line for line, use in note.source.uses.items() if use is LineUse.ANSWER}
    used = taken | told
    named = not openings or any(one.convention in (Convention.PAIRS, Convention.BOLD) for one in openings)
    for part in texts:
        text = part.text
        if part.kind is not Kind.PARAGRAPH:
            continue
        if may_separate(text):
            yield from _parts_nothing(part, used)
        if "::" not in text and ":" not in text[:12] and "Q" not in text:
            continue
        for number, line in enumerate(part.text.split("\n"), start=part.first + 1):
            if named and number - 1 not in taken and EMPTY_NAME.match(line):
                message = "This has no question beside it, so it asks nothing. Write the question on the same line."
                yield NoteWarning(line=number, message=message)
            elif "::" not in line:
                continue
            elif (found := _ONE_SIDE.match(line.strip())) and not _ADDRESS.search(found["front"] or ""):
                side = "back" if found["front"] else "front"
                yield NoteWarning(
                    line=number,
                    message=f"This is read as text: a card has words on both sides of ::, "
                    f"and here the {side} is missing.",
                )


def _parts_nothing(part: Block, taken: Container[int]) -> Iterator[NoteWarning]:
    """A warning of a line with `?` alone that has no text right above it, or none right below."""
    for number, line in enumerate(part.text.split("\n"), start=part.first):
        if line.strip() in SEPARATORS and number not in taken:
            message = "This is read as text: a card has its front right above the ? and its back right below it."
            yield NoteWarning(line=number + 1, message=message)


def no_questions(note: Reading, openings: Sequence[Opening], asked: int) -> Iterator[NoteWarning]:
    """Why nothing is asked by a note that has lines that ask; nothing for other notes."""
    if openings or asked:
        return
    lines = [line for block in note.blocks for line in _asking(note, block)]
    if fenced := [block for block in note.blocks if _is_fenced_text(block)]:
        message = "No questions are read from this note: lines that ask stand in a code block. Take its fences away."
        yield NoteWarning(line=fenced[0].first + 1, message=message)
    elif lists := [block for block in note.blocks if _has_right_option(note, block)]:
        message = "No questions are read from this note, and these options stand below none. Begin it with Q:."
        yield NoteWarning(line=lists[0].first + 1, message=message)
    elif lines:
        ask = "1 line asks" if len(lines) == 1 else f"{len(lines)} lines ask"
        message = (
            f"No questions are read from this note: {ask}, which is taken for titles and text. Begin each question "
            "with Q:, or call the note, or a heading above them, Questions."
        )
        yield NoteWarning(line=lines[0] + 1, message=message)
    elif (named := next(_named_as_asking(note), None)) is not None:
        message = "This says that questions follow, and none is read. Begin each question with Q:, its answer with A:."
        yield NoteWarning(line=named + 1, message=message)


def _named_as_asking(note: Reading) -> Iterator[int]:
    """The lines of titles and headings such as *Questions*, *Quiz* or *Task* that have something below them."""
    for block, following in pairwise(note.blocks):
        if block.kind is Kind.HEADING and following.kind is not Kind.HEADING and _SAYS_ASKED.search(plain(block.text)):
            yield block.first


def _is_fenced_text(block: Block) -> bool:
    """Whether a block is code in no language, some lines of which ask."""
    if block.kind is not Kind.CODE or block.info.strip().lower() not in _PROSE:
        return False
    asking = (
        line
        for line in block.text.split("\n")
        if (has_question_mark(line) or "Q" in line) and read(line).asks >= Asks.MARK
    )
    return len(list(islice(asking, FEWEST_FENCED))) == FEWEST_FENCED


def _has_right_option(note: Reading, block: Block) -> bool:
    options = listed(note, block) if block.kind in LISTS else None
    return options is not None and any(one.right for one in options) and not all(one.right for one in options)


def _asking(note: Reading, block: Block) -> Iterator[int]:
    """The lines of a block that look like questions."""
    for part in block.walk():
        if part.kind is Kind.HEADING and part is not note.title:
            text = part.text
        elif part.kind is Kind.ITEM and part.children and part.children[0].kind is Kind.PARAGRAPH:
            text = part.children[0].text.split("\n", 1)[0]
        elif block.kind is Kind.QUOTE and part.kind is Kind.PARAGRAPH:
            text = part.text.split("\n", 1)[0]
        else:
            text = bold_line(part) or ""
        if text and read(text).asks >= Asks.MARK:
            yield part.first


def _counted(message: str, count: int) -> str:
    return message if count == 1 else f"{message} {count} lines are like this."
