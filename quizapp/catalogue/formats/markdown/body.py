"""Reads what stands below a question: its text's further blocks, its options, its labels and its whole answer. Pure.

One reader for each way to write questions: whatever begins one, below it things stand in the same few ways.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from quizapp.catalogue.formats.markdown.answers import (
    KEY_LINE,
    answer_heading,
    answer_summary,
    is_advertisement,
    is_answer_line,
    is_way_back,
    key_in_answer,
    quoted_answer,
    unquoted,
)
from quizapp.catalogue.formats.markdown.blocks import LISTS, Block, Kind
from quizapp.catalogue.formats.markdown.conventions.evidence import (
    HINT,
    answer_begins,
    asks_first,
    is_asked_about,
    is_asked_in_parts,
    is_remark,
    names_question,
)
from quizapp.catalogue.formats.markdown.conventions.expecting import ExpectingReader
from quizapp.catalogue.formats.markdown.conventions.field_names import Field, heading_role
from quizapp.catalogue.formats.markdown.conventions.right_and_wrong import parted_options
from quizapp.catalogue.formats.markdown.labels import Labelled, first_label, option_of, split_labels, take_id
from quizapp.catalogue.formats.markdown.option_key import use_lettered
from quizapp.catalogue.formats.markdown.options import (
    Option,
    head_of,
    line_options,
    listed_options,
    note_lines,
    options_in_line,
    plain_options,
    signed_options,
    use_bold,
    with_code_of_options,
    without_telling_bold,
)
from quizapp.catalogue.formats.markdown.origin import GUIDES
from quizapp.catalogue.formats.markdown.regions import Details
from quizapp.catalogue.formats.markdown.source import Source
from quizapp.catalogue.formats.markdown.texts import is_quoted, joined, without_halves
from quizapp.catalogue.formats.markdown.wording import is_placeholder, unwrapped
from quizapp.catalogue.formats.parsed import LineUse, ParsedChoice
from quizapp.catalogue.kinds.expected import KIND_OF, Expected

SCALARS = ("level", "source", "as of", "lab", "tags", "same as")
_LONE_A = re.compile(r"A\s?[.)]\s+(?=\S)")  # "A. It is one.": with no "B." below it, it is no option


@dataclass(kw_only=True)
class Body:
    """What stands below a question."""

    stem: str = ""
    """What belongs to the question's own text."""
    answer: str = ""
    choices: tuple[ParsedChoice, ...] = ()
    expected: Expected | None = None
    hints: tuple[str, ...] = ()
    labels: list[Labelled] = field(default_factory=list)
    """Those of GUIDES and SCALARS."""
    key: str | None = None
    """An id that stands below the question."""


class BodyReader:
    """Reads the blocks below one question, in order."""

    def __init__(self, source: Source, details: Sequence[Details] = ()) -> None:
        self._source = source
        self._details = list(details)
        self._stem: list[tuple[str, bool]] = []
        self._answer: list[tuple[str, bool]] = []
        self._answering = False
        self._options: list[Option] = []
        self._maybe: Block | None = None
        self._labels: list[Labelled] = []
        self._stem_lines: set[int] = set()
        self._key: str | None = None
        self._loose: list[Block] = []
        self._expecting = ExpectingReader(source, self._add)
        self._hints: list[str] = []
        self._hint_until = 0

    def read(self, blocks: Sequence[Block]) -> None:
        """Read blocks that follow those before."""
        if not blocks:
            return
        parted, taken = parted_options(blocks, self._source) if not self._options else ([], [])
        parted_in = {id(block) for block in taken}
        for block in with_code_of_options(blocks):
            if id(block) in parted_in:
                self._options += parted if block is taken[0] else []
                note_lines(self._source, block)
                continue
            self._enter_details(block.first)
            if self._expecting.takes(block, has_options=bool(self._options)):
                continue
            match block.kind:
                case Kind.PARAGRAPH if is_way_back(block) or is_advertisement(block.text):
                    self._source.use(block.lines, LineUse.COMMENT)
                    self._source.advertised += [] if is_way_back(block) else [block.first]
                case Kind.PARAGRAPH:
                    self._paragraph(block.text, block.first)
                case Kind.BULLETS | Kind.NUMBERS:
                    self._list(block)
                case Kind.ITEM:
                    self._item(block)
                case Kind.QUOTE if (quoted := quoted_answer(self._source.text_of(block))) is not None:
                    self._paragraph(quoted, block.first)
                case Kind.HEADING if block.first in self._source.fields:
                    self._answering = self._answering or heading_role(block.text) in (Field.ANSWER, Field.REMARK)
                    self._source.use(block.lines, LineUse.LABEL)
                case Kind.HEADING if (rest := answer_heading(block.text)) is not None:
                    self._begin_answer(block.first)
                    self._source.use(block.lines, LineUse.ANSWER)
                    self._add(rest, ())
                case Kind.CODE if not block.fenced and line_options(block.text.split("\n")) is not None:
                    self._paragraph(block.text, block.first)
                case Kind.RULE:
                    self._source.use(block.lines, LineUse.LABEL)
                case _:
                    self._add(self._source.text_of(block), block.lines)

    def text(self, text: str, line: int) -> None:
        """Read the rest of the paragraph in which the question stands."""
        if text.strip():
            self._paragraph(text, line)

    def finish(self, prompt: str = "", *, must_answer: bool = False) -> Body:
        """What was read. Without options or a word that says where the answer begins it is the answer, but for the code
        that `prompt` asks about. With `must_answer` such a text belongs to the question."""
        self._enter_details(len(self._source.lines))
        self._expecting.end()
        for item in self._loose:
            self._add(self._source.text_of(item), item.lines, tight=True)
        self._find_key()
        if not any(text.strip() for text, _ in self._answer):
            use_bold(self._options)
        if self._options:
            self._expecting.give_up()
            without_telling_bold(self._options)
        stem, answer = self._stem, self._answer
        told = self._answering or self._options or must_answer or self._expecting.found is not None
        told = told or is_asked_in_parts(stem)
        kept = 1 if stem and (is_asked_about(prompt, stem[0][0]) or names_question(stem[0][0])) else 0
        if not told and not all(is_remark(text) for text, _ in stem[kept:] if text.strip()):
            own = sum(text.count("\n") + 1 for text, _ in stem[:kept])
            stem, answer = stem[:kept], [*stem[kept:], *answer]
            self._source.answers(sorted(self._stem_lines)[own:])
        elif must_answer and not answer and not self._options and asks_first(stem):
            stem, answer = stem[:1], stem[1:]
        elif self._answering and not self._options and not must_answer:
            place = answer_begins(stem)
            self._source.answers(sorted(self._stem_lines)[sum(text.count("\n") + 1 for text, _ in stem[:place]) :])
            stem, answer = stem[:place], [*stem[place:], *answer]
        text = joined(answer)
        if is_quoted(text):
            text = unquoted(text)
        return Body(
            stem=self._source.resolved(without_halves(joined(stem))),
            answer="" if is_placeholder(text) else self._source.resolved(without_halves(text)),
            choices=tuple(
                ParsedChoice(
                    text=self._source.resolved(without_halves(one.text)),
                    right=one.right,
                    why=self._source.resolved(one.why),
                )
                for one in self._options
            ),
            expected=self._expecting.resolved,
            hints=tuple(map(self._source.resolved, self._hints)),
            labels=self._labels,
            key=self._key,
        )

    def _enter_details(self, line: int) -> None:
        """Take note of the `<details>` that begin before a line: one that is called "Answer" begins the answer."""
        while self._details and self._details[0].first <= line:
            region = self._details.pop(0)
            said = answer_summary(region.summary) if region.summary else ""
            if region.summary and not self._answering and HINT.match(region.summary):
                self._hint_until = region.last
                self._source.use(region.lines, LineUse.LABEL)
            elif said is not None:
                self._begin_answer(region.first)
                self._add(said, ())
                self._source.use(region.lines, LineUse.ANSWER if said or region.text else LineUse.LABEL)
            else:
                self._add(f"**{unwrapped(region.summary)}**", region.lines)
            self._add(region.text, region.lines)

    def _begin_answer(self, line: int) -> None:
        self._answering = True

    def _add(self, text: str, lines: Sequence[int] | range | set[int] | tuple[()], *, tight: bool = False) -> None:
        if lines and min(lines) < self._hint_until:
            self._hints += [" ".join(text.split())] if text.strip() else []
            self._source.use(lines, LineUse.LABEL)
        elif self._answering or self._options or self._expecting.found is not None:
            self._answer.append((text, tight))
            self._source.use(lines, LineUse.ANSWER)
        else:
            self._stem.append((text, tight))
            self._stem_lines |= set(lines)
            self._source.use(lines, LineUse.QUESTION)

    def _paragraph(self, text: str, first: int) -> None:
        lines = text.split("\n")
        if not self._answering and not self._options and _LONE_A.match(text) and line_options(lines) is None:
            text = _LONE_A.sub("A: ", text)
        if not self._answering and is_answer_line(text):
            self._begin_answer(first)
            self._source.use([first], LineUse.LABEL)
            self._labelled("\n".join(lines[1:]), first + 1)
            return
        answers = self._source.letters_answer
        options = line_options(lines) if not self._answering and not answers else None
        if options is not None:
            start, end, found = options
            self._labelled("\n".join(lines[:start]), first)
            self._options += found
            self._source.use(range(first + start, first + end), LineUse.OPTION)
            self._labelled("\n".join(lines[end:]), first + end)
        else:
            self._labelled(text, first)

    def _labelled(self, text: str, first: int) -> None:
        """Read a paragraph's text, in which labels may stand."""
        if not text.strip():
            return
        text, key = take_id(text)
        self._key = self._key or key
        before, labels = split_labels(text)
        if not labels and (self._options or self._maybe) and (found := KEY_LINE.match(text)) and not self._answering:
            self._begin_answer(first)
            before, mark = found["rest"], found["mark"]
            first_line, _, more = before.partition("\n")
            if mark and first_line.rstrip().endswith(mark) and first_line.count(mark) == 1:
                before = f"{first_line.rstrip().removesuffix(mark)}\n{more}".rstrip()
        starts = [label.line for label in labels] + [text.count("\n") + 1]
        if before:
            self._add(before, range(first, first + max(starts[0], before.count("\n") + 1)))
        for label, end in zip(labels, starts[1:], strict=True):
            lines = range(first + label.line, first + max(end, label.line + 1))
            self._label(label, lines, [])

    def _label(self, label: Labelled, lines: range, below: Sequence[Block]) -> None:
        """Take a label, its text and the blocks below it."""
        match label.label:
            case "a":
                self._begin_answer(lines.start)
                self._add(label.text, lines)
            case "options":
                self._source.use(lines, LineUse.LABEL)
                below = self._own_options(below)
                if label.text and (listed := options_in_line(label.text)) and not self._options:
                    self._options += listed
                elif label.text:
                    self._add(label.text, lines)
            case name if name in GUIDES:
                points = [label.text, *self._points(below)]
                below = [block for block in below if block.kind not in LISTS]
                self._labels.append(Labelled(label=name, text="; ".join(point for point in points if point)))
                self._source.use(lines, LineUse.LABEL)
            case "hint" if label.text:
                self._hints.append(" ".join(label.text.split()))
                self._source.use(lines, LineUse.LABEL)
            case name if name in KIND_OF:
                below = self._expecting.take(label, lines, below, has_options=bool(self._options))
            case name if name in SCALARS:
                value, _, more = label.text.partition("\n")
                self._labels.append(Labelled(label=name, text=value.strip(), line=lines.start))
                self._source.use(lines[:1], LineUse.LABEL)
                if more:
                    self._add(more, lines[1:])
            case _:
                self._add(f"*{label.label.capitalize()}:* {label.text}".strip(), lines)
        if below:
            was, self._answering = self._answering, self._answering or label.label != "options"
            self.read(below)
            self._answering = was or self._answering

    def _points(self, below: Sequence[Block]) -> list[str]:
        """The points of a marking guide that are a list and not divided by semicolons."""
        points = []
        for block in below:
            if block.kind in LISTS:
                self._source.use(block.lines, LineUse.LABEL)
                points += [" ".join(self._source.text_of(part) for part in item.children) for item in block.children]
        return points

    def _own_options(self, below: Sequence[Block]) -> list[Block]:
        """Read the list below `*Options:*`; returns the other blocks."""
        rest = []
        for block in below:
            if block.kind not in LISTS:
                rest.append(block)
                continue
            if (found := listed_options(block, self._source, labelled=True)) is not None:
                self._options += found
                note_lines(self._source, block)
                continue
            for item in block.children:
                self._own_option(item)
        return rest

    def _own_option(self, item: Block) -> None:
        text = item.children[0].text if item.children and item.children[0].kind is Kind.PARAGRAPH else ""
        option = option_of(text)
        if option is None:
            self._source.warn(item.first + 1, "An option begins with [x] if it is right, [ ] if it is not.")
            self._loose.append(item)
            return
        right, words, why = option
        text = "\n\n".join([words, *(self._source.text_of(block) for block in item.children[1:])])
        self._options.append(Option(letter="", text=text, right=right, why=why))
        self._source.use(item.lines, LineUse.OPTION)

    def _list(self, block: Block) -> None:
        beyond = self._beyond(block) if not self._answering else []
        options = None if self._answering and self._options else listed_options(block, self._source)
        if options is None and not self._answering and not self._options:
            plain = block.first in self._source.plain_options | self._source.bold_options
            options = plain_options(block, self._source) if plain else signed_options(block, self._source)
        if options is not None and (not self._answering or any(option.right for option in options)):
            self._options += options
            note_lines(self._source, block)
            self.read(beyond)
            return
        if self._answering and self._options and use_lettered(self._options, block):
            self._source.use(block.lines, LineUse.ANSWER)
            return
        block.children[-1].children += beyond
        if any(first_label(head_of(item)) for item in block.children):
            for item in block.children:
                self._item(item)
            return
        if not self._answering and not self._options:
            self._maybe = block
        self._add(self._source.text_of(block), block.lines)

    def _beyond(self, block: Block) -> list[Block]:
        """Take out of a list's last item what is the answer, though it is indented like a part of that item."""
        item = block.children[-1]
        for place, child in enumerate(item.children[1:], start=1):
            in_details = any(item.first < one.first <= child.first for one in self._details)
            if in_details or (child.kind is Kind.PARAGRAPH and KEY_LINE.match(child.text)):
                rest, item.children = item.children[place:], item.children[:place]
                return rest
        return []

    def _item(self, item: Block) -> None:
        """Read an item of a list in which labels stand."""
        text = head_of(item)
        if first_label(text) is None:
            self._add(self._source.text_of(item), item.lines, tight=True)
            return
        text, key = take_id(text)
        self._key = self._key or key
        _, labels = split_labels(text)
        first, below = item.first, item.children[1:]
        end = item.children[0].last
        for place, label in enumerate(labels):
            last = place == len(labels) - 1
            until = end if last else first + labels[place + 1].line
            self._label(label, range(first + label.line, max(until, first + label.line + 1)), below if last else [])

    def _find_key(self) -> None:
        """Find out from the answer which options are right, if none is marked."""
        options = self._options
        if not options and self._maybe is not None and self._answering:
            options = plain_options(self._maybe, self._source) or []
            if self._maybe.kind is Kind.NUMBERS and any(text[:1].isdigit() for text, _ in self._answer[:1]):
                options = [replace(option, letter="") for option in options]  # "Correct: 2"
        if not options or any(option.right for option in options) or not self._answer:
            return
        place, rest = key_in_answer(self._answer, options)
        if rest is None:
            return
        self._answer[place] = (rest, self._answer[place][1])
        if not self._options and self._maybe is not None:
            moved = (self._source.text_of(self._maybe), False)
            self._stem.remove(moved)
            for line in self._maybe.lines:
                self._source.uses[line] = LineUse.OPTION
            self._options = options
