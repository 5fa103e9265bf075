"""Gives each question the blocks that belong to it, up to where it ends. Pure. Lines count from 0."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from quizapp.catalogue.formats.markdown.answers import answer_heading, answer_summary
from quizapp.catalogue.formats.markdown.blocks import LISTS, Block, Kind
from quizapp.catalogue.formats.markdown.decision import asks_by_title
from quizapp.catalogue.formats.markdown.labels import EMPTY_NAME, bold_lead, first_label, take_id, without_name
from quizapp.catalogue.formats.markdown.openings import Convention, Opening, Reading
from quizapp.catalogue.formats.markdown.wording import plain

# What stands below "Question 3" on the same level and only says what part of it follows.
_PART = re.compile(
    r"\W*(?:context|tasks?|taks|scenario|requirements?|constraints?|examples?|hints?|instructions|problem|goals?)\W*$",
    re.IGNORECASE,
)
_NUMBER = re.compile(r" {0,3}(\d{1,4})[.)]\s")
# The same below any question: how the answer is said in an interview.
_SAID = re.compile(
    r"\W*(?:interview[- ]ready|one[- ]line|30[- ]second|model|sample|ideal) (?:answer|response)\W*$", re.I
)
# How a chat takes leave below the last answer, which is no part of it.
_FAREWELL = re.compile(
    r"\W*(?:would you like|do you want|let me know|want me to|shall i|should i|i can also|just (?:let me|tell me|say)"
    r"|if you(?:['\u2019]d| would)? (?:like|want|need)|feel free to|good luck|best of luck"
    r"|happy (?:learning|interview)|hope (?:this|that|it) helps)\b",
    re.IGNORECASE,
)
_SUMMARY = re.compile(
    r"[^\w\s(\[]{1,3}\s?\**(?:final )?(?:summary|conclusion|tips|notes?)\W*$", re.IGNORECASE
)  # behind a sign
FAREWELL_BLOCKS = 3  # paragraphs at most behind the note's last rule, of which the last one takes leave
BARE_BEFORE = 2  # questions without an answer, before the last one of a list
BLANKS_MAX = 4  # lines below a rule in which the answer may begin
TITLE_MAX_CHARS = 80  # of a line that stands for a heading; what is longer is a sentence
_WITHOUT_HEADINGS = (Convention.LISTS, Convention.LINES)
_IN_LISTS = (Convention.BOLD, Convention.LISTS)
_BY_LINES = (Convention.PAIRS, Convention.INLINE, Convention.SEPARATED, Convention.CLOZE)


@dataclass(kw_only=True)
class Segment:
    """A question's beginning and what follows it as its own."""

    opening: Opening
    blocks: list[Block] = field(default_factory=list)
    end: int = 0
    """The line at which the next question, heading or title begins."""

    @property
    def is_answered(self) -> bool:
        """Whether anything stands below the question but for a line that only says "Ans:"."""
        rest = self.opening.rest if self.opening.convention is not Convention.LISTS else without_name(self.opening.rest)
        only = self.blocks[0] if len(self.blocks) == 1 and self.blocks[0].kind is Kind.PARAGRAPH else None
        below = self.blocks and (only is None or without_name(only.text))
        return bool(below or self.opening.below or rest or self.opening.answer)


@dataclass(kw_only=True)
class Portion:
    """A section's heading, its blocks and its questions."""

    heading: Block | None
    """None for what stands before the first heading."""
    blocks: list[Block] = field(default_factory=list)
    segments: list[Segment] = field(default_factory=list)
    last: int = 0
    """The line at which the next section begins."""

    @property
    def lines(self) -> range:
        """The numbers of its lines below its heading."""
        return range(self.blocks[0].first, self.last) if self.blocks else range(0)


class Splitter:
    """Goes through a note's blocks once, in order."""

    def __init__(self, note: Reading, openings: Sequence[Opening], section_levels: frozenset[int]) -> None:
        self._by_line: dict[int, list[Opening]] = {}
        for one in openings:
            self._by_line.setdefault(one.line, []).append(one)
        self._lines = sorted(self._by_line)
        self._details = [one for one in openings if one.convention is Convention.DETAILS]
        self._levels = section_levels
        self._note = note
        self._open: list[Segment] = []
        self._pending: list[Block] = []
        self._topics: set[int] = set()
        """The first blocks of items whose further blocks ask: titles, which end the question before them."""
        self._ends = sorted((block.first, block.level) for block in note.blocks if block.kind is Kind.HEADING)
        self._last = len(note.source.lines)
        self._leave = _farewell_of(note.blocks) if openings else self._last
        self._ended = self._answered = 0
        self._at = 0
        """The line of the block that is looked at."""
        self._under = note.title.level if note.title is not None else 0
        """The level of the last heading that is in no answer."""
        self.parts = [Portion(heading=None)]

    def split(self, blocks: Sequence[Block], titles: Mapping[int, Block]) -> list[Portion]:
        """The sections, each with its questions. `titles` are bold lines that stand for headings, by their line."""
        for block in blocks:
            self._at = block.first
            if block.kind is Kind.HEADING and block.first not in self._by_line and self._heading(block):
                continue
            if block.first in titles and block.first not in self._by_line:
                self._end()
                self._begin_section(block)
                continue
            self.parts[-1].blocks.append(block)
            for piece in self._pieces(block):
                self._piece(piece)
        self._at = self._last
        self._open_details(len(self._note.source.lines))
        self._end()
        self.parts[-1].last = len(self._note.source.lines)
        return self.parts

    def _heading(self, block: Block) -> bool:
        """Take a heading that is no question; returns whether it begins a section."""
        current = self._open[-1].opening if self._open else None
        in_answer = current is not None and (
            answer_heading(block.text) is not None
            or block.first in self._note.source.fields
            or block.first in self._note.in_folded_answers
            or block.level > current.level
            or (block.level == current.level and _goes_on(current, plain(block.text)))
            or (current.until is not None and block.first < current.until)
            or self._answers(block)
        )
        if in_answer:
            return False
        self._open_details(block.first)
        self._end()
        self._under = block.level
        if block.level in self._levels:
            self._begin_section(block)
            return True
        return False

    def _answers(self, heading: Block) -> bool:
        """Whether a heading begins the answer of a question that has nothing else, where the others have answers.

        It is deeper than the heading that the question stands under, and no question begins below it.
        """
        current = self._open[-1]
        if current.is_answered or self._pending or heading.level <= self._under:
            return False
        if not self._ended and (following := self._counted_on(current.opening)) is not None:
            current.opening.until = following
            return True
        if not self._ended or self._answered * 2 <= self._ended:
            return False
        place = bisect_right(self._ends, (heading.first, 99))
        while place < len(self._ends) and self._ends[place][1] > heading.level:
            place += 1
        last = self._ends[place][0] if place < len(self._ends) else self._last
        if bisect_left(self._lines, heading.first) < bisect_left(self._lines, last):
            return False
        current.opening.until = last
        return True

    def _counted_on(self, opening: Opening) -> int | None:
        """The line of the next question, if that has the next number; so headings between are no sections."""
        place = bisect_right(self._lines, opening.line)
        if opening.convention is not Convention.LISTS or place == len(self._lines):
            return None
        begun = [_NUMBER.match(self._note.source.lines[line]) for line in (opening.line, self._lines[place])]
        numbers = [int(one[1]) for one in begun if one is not None]
        return self._lines[place] if len(numbers) > 1 and numbers[1] == numbers[0] + 1 else None

    def _begin_section(self, heading: Block) -> None:
        self.parts[-1].last = heading.first
        self.parts.append(Portion(heading=heading))

    def _pieces(self, block: Block) -> Iterator[Block]:
        """The block, or if questions begin inside it, what it consists of."""
        if block.kind not in LISTS or not self._begins_in(block):
            yield block
            return
        for item in block.children:
            if item.first in self._by_line or not self._begins_in(item):
                yield item
                yield from self._later(item)
            else:
                self._topics.add(id(item.children[0]))
                for child in item.children:
                    yield from self._pieces(child)

    def _later(self, item: Block) -> Iterator[Block]:
        """The items below an item that are questions of their own."""
        own = {id(block) for one in self._by_line.get(item.first, ()) for block in one.below}
        for child in item.children[1:]:
            if id(child) not in own and self._begins_in(child):
                yield from self._pieces(child)

    def _begins_in(self, block: Block) -> bool:
        place = bisect_left(self._lines, block.first)
        return place < len(self._lines) and self._lines[place] < block.last

    def _piece(self, piece: Block) -> None:
        self._at = piece.first
        self._open_details(piece.first)
        if self._open and self._open[-1].opening.until is not None and piece.first >= self._open[-1].opening.until:
            self._end()
        if piece.first >= self._leave:
            self._end()
        starts = [*self._by_line.get(piece.first, ()), *self._within(piece)]
        starts = [one for one in starts if one.convention is not Convention.DETAILS]
        if starts:
            self._finish_before(piece, starts[0].line)
            self._begin(starts)
        elif id(piece) in self._topics or self._is_title(piece):
            self._end()
        elif self._open:
            self._follow(piece)

    def _finish_before(self, piece: Block, line: int) -> None:
        """Give the lines of a paragraph before its first question to the question before."""
        if self._open and piece.kind is Kind.PARAGRAPH and line > piece.first:
            text = "\n".join(piece.text.split("\n")[: line - piece.first])
            self._follow(replace(piece, last=line, text=text))

    def _is_title(self, piece: Block) -> bool:
        """Whether a block is no part of an answer but the title of what follows.

        A line among questions of lists or lines that says that questions follow, or a list that is one item with a
        later number, right below a heading that asks; or, after a question by its name, a `Q:` without a question, or
        the line right above the next one that begins with its number.
        """
        if piece.kind is Kind.PARAGRAPH and self._open and self._open[-1].opening.convention in _WITHOUT_HEADINGS:
            is_short = "\n" not in piece.text and len(piece.text) <= TITLE_MAX_CHARS
            return is_short and (asks_by_title(piece.text) or _SUMMARY.match(piece.text) is not None)
        if piece.kind is Kind.PARAGRAPH and self._open and self._open[-1].opening.convention is Convention.PAIRS:
            return EMPTY_NAME.match(piece.text.split("\n", 1)[0]) is not None
        if piece.kind is not Kind.NUMBERS or len(piece.children) != 1 or not self._open:
            return False
        current = self._open[-1]
        if current.opening.convention is Convention.PAIRS:
            below = self._by_line.get(piece.last, ())
            number = str(self._ended + len(self._open) + 1)
            return bool(below) and piece.children[0].info == number and piece.last == piece.first + 1
        bare = current.opening.convention is Convention.HEADINGS and not current.is_answered
        return bare and piece.children[0].info not in ("", "0", "1")

    def _within(self, piece: Block) -> Iterator[Opening]:
        """The further questions of a paragraph, table or quotation."""
        if piece.kind in (Kind.PARAGRAPH, Kind.TABLE, Kind.QUOTE):
            for line in range(piece.first + 1, piece.last):
                yield from self._by_line.get(line, ())

    def _open_details(self, line: int) -> None:
        """Begin the `<details>` questions up to a line."""
        while self._details and self._details[0].line <= line:
            self._begin([self._details.pop(0)])

    def _begin(self, starts: Sequence[Opening]) -> None:
        self._attach_pending(starts[0])
        for one in self._open:
            one.end = starts[0].line
        self._count()
        self._open = [Segment(opening=one) for one in starts]
        self.parts[-1].segments += self._open

    def _follow(self, piece: Block) -> None:
        """Give a block to the open question, or end that."""
        segment = self._open[-1]
        opening = segment.opening
        if len(opening.lines) > 1 and opening.lines.issuperset(piece.lines):
            return  # the question's own text
        if (
            opening.answer is not None
            or (piece.kind is Kind.RULE and self._is_ended_by(piece))
            or (opening.convention is Convention.TAGGED and opening.level == Opening.level)
        ):
            self._end()
        elif opening.convention not in _IN_LISTS or _holds_label(piece):
            segment.blocks += [*self._pending, piece]
            self._pending = []
        elif (piece.kind is Kind.ITEM and _is_concept(piece)) or _is_card(piece):
            self._end()
        else:
            self._pending.append(piece)

    def _is_ended_by(self, rule: Block) -> bool:
        """Whether a rule ends the open question: not one by name whose answer follows."""
        segment = self._open[-1]
        if segment.opening.convention not in (*_BY_LINES, *_IN_LISTS, Convention.TAGGED):
            return False
        lines = self._note.source.lines
        below = next((line for line in lines[rule.last : rule.last + BLANKS_MAX] if line.strip()), "")
        is_parted = segment.opening.convention is Convention.PAIRS and not segment.is_answered
        return not is_parted or first_label(below) != "a"

    def _attach_pending(self, following: Opening) -> None:
        """What stands between two questions of lists belongs to the first."""
        same = self._open and self._pending and following.convention is self._open[-1].opening.convention
        if same and not self._titles(following) and not self._is_folded_away(self._pending[0]):
            self._open[-1].blocks += self._pending
        self._pending = []

    def _titles(self, following: Opening) -> bool:
        """Whether the only line between two lists of bare questions is the title of the second one."""
        first, *others = self._pending
        before = self.parts[-1].segments[-2:]
        if others or first.kind is not Kind.PARAGRAPH or "\n" in first.text or len(before) < 2:
            return False
        begins = first.last == following.line or self._note.source.lines[following.line].lstrip().startswith("1.")
        return begins and not any(one.is_answered for one in before)

    def _end(self) -> None:
        """End the open question. What follows a list is a part of its last question only if that has nothing else."""
        if self._open and self._pending and not self._open[-1].is_answered and self._belongs(self._pending[0]):
            self._open[-1].blocks += self._pending if not self._is_behind_bare() else []
        for one in self._open:
            one.end = self._at
        self._count()
        self._open, self._pending = [], []

    def _count(self) -> None:
        """Count the open questions, and those of them that have an answer, before others begin."""
        self._ended += len(self._open)
        self._answered += sum(one.is_answered for one in self._open)

    def _is_folded_away(self, piece: Block) -> bool:
        """Whether a piece stands in a `<details>` that begins behind the open question and has a title of its own."""
        firsts = self._note.details
        begin, end = bisect_right(firsts, self._open[-1].opening.line), bisect_right(firsts, piece.first)
        begun = self._note.source.details[begin:end]
        return any(one.summary and answer_summary(one.summary) is None for one in begun)

    def _is_behind_bare(self) -> bool:
        """Whether a paragraph stands behind a list the last questions of which are bare, and so is about all of it."""
        before = self.parts[-1].segments[-BARE_BEFORE - 1 : -1]
        bare = len(before) == BARE_BEFORE and not any(one.is_answered for one in before)
        return bare and self._pending[0].kind is Kind.PARAGRAPH

    def _belongs(self, piece: Block) -> bool:
        """Whether a piece is no further item of the list, or one that is indented more than the question."""
        if self._is_folded_away(piece):
            return False
        source = self._note.source
        line, other = source.lines[piece.first], source.lines[self._open[-1].opening.line]
        return piece.kind is not Kind.ITEM or len(line) - len(line.lstrip()) > len(other) - len(other.lstrip())


def _farewell_of(blocks: Sequence[Block]) -> int:
    """The line from which on a chat takes leave; behind the last block if it does not."""
    end = blocks[-1].last if blocks else 0
    place = len(blocks)
    while place and blocks[place - 1].kind is Kind.PARAGRAPH and len(blocks) - place < FAREWELL_BLOCKS:
        place -= 1
    if place == len(blocks) or _FAREWELL.match(blocks[-1].text) is None:
        return end
    return (blocks[place] if place and blocks[place - 1].kind is Kind.RULE else blocks[-1]).first


def _goes_on(opening: Opening, heading: str) -> bool:
    """Whether a heading on the level of a question that is a heading only says which part of it follows."""
    return (opening.is_named and _PART.match(heading) is not None) or _SAID.match(heading) is not None


def _holds_label(piece: Block) -> bool:
    items = piece.children if piece.kind in LISTS else [piece]
    heads = (item.children[0].text if item.kind is Kind.ITEM and item.children else item.text for item in items)
    return any(first_label(head) not in (None, "card") for head in heads if head)


def _is_card(piece: Block) -> bool:
    """Whether a list, or an item of one, begins with a card of its own, which is no answer to a question above it."""
    item = piece.children[0] if piece.kind in LISTS and piece.children else piece
    head = item.children[0] if item.kind is Kind.ITEM and item.children else None
    return head is not None and first_label(head.text) == "card"


def _is_concept(item: Block) -> bool:
    head = item.children[0] if item.children else None
    return head is not None and head.kind is Kind.PARAGRAPH and bold_lead(take_id(head.text)[0]) is not None
