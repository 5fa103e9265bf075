"""A note while it is read: its lines, its warnings, and an account of what became of each line. Pure. Lines from 0."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from quizapp.catalogue.formats.markdown.blocks import Block, Kind, cut, outdented, own_column
from quizapp.catalogue.formats.markdown.labels import without_code, without_id
from quizapp.catalogue.formats.markdown.regions import Details
from quizapp.catalogue.formats.parsed import LineUse, NoteWarning
from quizapp.catalogue.html.rendering import FIELD_MAX_CHARS

_NOTED = re.compile(r"\[\^([\w-]{1,40})\](?!:)")
_REFERENCE = re.compile(r"(?<!\\)\[([^\[\]]{1,200})\](?:\[([^\[\]]{0,200})\])?(?![(:])")

_OF_CARD = re.compile(r"\S\s?(?:::|;;)|^\s*\?{1,2}\s*$|\{\{|==|^Q:|#(?:flash)?card|^\s*\|.*\|\s*$", re.MULTILINE)


@dataclass(kw_only=True)
class Source:
    """A note's lines without comments, what they link to, and what is found out about them."""

    lines: Sequence[str]
    """For questions and answers; see `regions.Cleared.lines`."""
    shown: Sequence[str]
    """For the text of sections; see `regions.Cleared.shown`."""
    details: Sequence[Details] = ()
    references: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Address and title of each link definition of the note, by its name as `reference_name` writes it."""
    footnotes: Mapping[str, str] = field(default_factory=dict)
    """The text of each footnote, by its name."""
    fields: frozenset[int] = frozenset()
    """The lines of headings that name a part of a question, such as "Options"; see `conventions.fields`."""
    letters_answer: bool = False
    """Whether `a. …` below a question is its answer, and `b. …` more of it."""
    plain_options: set[int] = field(default_factory=set)
    """The first lines of plain lists that are options, as the note or the line above each says."""
    bold_options: set[int] = field(default_factory=set)
    """The first lines of those of them in which the bold item is the right one."""
    advertised: list[int] = field(default_factory=list)
    """The first lines of advertisements between questions, which are left out."""
    noted: set[str] = field(default_factory=set)
    """The footnotes that stand below a text which refers to them."""
    warnings: list[NoteWarning] = field(default_factory=list)
    uses: dict[int, LineUse] = field(default_factory=dict)
    """What each line became; a line that is missing here has gone nowhere yet."""

    @cached_property
    def text(self) -> str:
        """Its lines as one text: a reader first looks there for a sign of what it finds, and most notes have none."""
        return "\n".join(self.lines)

    def has_signs_of_cards(self) -> bool:
        """Whether a line may be a card by itself, with `::`, `?`, a gap, a name or columns."""
        return _OF_CARD.search(self.text) is not None

    def warn(self, line: int, message: str) -> None:
        """Add a warning for the author; `line` counts from 1."""
        self.warnings.append(NoteWarning(line=line, message=message))

    def use(self, lines: Iterable[int], use: LineUse) -> None:
        """Note down what lines became. The first word on a line stands, except that a question's text may turn out
        to be its answer."""
        for line in lines:
            if self.uses.get(line) is None:
                self.uses[line] = use

    def answers(self, lines: Iterable[int]) -> None:
        """Note down that lines which were taken for a question's text are its answer."""
        for line in lines:
            if self.uses.get(line) is LineUse.QUESTION:
                self.uses[line] = LineUse.ANSWER

    def text_of(self, block: Block, *, drop: Iterable[int] = ()) -> str:
        """A block's Markdown without its container's indentation, without lines in `drop` and without id comments."""
        dropped = frozenset(drop)
        kept: list[str] = []
        column = own_column(block, self.lines[block.first]) if block.first < len(self.lines) else 0
        for number in block.lines:
            if number not in dropped:
                line = self.lines[number] if block.kind is Kind.CODE else without_id(self.lines[number])
                own = cut(line, column) if number == block.first else outdented(line, column)
                if kept or own.strip():
                    kept.append(own)
        return "\n".join(kept).rstrip()

    def resolved(self, text: str) -> str:
        """A text whose reference links are links with their address, with the footnotes that it refers to below it.

        The definitions of both stand elsewhere in the note.
        """
        if "[" not in text:
            return text
        return self._with_addresses(text) + self._notes_of(text)

    def _notes_of(self, text: str) -> str:
        if not self.footnotes or "[^" not in text:
            return ""
        names = dict.fromkeys(_NOTED.findall(without_code(text)))
        self.noted.update(names)
        return "".join(f"\n\n[^{name}]: {self.footnotes[name]}" for name in names if name in self.footnotes)

    def _with_addresses(self, text: str) -> str:
        if not self.references:
            return text
        plain = without_code(text)
        out, at = [], 0
        for found in _REFERENCE.finditer(plain):
            name = reference_name(found[2] or found[1])
            if "\0" in found[0] and name not in self.references:
                name = reference_name(text[found.start(1) : found.end(1)])
            if name in self.references:
                address, title = self.references[name]
                quoted = f' "{title}"' if title else ""
                out += [text[at : found.start()], f"[{text[found.start(1) : found.end(1)]}](<{address}>{quoted})"]
                at = found.end()
        return "".join(out) + text[at:]

    def capped(self, text: str, line: int) -> str:
        """`text`, cut to FIELD_MAX_CHARS; adds a warning if it is cut. `line` counts from 1."""
        if len(text) <= FIELD_MAX_CHARS:
            return text
        self.warn(line, f"This text has more than {FIELD_MAX_CHARS:,} characters; the rest is left out. Split it.")
        return text[:FIELD_MAX_CHARS]


def reference_name(name: str) -> str:
    """The name of a link definition without regard to capitals and blanks, as markdown-it keeps it."""
    return " ".join(name.split()).lower().upper()
