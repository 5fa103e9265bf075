"""Reads the label below a question that says what is right, and the list below such a label. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from quizapp.catalogue.formats.markdown.blocks import LISTS, Block, Kind
from quizapp.catalogue.formats.markdown.labels import Labelled
from quizapp.catalogue.formats.markdown.source import Source
from quizapp.catalogue.formats.parsed import LineUse
from quizapp.catalogue.kinds.expected import KIND_OF, LABEL_OF, Expected, read, with_texts
from quizapp.catalogue.kinds.faults import NotExpected

OF_LISTS = ("order", "match")  # labels whose value is the list below them
Lines = range | tuple[()]


class ExpectingReader:
    """What is right in one question. What cannot be read is told, and given back as a text of the question."""

    def __init__(self, source: Source, add: Callable[[str, Lines], None]) -> None:
        self._source = source
        self._add = add
        self._label: Labelled | None = None
        self._awaited: Labelled | None = None
        self.found: Expected | None = None

    @property
    def resolved(self) -> Expected | None:
        """What was found, with the addresses of its links."""
        return with_texts(self.found, self._source.resolved) if self.found is not None else None

    def take(self, label: Labelled, lines: range, below: Sequence[Block], *, has_options: bool) -> Sequence[Block]:
        """Take a label and the list below it; returns the other blocks."""
        self.end()
        if label.label in OF_LISTS and not label.text and not below:
            self._awaited = replace(label, line=lines.start)
            self._source.use(lines, LineUse.LABEL)
            return below
        value, more = (label.text, "") if label.label == "gaps" else _first_line(label.text)
        listed = next((block for block in below if label.label in OF_LISTS and self._items_of(block)), None)
        if listed is not None:
            value = "\n".join([value, *self._items_of(listed)]).strip()
            below = [block for block in below if block is not listed]
            lines = range(lines.start, listed.last)
        one = replace(label, text=value, line=lines.start)
        self._read(one, lines if not more else lines[:1], has_options=has_options)
        if more:
            self._add(more, lines[1:])
        return below

    def takes(self, block: Block, *, has_options: bool) -> bool:
        """Whether a block is the list that the label above it waits for; it is read then."""
        if self._awaited is None:
            return False
        label, self._awaited = self._awaited, None
        items = self._items_of(block)
        self._read(replace(label, text="\n".join(items)), block.lines if items else (), has_options=has_options)
        return bool(items)

    def end(self) -> None:
        """A label that waited for a list and found none says nothing; it is told."""
        if self._awaited is not None:
            label, self._awaited = self._awaited, None
            self._read(label, (), has_options=False)

    def give_up(self) -> None:
        """What is right stands in options after all, so this label is told and is a text."""
        if self._label is not None:
            label, self._label, self.found = self._label, None, None
            self._tell(label, "There are options below, which say what is right.", ())

    def _read(self, label: Labelled, lines: Lines, *, has_options: bool) -> None:
        if has_options or self.found is not None:
            self._tell(label, "Something else above says what is right.", lines)
            return
        try:
            self.found = read(KIND_OF[label.label], label.text)
        except NotExpected as fault:
            self._tell(label, str(fault), lines)
            return
        self._label = label
        self._source.use(lines, LineUse.LABEL)

    def _tell(self, label: Labelled, why: str, lines: Lines) -> None:
        name = LABEL_OF[KIND_OF[label.label]]
        self._source.warn(label.line + 1, f"{why} This is read as text: {name}.")
        self._add(f"*{name}:* {label.text}".strip(), lines)

    def _items_of(self, block: Block) -> list[str]:
        """The items of a list, each on one line; none if one of them holds more than a paragraph, such as code."""
        if block.kind not in LISTS or not all(_is_paragraph(item) for item in block.children):
            return []
        return [" ".join(self._source.text_of(item.children[0]).split()) for item in block.children]


def _is_paragraph(item: Block) -> bool:
    return len(item.children) == 1 and item.children[0].kind is Kind.PARAGRAPH


def _first_line(text: str) -> tuple[str, str]:
    value, _, more = text.partition("\n")
    return value.strip(), more
