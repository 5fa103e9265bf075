"""What a note was understood to say, before anything is stored. Pure data; lines are counted from 1."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class NoteWarning:
    """Something an author should look at. The rest of the file is taken all the same."""

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
    """A question with its answer, all texts in Markdown. `flashcard` is one made by a `*Card:*` label.

    `lab` is the slug of the lab in which what it asks can be tried.
    """

    key: str | None
    line: int
    prompt: str
    answer: str = ""
    flashcard: bool = False
    must: tuple[str, ...] = ()
    bonus: tuple[str, ...] = ()
    red_flags: tuple[str, ...] = ()
    choices: tuple[ParsedChoice, ...] = ()
    level: int | None = None
    source_url: str | None = None
    as_of: str | None = None
    lab: str | None = None

    @property
    def answered(self) -> bool:
        """Whether there is something to compare an answer with. Options without a right one are no answer."""
        return bool(self.answer) or any(choice.right for choice in self.choices)


@dataclass(frozen=True, kw_only=True)
class ParsedConcept:
    """A term from a bold lead, its text, and the flashcards made of it. `under` is the subheading above it."""

    key: str | None
    line: int
    term: str
    text: str
    under: str = ""
    cards: tuple[ParsedQuestion, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ParsedSection:
    """A part of a note. `body` is its Markdown without labels, ids and questions."""

    line: int
    number: str | None
    title: str
    body: str
    teaches: bool
    concepts: tuple[ParsedConcept, ...] = ()
    questions: tuple[ParsedQuestion, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ParsedDate:
    """A date as written; a year that is not written is not known."""

    month: int
    day: int
    year: int | None


@dataclass(frozen=True, kw_only=True)
class ParsedNote:
    """A whole document. `number` is the N of "Day N: title"."""

    key: str | None
    title: str
    number: int | None
    date: ParsedDate | None
    tags: tuple[str, ...]
    convention: str
    sections: tuple[ParsedSection, ...]
    warnings: tuple[NoteWarning, ...]

    @property
    def heading(self) -> str:
        """The title as its author wrote it, day and all."""
        return self.title if self.number is None else f"Day {self.number}: {self.title}"

    @property
    def questions(self) -> Iterator[ParsedQuestion]:
        """The questions as written as such, without the flashcards of concepts."""
        for section in self.sections:
            yield from section.questions

    @property
    def everything_asked(self) -> Iterator[ParsedQuestion]:
        """The flashcards of concepts and the questions, in the order of the pages."""
        for section in self.sections:
            for concept in section.concepts:
                yield from concept.cards
            yield from section.questions
