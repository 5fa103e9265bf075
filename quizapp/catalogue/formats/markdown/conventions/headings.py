"""Headings that ask: named (`### Q1: …`), or by their words where the note is one that asks. Pure.

Whether a heading without a name is a question is decided for all headings of its level: one "What is X?" among other
headings is the title of a section.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from quizapp.catalogue.formats.markdown.answers import answer_heading, says_answer
from quizapp.catalogue.formats.markdown.blocks import LISTS, Block, Kind
from quizapp.catalogue.formats.markdown.conventions.bank_titles import is_about_bank, lines_of_contents, stands_beside
from quizapp.catalogue.formats.markdown.conventions.evidence import (
    SETS_TASK,
    answered_at_once,
    proved,
    with_folded_answer,
)
from quizapp.catalogue.formats.markdown.openings import Convention, Opening, Reading
from quizapp.catalogue.formats.markdown.options import is_boxed
from quizapp.catalogue.formats.markdown.wording import (
    AskedLine,
    Asks,
    asks_by_words,
    is_contents,
    is_task,
    plain,
    read,
    undecorated,
)

STEPS_WITHIN = 4  # blocks below a heading such as "Task 2: Tests" in which the steps of a plan begin
SHARE_WHERE_ASKED = 0.5  # of a level's headings must ask, below a title or heading that says that questions follow
SHARE_ELSEWHERE = 0.75
FEWEST_ELSEWHERE = 3
SHARE_OF_FOLDED = 0.6  # of a level's headings have a folded answer below; then these ask: "Create a pod", "show"
SHARE_MARKED = 1 / 3  # of these must have a question mark: a list of commands has titles such as "List all pods"
FEWEST_BARE = 5  # headings with nothing below them
SHARE_OF_BARE = 0.8  # of the headings of one level
SHARE_ASKING_BARE = 1 / 3  # of these must ask; then all do: "Pods and containers" among them
WORDS_IF_ALL = 3  # of one of so few; "Why?" and "How?" are titles
FEWEST_IF_ALL = 2  # where there is no other heading and each has its question mark
FEWEST_IN_ORDER = 10  # headings numbered one after another below a title that says that questions follow
FEWEST_COUNTED = 5  # the same where none of them asks by its words
_OF_TROUBLE = re.compile(
    r"\b(?:scenarios?|situations?|troubleshooting|problems?)\b.*\bquestions\b"
    r"|\bquestions\b.*\b(?:scenarios?|situations?|troubleshooting)\b",
    re.IGNORECASE,
)
SHARE_IN_ORDER = 0.25  # of these must ask; then the others do too: "14. View available branches"
_PRACTICE = re.compile(r"^(?:practice|exercise|drill|problem|challenge)\s?[:\-\u2013\u2014]\s*\w", re.IGNORECASE)
_VERSUS = re.compile(r"\w\W{0,3}\s(?:vs\.?|versus)\s\W{0,3}\w", re.IGNORECASE)  # "Deployment vs StatefulSet"
_UNFINISHED = re.compile(r"^(?:\S+\s+){3,}\S*(?:[:\u2026]|\.\.\.)$")  # "4. A page frame is located in:"
SHARE_FOR_ALL = 0.6  # of so many headings must ask, so that the others do too where the note says that it asks
FEWEST_FOR_ALL = 5
SHARE_FOR_NUMBERED = 0.6  # from here on a numbered heading beside them asks too, whatever its words: "7. Layers"


def find(note: Reading) -> list[Opening]:
    """Every heading that is a question, with the blocks of the list item that it may stand in."""
    found: dict[int, Opening] = {}
    all_of_them = list(headings(note))
    parents = _parents(all_of_them)
    inside: set[int] = set()
    for level in sorted({heading.level for heading, _ in all_of_them}):
        group = [
            (heading, below, read(heading.text))
            for heading, below in all_of_them
            if heading.level == level
            and not is_about_bank(heading.text)
            and (
                not _is_inside(parents.get(heading.first), found, inside, heading.first) or _asks_by_name(heading.text)
            )
        ]
        for heading, below in _asking(note, group):
            found[heading.first] = _opening(heading, below)
    return [*found.values(), *_doubled(note, found), *_title(note, all_of_them)]


def _title(note: Reading, headed: Sequence[tuple[Block, Sequence[Block]]]) -> Iterator[Opening]:
    """The title of a note that is one question: it asks or is numbered, and the next heading is called *Answer*."""
    title = note.title
    following = (block for block in note.blocks if block.kind is Kind.HEADING and block is not title)
    answer = next(following, None)
    if title is None or answer is None or answer.first in note.source.fields or not says_answer(answer.text):
        return
    wording = read(title.text)
    asks = wording.asks in (Asks.MARK, Asks.OPENING) or (wording.numbered and wording.asks is not Asks.NAMED)
    if asks and not any(heading.level <= title.level and heading is not title for heading, _ in headed):
        yield _opening(title, ())


def counted(note: Reading) -> list[Opening]:
    """All headings of a note called *Scenario questions* or the like, if numbered from 1 on, with text below each.

    Such titles tell what goes wrong, "2. Port not accessible", and none asks by its words.
    """
    headed = [(heading, below) for heading, below in headings(note) if not is_contents(heading.text)]
    numbers = [read(heading.text).number for heading, _ in headed]
    in_order = numbers == [str(number) for number in range(1, len(headed) + 1)]
    if note.title is None or len(headed) < FEWEST_COUNTED or not in_order:
        return []
    following = {block.first: after for block, after in pairwise(note.blocks)}
    told = all(
        below or (heading.first in following and following[heading.first].kind is not Kind.HEADING)
        for heading, below in headed
    )
    asked = _OF_TROUBLE.search(plain(note.title.text)) is not None
    return [_opening(heading, below) for heading, below in headed] if told and asked else []


def _asks_by_name(text: str) -> bool:
    """Whether a heading is named as a question and asks: such a one asks below another's answer too."""
    wording = read(text)
    return wording.asks is Asks.NAMED and asks_by_words(wording.prompt) is Asks.MARK


def _doubled(note: Reading, found: dict[int, Opening]) -> Iterator[Opening]:
    """Lines that ask and stand alone between a heading that asks and the next one: questions that got no mark."""
    for above, block, following in zip(note.blocks, note.blocks[1:], [*note.blocks[2:], None], strict=False):
        opening = found.get(above.first)
        alone = following is None or following.kind is Kind.RULE or (0 < following.level <= above.level)
        if opening is None or not alone or block.kind is not Kind.PARAGRAPH or "\n" in block.text:
            continue
        if read(block.text).asks is Asks.MARK and read(above.text).asks is Asks.MARK:
            yield replace(_opening(block, ()), level=opening.level)


def headings(note: Reading) -> Iterator[tuple[Block, Sequence[Block]]]:
    """The headings that may ask or be titles, each with the blocks below it in its list item."""
    contents = lines_of_contents(note)
    for block in note.blocks:
        if block.first in note.in_folded_answers or block.first in note.source.fields or block.first in contents:
            continue
        if block.kind is Kind.HEADING and block is not note.title and answer_heading(block.text) is None:
            yield block, ()
        elif block.kind in LISTS:
            for item in block.children:
                head = item.children[0] if item.children else None
                if head is not None and head.kind is Kind.HEADING and answer_heading(head.text) is None:
                    yield head, item.children[1:]


Candidate = tuple[Block, Sequence[Block], AskedLine]


def _asking_alone(note: Reading, group: Sequence[Candidate]) -> list[Candidate]:
    """Those of one level's headings that ask whatever the others do: by name, or by what stands below."""
    sure = proved(note)
    named = [
        one
        for one in group
        if (one[2].asks is Asks.NAMED and (one[2].prompt or one[2].numbered))
        or (one[0].first in sure and one[2].prompt and (one[2].asks is not Asks.NOT or _is_counted(note, one)))
    ]
    named = _without_chapters(note, named, group)
    told = answered_at_once(note)
    known = {heading.first for heading, _, _ in named}
    named += [one for one in group if one[0].first in told and one[2].prompt and one[0].first not in known]
    with_fold = with_folded_answer(note)
    folded = [one for one in group if one[0].first in with_fold and one[2].prompt]
    set_tasks = sum(is_task(one[2].prompt) or one[2].asks is not Asks.NOT for one in folded)
    fewest = FEWEST_ELSEWHERE if set_tasks < len(group) else 1
    if len(folded) >= max(fewest, SHARE_OF_FOLDED * len(group)):
        lines = {heading.first for heading, _, _ in named}
        named += [one for one in folded if one[0].first not in lines]
    lines = {heading.first for heading, _, _ in named}
    named += [one for one in _bare(note, group) if one[0].first not in lines]
    return named


def _asking(note: Reading, group: Sequence[Candidate]) -> Iterator[tuple[Block, Sequence[Block]]]:
    """Those of one level's headings that are questions."""
    named = _asking_alone(note, group)
    yield from ((heading, below) for heading, below, _ in named)
    known = {heading.first for heading, _, _ in named}
    rest = [one for one in group if one[2].prompt and one[2].asks is not Asks.NAMED]
    for inside in (True, False):
        part = [one for one in rest if (one[0].first in note.asking) is inside and not _announces(note, one[0])]
        where_asked = inside or (note.is_about_asking and _mostly_ask(part))
        part = [one for one in part if not (where_asked and _is_beside(one))]
        part = list(_counted(part)) if where_asked else part
        asking = [one for one in part if one[0].first in known or _asks(one[2], where_asked=where_asked)]
        chosen = {one[0].first for one in asking} if where_asked else set[int]()
        versus = where_asked and sum(
            one[0].first not in chosen and _VERSUS.search(one[2].prompt) is not None for one in part
        )
        share = (len(asking) + versus) / len(part) if asking else 0.0
        enough = bool(asking) and share >= SHARE_WHERE_ASKED
        if not where_asked:
            enough = _enough_elsewhere(note, asking, part) and not _teach(note, asking)
        of_deck = _of_deck(note, part) if where_asked and note.cards else []
        yield from ((heading, below) for heading, below, _ in of_deck if heading.first not in known)
        known |= {heading.first for heading, _, _ in of_deck}
        in_order = where_asked and bool(asking) and share >= SHARE_IN_ORDER and _in_order(part)
        if enough or in_order:
            surely = where_asked or len(asking) >= FEWEST_IN_ORDER
            all_numbered = where_asked and all(wording.numbered for _, _, wording in part)
            numbered = [one for one in part if one[2].numbered]
            share = max(share, sum(one[2].numbered for one in asking) / max(len(numbered), 1))
            by_number = (share >= SHARE_FOR_NUMBERED and where_asked) or in_order or all_numbered
            more = [one for one in part if (by_number and one[2].numbered) or (surely and _asks_beside(one[2]))]
            more += _all_of_bank(note, part) if where_asked and share >= SHARE_FOR_ALL else []
            chosen = {one[0].first for one in (*asking, *more)} - known
            yield from ((heading, below) for heading, below, _ in part if heading.first in chosen)


def _is_beside(one: Candidate) -> bool:
    """Whether a heading that does not ask by its words stands beside questions."""
    return one[2].asks is Asks.NOT and stands_beside(one[0].text, numbered=one[2].numbered)


def _mostly_ask(part: Sequence[Candidate]) -> bool:
    """Whether so many headings ask that a note on interviews asks there: fewer if all are numbered.

    Those that stand beside questions do not count.
    """
    counted = [one[2] for one in part if not _is_beside(one)]
    sure = sum(_asks(wording, where_asked=True) or _asks_beside(wording) for wording in counted)
    marked = sum(wording.asks is Asks.MARK for wording in counted)
    least = SHARE_FOR_ALL if all(wording.numbered for wording in counted) else SHARE_ELSEWHERE
    enough = len(counted) >= FEWEST_ELSEWHERE and sure >= least * len(counted)
    return enough and marked >= SHARE_MARKED * len(counted)


def _without_chapters(note: Reading, named: Sequence[Candidate], group: Sequence[Candidate]) -> list[Candidate]:
    """Those named, without numbered headings that neither ask nor have a name, if most such ones prove nothing."""
    weak = [one for one in named if one[2].asks is Asks.NOT and one[0].first not in note.asking]
    like = sum(one[2].numbered and one[2].asks is Asks.NOT for one in group)
    if len(weak) * 2 >= like:
        return list(named)
    lines = {heading.first for heading, _, _ in weak if not SETS_TASK.match(plain(undecorated(heading.text)))}
    return [one for one in named if one[0].first not in lines]


def _announces(note: Reading, heading: Block) -> bool:
    """Whether a heading only says that questions follow, in a note that does not: "Basic questions"."""
    return heading.last in note.asking and heading.first not in note.asking


def _counted(part: Sequence[Candidate]) -> Sequence[Candidate]:
    """The numbered headings alone, if their numbers rise and no other one asks: what else there is has a title."""
    numbers = [int(wording.number) for _, _, wording in part if wording.number.isdigit()]
    rising = len(numbers) >= FEWEST_ELSEWHERE and all(one < other for one, other in pairwise(numbers))
    others = (wording for _, _, wording in part if not wording.number.isdigit())
    if not rising or any(wording.asks is not Asks.NOT for wording in others):
        return part
    return [one for one in part if one[2].number.isdigit()]


def _all_of_bank(note: Reading, part: Sequence[Candidate], *, fewest: int = FEWEST_FOR_ALL) -> Iterator[Candidate]:
    """The headings among many that ask with a text of their own right below: "Pure virtual functions"."""
    following = {block.first: after for block, after in pairwise(note.blocks)}
    levels = [block for block in note.blocks if block.kind is Kind.HEADING]
    deeper = {one.first for one, other in pairwise(levels) if other.level > one.level}
    for one in part if len(part) >= fewest else ():
        heading = one[0]
        below = following.get(heading.first)
        is_text = below is not None and below.kind not in (Kind.HEADING, Kind.RULE)
        if is_text and heading.first not in deeper:
            yield one


def _of_deck(note: Reading, part: Sequence[Candidate]) -> Sequence[Candidate]:
    """All headings of a part of a note that is called flashcards, and has none that are written in another way."""
    if not part or not all(one[0].first in note.cards for one in part) or note.source.has_signs_of_cards():
        return []
    own = list(_all_of_bank(note, part, fewest=FEWEST_IF_ALL))
    return own if len(own) >= FEWEST_IF_ALL else []


def _bare(note: Reading, group: Sequence[Candidate]) -> list[Candidate]:
    """The headings of one level if nearly all have nothing below them and some ask: a list of questions, no titles.

    Those with deeper headings right below are the titles of chapters and count for nothing.
    """
    levels = {
        heading.first: following.level if following is not None else 0
        for heading, following in pairwise([*note.blocks, None])
        if heading is not None
        and heading.kind is Kind.HEADING
        and (following is None or following.kind is Kind.HEADING)
    }
    bare = [one for one in group if one[2].prompt and levels.get(one[0].first, 7) <= one[0].level]
    asking = sum(wording.asks is not Asks.NOT for _, _, wording in bare)
    chapters = sum(levels.get(one[0].first, 0) > one[0].level for one in group)
    enough = len(bare) >= FEWEST_BARE and len(bare) >= SHARE_OF_BARE * (len(group) - chapters)
    return bare if enough and asking >= SHARE_ASKING_BARE * len(bare) else []


def _is_counted(note: Reading, one: Candidate) -> bool:
    """Whether a heading is numbered, and has no boxes below it that are steps of a plan: "Task 2: Tests".

    Or says that it is for practice: "Practice: A full disk".
    """
    heading, _, wording = one
    if _PRACTICE.match(plain(undecorated(heading.text))):
        return True
    if not wording.numbered or not SETS_TASK.match(plain(undecorated(heading.text))):
        return wording.numbered
    place = bisect_left(note.blocks, heading.last, key=lambda block: block.first)
    below = note.blocks[place : place + STEPS_WITHIN]
    return not any(block.kind in LISTS and any(map(is_boxed, block.children)) for block in below)


def _in_order(part: Sequence[Candidate]) -> bool:
    """Whether the headings are numbered one after the other, and are many."""
    numbers = [wording.number for _, _, wording in part]
    counted = [str(number) for number in range(1, len(part) + 1)]
    return len(part) >= FEWEST_IN_ORDER and sum(map(str.__eq__, numbers, counted)) >= len(part) - 1


def _enough_elsewhere(note: Reading, asking: Sequence[Candidate], part: Sequence[Candidate]) -> bool:
    """Whether so many headings ask that they are questions, in a note that does not say that it asks."""
    if len(asking) == len(part) == FEWEST_IF_ALL:
        level = asking[0][0].level
        others = [block for block in note.blocks if block.kind is Kind.HEADING and block is not note.title]
        sure = all(one[2].asks is Asks.MARK for one in asking)
        sure = sure and any(len(one[2].prompt.split()) >= WORDS_IF_ALL for one in asking)
        return sure and all(block.level >= level for block in others)
    marked = sum(wording.asks is Asks.MARK for _, _, wording in asking)
    enough = len(asking) >= FEWEST_ELSEWHERE and len(asking) >= SHARE_ELSEWHERE * len(part)
    return enough and marked >= SHARE_MARKED * len(asking)


def _asks(wording: AskedLine, *, where_asked: bool) -> bool:
    if wording.asks in (Asks.MARK, Asks.IMPERATIVE) or (wording.numbered and _UNFINISHED.search(wording.prompt)):
        return True
    return where_asked and (wording.asks is Asks.OPENING or (wording.numbered and is_task(wording.prompt)))


def _asks_beside(wording: AskedLine) -> bool:
    """Whether a heading asks among others that do, where the note says so: a comparison, or a task."""
    return is_task(wording.prompt) or _VERSUS.search(wording.prompt) is not None


def _teach(note: Reading, asking: Sequence[Candidate]) -> bool:
    """Whether most of these headings have headings below them, as the sections of a text that teaches have."""
    levels = [(block.first, block.level) for block in note.blocks if block.kind is Kind.HEADING]
    following = {first: levels[number + 1][1] for number, (first, _) in enumerate(levels[:-1])}
    deeper = sum(following.get(heading.first, 0) > heading.level for heading, _, _ in asking)
    return deeper > len(asking) / 3


def _is_inside(parent: int | None, found: dict[int, Opening], inside: set[int], line: int) -> bool:
    """Whether a heading is in the answer to a shallower one; such a one is added to `inside`."""
    if parent in found or parent in inside:
        inside.add(line)
    return line in inside


def _parents(all_of_them: Sequence[tuple[Block, Sequence[Block]]]) -> dict[int, int]:
    """The line of the next shallower heading above each heading, by the heading's line."""
    open_ones: list[Block] = []
    parents: dict[int, int] = {}
    for heading, _ in all_of_them:
        while open_ones and open_ones[-1].level >= heading.level:
            open_ones.pop()
        if open_ones:
            parents[heading.first] = open_ones[-1].first
        open_ones.append(heading)
    return parents


def _opening(heading: Block, below: Sequence[Block]) -> Opening:
    return Opening(
        convention=Convention.HEADINGS,
        line=heading.first,
        prompt=read(heading.text).prompt,
        lines=frozenset(heading.lines),
        below=below,
        level=heading.level,
        is_named=read(heading.text).asks is Asks.NAMED,
    )
