"""The data that is read from a note before it is stored, or why it cannot be read. Lines count from 1. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from quizapp.catalogue.formats.learnt import LearntElsewhere, StateElsewhere
from quizapp.catalogue.kinds.expected import Expected
from quizapp.errors import Invalid

ITEMS_MAX = 5_000  # concepts and questions of one note; a whole course has about a thousand
TOO_MANY = f"The note has more than {ITEMS_MAX:,} concepts and questions; that many fit. Split it."
NOTE_MAX_BYTES = 2 * 1024 * 1024  # the largest bank of questions seen has 1.2 MiB


class Unreadable(Invalid):
    """A file that cannot be imported; `line` is the number, from 1, of the line that is the reason."""

    def __init__(self, message: str, *, line: int = 1) -> None:
        super().__init__(message)
        self.line = line


def readable(text: str) -> str:
    """The text with LF line ends. Raises Unreadable, with the line, for one that is empty or holds NUL characters."""
    if not text.strip():
        raise Unreadable("The file is empty.")
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise Unreadable("The file holds NUL characters, so it is not a text. Remove them.", line=line)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def too_large(size: int, *, most: int = NOTE_MAX_BYTES) -> str:
    """What to say of a file with `size` bytes, which are too many."""
    return f"The file has {size / 1024:,.0f} KiB; a note has at most {most // 1024}. Split it."


def heading_of(title: str, number: int | None) -> str:
    """A note's title with its day, as an author writes it."""
    return title if number is None else f"Day {number}: {title}"


class LineUse(StrEnum):
    """What becomes of a line of a note. Each line that is not blank becomes one of these."""

    FRONT_MATTER = "front matter"
    TITLE = "title"  # the title, or the date below it
    SECTION = "section"  # a section's heading, or text that is read there alone
    CONCEPT = "concept"
    QUESTION = "question"
    ANSWER = "answer"
    OPTION = "option"
    LABEL = "label"  # also what only holds others together: `<details>`, the definition of a link
    COMMENT = "comment"
    MEMORY = "memory"  # what another program remembers of a card


@dataclass(frozen=True, kw_only=True)
class NoteWarning:
    """Something for the author to correct. The rest of the file is imported."""

    line: int
    message: str


@dataclass(frozen=True, kw_only=True)
class ParsedChoice:
    """One option of a question."""

    text: str
    right: bool
    why: str


@dataclass(frozen=True, kw_only=True)
class ParsedQuestion:
    """A question with its answer. All texts are Markdown."""

    key: str | None
    """The id that the author gave it; None without one."""
    line: int
    prompt: str
    answer: str = ""
    flashcard: bool = False
    """Whether it was made by a `*Card:*` label."""
    must: tuple[str, ...] = ()
    """Points that a right answer makes."""
    bonus: tuple[str, ...] = ()
    """Points that a good answer makes beyond those."""
    red_flags: tuple[str, ...] = ()
    """Statements that only a wrong answer makes."""
    choices: tuple[ParsedChoice, ...] = ()
    expected: Expected | None = None
    """What is right where that is neither an option nor a text to compare with."""
    hints: tuple[str, ...] = ()
    """What helps to answer, from the first that is shown to the last."""
    level: int | None = None
    """One of LEVELS; None if no level is given."""
    source_url: str | None = None
    as_of: str | None = None
    """When the source was last checked, such as 2026-11."""
    lab: str | None = None
    """The slug of the lab in which the answer can be tried."""
    same_as: str | None = None
    """The id of another question or card that tests the same thing."""
    tags: tuple[str, ...] = ()
    """Its own in lower case, beside those of the note."""

    @property
    def answered(self) -> bool:
        """Whether it has a right option, or one without options an answer."""
        if self.choices:
            return any(choice.right for choice in self.choices)
        return bool(self.answer) or self.expected is not None


@dataclass(frozen=True, kw_only=True)
class ParsedConcept:
    """A term from the bold words of a list item, its text, and its flashcards."""

    key: str | None
    """The id that the author gave it; None without one."""
    line: int
    term: str
    text: str
    under: str = ""
    """The subheading above it; empty if there is none."""
    cards: tuple[ParsedQuestion, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ParsedSection:
    """A part of a note: a heading of the first or second level and what is under it."""

    line: int
    number: str | None
    """The number that its heading begins with, such as "2.1"; None without one."""
    title: str
    """Empty for the text before the first such heading."""
    body: str
    """Its Markdown without labels, ids and questions."""
    teaches: bool
    """Whether it explains something; false for a section that only asks."""
    concepts: tuple[ParsedConcept, ...] = ()
    cards: tuple[ParsedQuestion, ...] = ()
    """Flashcards of `*Card:*` labels that stand below no concept."""
    questions: tuple[ParsedQuestion, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ParsedDate:
    """A date as it is written; `year` is None if none is written."""

    month: int
    day: int
    year: int | None


@dataclass(frozen=True, kw_only=True)
class ParsedNote:
    """A whole note."""

    key: str | None
    """The id in the front matter; None without one."""
    title: str
    number: int | None
    """The N of a heading "Day N: title", or the front matter's `day`."""
    date: ParsedDate | None
    tags: tuple[str, ...]
    """In lower case."""
    convention: str
    """How most of its questions are written, such as "bold questions"; "note" without any. See `Convention`."""
    sections: tuple[ParsedSection, ...]
    warnings: tuple[NoteWarning, ...]
    learnt: tuple[LearntElsewhere, ...] = ()
    """What a learner has learnt of its questions in the program that wrote the file."""
    states: tuple[tuple[int, StateElsewhere], ...] = ()
    """The schedules that stand beside its cards, each with the place of its card in `everything_asked`, from 0."""
    uses: tuple[LineUse | None, ...] = ()
    """What became of each line of the file; None for a blank one."""

    @property
    def heading(self) -> str:
        """The title with its day, as the author writes it."""
        return heading_of(self.title, self.number)

    @property
    def questions(self) -> Iterator[ParsedQuestion]:
        """The questions of all sections, without flashcards of `*Card:*` labels."""
        for section in self.sections:
            yield from section.questions

    @property
    def everything_asked(self) -> Iterator[ParsedQuestion]:
        """The flashcards and the questions, in the order of the sections."""
        for section in self.sections:
            for concept in section.concepts:
                yield from concept.cards
            yield from section.cards
            yield from section.questions
