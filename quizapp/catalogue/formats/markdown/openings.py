"""The beginning of a question, whatever way of writing questions it follows. Pure. Lines count from 0."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from quizapp.catalogue.formats.markdown.blocks import Block
from quizapp.catalogue.formats.markdown.options import Option
from quizapp.catalogue.formats.markdown.source import Source


class Convention(StrEnum):
    """A way to write questions. Its name is told in the report on a file."""

    BOLD = "bold questions"  # a list item that begins with a bold `Q:`
    PAIRS = "Q: and A:"  # a line that begins with `Q:`, `Q1.`, `Question 3:`
    HEADINGS = "heading questions"
    BOLD_LINES = "bold lines"  # a line that is bold and asks
    DETAILS = "details"  # `<details>` with the question as its summary
    CALLOUTS = "callouts"  # `> [!question]- What …?`
    NUMBERED = "numbers in bold"  # a paragraph that begins with a bold number
    LISTS = "listed questions"  # items of a list that ask, with or without an answer below
    TABLES = "tables"  # a column of questions, one of answers
    LINES = "lines that ask"  # paragraphs without any markup
    INLINE = "front :: back"
    SEPARATED = "? between lines"
    TAGGED = "#card"
    ANSWERED = "lines with an answer by name"
    CLOZE = "gaps"
    FRAMED = "START and END, or %"
    FIELDS = "fields by name"  # a heading or line `Question`, its text, one `Answer`
    FOLLOW_UPS = "follow-up questions"
    QUOTED = "quotations"  # `> What …?`, with the answer behind or within
    FRONT_MATTER = "questions in the front matter"
    COMPONENTS = "components"  # `<Quiz questions={[…]} />` of MDX
    NONE = "note"


@dataclass(kw_only=True)
class Opening:
    """The beginning of a question."""

    convention: Convention
    line: int
    prompt: str
    """Its text as far as it stands there; empty if it is in the first block below."""
    lines: frozenset[int]
    """The lines that the prompt stands on."""
    rest: str = ""
    """What follows the prompt in the same paragraph."""
    rest_line: int = 0
    below: Sequence[Block] = ()
    """The blocks that are inside the opening one, such as those of a list item."""
    level: int = 7
    """Of a heading: deeper headings go on with the answer. Other openings are ended by any heading."""
    until: int | None = None
    """The line at which the question ends at the latest, such as that of `</details>`; None: as its blocks say."""
    answer: str | None = None
    """The whole answer, where nothing else below can be part of it; None: it is read from what stands below."""
    reverse: bool = False
    """Whether it is asked the other way round too."""
    flashcard: bool = False
    is_named: bool = False
    """Whether a heading is a question by its name, such as "Q1."."""
    sets_task: bool = False
    """Whether what stands below is a part of the question up to a word that says that the answer follows."""


@dataclass(kw_only=True)
class Reading:
    """A note's blocks and what every detector needs to know of it."""

    source: Source
    blocks: Sequence[Block]
    title: Block | None
    """The heading that is the note's title."""
    tags: frozenset[str]
    """The words of its front matter's tags and of `#tags` in the text, in lower case."""
    memories: frozenset[int]
    """The lines beside which another program keeps what it remembers of a card."""
    asking: frozenset[int] = field(default_factory=frozenset)
    """The lines of blocks below a heading, or in a note, that says that questions follow."""
    cards: frozenset[int] = field(default_factory=frozenset)
    """The lines below headings such as "Flashcards"."""
    is_about_asking: bool = False
    """Whether the title names interviews or exams, though it may promise a text: "Interview notes"."""
    details: list[int] = field(default_factory=list)
    """The first line of each `<details>`, in order."""
    followed: frozenset[int] = field(default_factory=frozenset)
    """The lines of list items after which, outside their list, options or an answer stand."""
    in_folded_answers: frozenset[int] = field(default_factory=frozenset)
    """The lines inside a `<details>` that is called "Answer": what stands there asks nothing and ends no question."""
    ends: list[tuple[int, int]] | None = None
    """Line and level of each heading, once they were asked for."""
    alone: list[Opening] | None = None
    """The questions that single blocks would be, once they were asked for; see `conventions.beside.standing_alone`."""
    bare: frozenset[int] = field(default_factory=frozenset)
    """The lines of those among them that are numbered and have nothing below them."""
    listed: dict[int, Sequence[Option] | None] = field(default_factory=dict)
    """What `conventions.evidence.listed` has found of the lists that it was asked for, by the identity of the block."""

    @cached_property
    def is_deck(self) -> bool:
        """Whether its tags, or memories, say that it holds flashcards."""
        return bool(self.memories) or any(tag.startswith(("flashcard", "card", "anki")) for tag in self.tags)

    def is_deck_at(self, line: int) -> bool:
        """Whether a line, from 0, stands in a deck: the note is one, or a heading above it says that cards follow."""
        return line in self.cards or self.is_deck
