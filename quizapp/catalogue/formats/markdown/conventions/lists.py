"""Items of a list that ask: with the answer below them, or without one (drafts). Pure."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice, pairwise

from quizapp.catalogue.formats.markdown.answers import answer_summary
from quizapp.catalogue.formats.markdown.blocks import LISTS, Block, Kind
from quizapp.catalogue.formats.markdown.conventions.answer_key import folds_answers
from quizapp.catalogue.formats.markdown.conventions.bank_titles import OPEN
from quizapp.catalogue.formats.markdown.conventions.evidence import (
    are_told,
    counted_on,
    enumerations,
    flows,
    folded_answers,
    is_check,
    is_title_of_questions,
    is_wrapped,
    listed,
    may_be_counted_on,
    rest_shows_question,
    shows_question,
)
from quizapp.catalogue.formats.markdown.conventions.listed_opening import head_of, opening_of
from quizapp.catalogue.formats.markdown.conventions.stated import said_and_truth
from quizapp.catalogue.formats.markdown.labels import bold_lead, first_label, take_id
from quizapp.catalogue.formats.markdown.openings import Opening, Reading
from quizapp.catalogue.formats.markdown.options import is_boxed, line_options
from quizapp.catalogue.formats.markdown.source import Source
from quizapp.catalogue.formats.markdown.wording import (
    POINTS,
    TO_FILL,
    UNFINISHED,
    AskedLine,
    Asks,
    is_task,
    plain,
    read,
    unwrapped,
    wants_text,
)

_LONE_LINK = re.compile(r"\[[^\[\]]*\]\([^()]*\)|<a\s[^<>]*>[^<>]*</a>")
_BEGINS_ASKING = re.compile(r"[*_]{0,3}(?:what|why|how|when|which|where|who)\b[^:\n]*", re.IGNORECASE)
# Begins with a verb that tells to do something on a machine, as in a list of tasks to show.
# Below a question it asks on; it is a part of the answer.
_FOLLOW_UP = re.compile(r"[*_]{0,3}follow[- ]?ups?(?: questions?)?[*_]{0,3}\s?:", re.IGNORECASE)
_ORDER = re.compile(
    r"(?:unpack|remove|search|replace|find|list|create|write|show|print|count|sort|check|kill|start|stop|install|"
    r"configure|mount|copy|move|delete|change|set|get|test|compile|open|close|download|rename|extract|add)\b",
    re.IGNORECASE,
)
TITLE_MAX_CHARS = 80  # of an item whose second line asks
SHARE = 0.6  # of a list's items must ask
SHARE_WHERE_ASKED = 0.5  # below a title or heading that says that questions follow
SHARE_OF_NOTE = 0.6  # of all items of a note that does not say that it asks
FEWEST_LISTS = (
    3  # of questions, beside which a list asks too of which fewer items do: "Unpack a file", "Find all files"
)
FEWEST_DRAFTS = 10  # numbered items in a note that says that it asks, where nothing asks by its words
SHARE_AMONG_OTHERS = 1 / 3
SHARE_AMONG_LISTS = 1 / 4  # of bullets below a heading such as "Scenario questions", beside FEWEST_LISTS lists of them
SHARE_APART = 3 / 4  # of the numbered lists of a note that does not say that it asks are one item that does
FEWEST_ELSEWHERE = 3
FEWEST_OF_NOTE = 5  # items of a note that is nothing but lists
MOST_BESIDE = 2  # other blocks in such a note
WORDS_FEWEST = 3  # of an item that asks by its question mark in a note that does not say that it asks; not "Network?"
FEWEST_IN_ORDER = 2  # the same for numbered items
MOST_IN_STEM = 4  # blocks of a question below its item, up to its options
FEWEST_FOR_ALL = 3  # items of a list most of which ask; then the others ask too: "Processes or threads"


def find(note: Reading) -> list[Opening]:
    """Every item that asks, of lists of questions."""
    told = [range(one.first, one.last) for one in note.source.details if folds_answers(one)]
    lists = [one for one in note.blocks if one.kind in LISTS and not any(one.first in lines for lines in told)]
    note = replace(note, followed=_followed(note))
    steps = set(flows(note))
    asked = [block for block in lists if block.first in note.asking and block.first not in steps]
    is_open = any(listed(note, block) is None for block in asked)
    sure = (block for block in asked if is_open and _share(note, block) >= SHARE_WHERE_ASKED)
    among = len(list(islice(sure, FEWEST_LISTS))) == FEWEST_LISTS
    least = SHARE_AMONG_OTHERS if among else SHARE_WHERE_ASKED
    headed = _headed(note, least=SHARE_AMONG_LISTS if among else SHARE_AMONG_OTHERS) if is_open else {}
    if any(may_be_counted_on(block) for block in asked):
        ask = {block.first for block in asked if _share(note, block) >= SHARE_WHERE_ASKED}
        headed |= dict.fromkeys(counted_on(asked, ask), 0)
    found = [
        opening
        for block in asked
        for opening in _of_list(
            note, block, asked=True, least=headed.get(block.first, _least(block, least, among=among))
        )
    ]
    announced = set(enumerations(note)) | set(_left_open(note))
    elsewhere = [block for block in lists if block.first not in note.asking and block.first not in announced]
    elsewhere = [block for block in elsewhere if not all(is_boxed(item) for item in block.children)]  # things to check
    others = [opening for block in elsewhere for opening in _of_list(note, block, asked=False)]
    others = others if _ask_or_tell(note, others) else []
    answered = [opening for opening in others if _is_choice(note, opening)]
    items = sum(len(block.children) for block in elsewhere)
    if (len(others) >= FEWEST_ELSEWHERE and len(others) >= SHARE_OF_NOTE * items) or _are_the_note(note, elsewhere):
        least = 0.0 if _are_topics(elsewhere, items) else SHARE_WHERE_ASKED
        return [*found, *(one for block in elsewhere for one in _of_list(note, block, asked=True, least=least))]
    return [*found, *(answered or _apart(note, elsewhere) or _broken_off(elsewhere))]


def _left_open(note: Reading) -> Iterator[int]:
    """The first lines of lists right below headings such as *Open questions*: a plan does not know these yet."""
    for heading, block in pairwise(note.blocks):
        if heading.kind is Kind.HEADING and block.kind in LISTS and OPEN.match(plain(heading.text)):
            yield block.first


def _are_the_note(note: Reading, lists: Sequence[Block]) -> bool:
    """Whether a note is nothing but lists below headings, whose items ask; a list of pages has links alone."""
    others = [block for block in note.blocks if block.kind not in (Kind.HEADING, Kind.RULE, *LISTS)]
    items = [item for block in lists for item in block.children]
    if len(others) > MOST_BESIDE or len(items) < FEWEST_OF_NOTE:
        return False
    asking = [item for item in items if _asks(note, item, asked=True)]
    kinds = [read(head_of(item)).asks for item in asking]
    sure = kinds.count(Asks.MARK) * 2 >= len(kinds)
    sure = sure or (len(asking) == len(items) and kinds.count(Asks.IMPERATIVE) >= SHARE_AMONG_OTHERS * len(kinds))
    if _are_topics(lists, len(items)):
        return len(asking) * 2 >= len(items) and kinds.count(Asks.MARK) >= SHARE_AMONG_LISTS * len(items)
    links = sum(_LONE_LINK.fullmatch(head_of(item).strip()) is not None for item in asking)
    return len(asking) >= SHARE_APART * len(items) and sure and links * 2 <= len(asking)


def _are_topics(lists: Sequence[Block], items: int) -> bool:
    """Whether all lists are numbered from 1 on and hold many short lines: "10. Paging" among questions is one too."""
    numbered = all(block.kind is Kind.NUMBERS and block.children[0].info == "1" for block in lists)
    bare = numbered and all(
        _are_bare(block) and all(len(item.children) == 1 for item in block.children) for block in lists
    )
    return bare and items >= FEWEST_DRAFTS and len(lists) > 1


def _least(block: Block, least: float, *, among: bool) -> float:
    """How many items of a list must ask beside lists of questions: one, if all are short lines that set a task."""
    if not among or not all(_ORDER.match(head_of(item)) for item in block.children):
        return least
    return 1 / len(block.children) if _are_bare(block) else least


def _apart(note: Reading, lists: Sequence[Block]) -> list[Opening]:
    """The items of numbered lists of one item each, most of which ask and have text or another list behind them."""
    single = [block for block in lists if block.kind is Kind.NUMBERS and len(block.children) == 1]
    followed = {
        block.first
        for block, following in pairwise(note.blocks)
        if following.kind not in (Kind.HEADING, Kind.RULE, Kind.NUMBERS)
    }
    asking = [block for block in single if block.first in followed and _asks(note, block.children[0], asked=True)]
    marked = sum(read(head_of(block.children[0])).asks is Asks.MARK for block in asking)
    enough = len(asking) >= FEWEST_ELSEWHERE and len(asking) >= SHARE_APART * sum(
        one.kind is Kind.NUMBERS for one in lists
    )
    return (
        [opening_of(block.children[0], block.children[0].children[1:]) for block in asking]
        if enough and marked * 2 >= len(asking)
        else []
    )


def _broken_off(lists: Sequence[Block]) -> list[Opening]:
    """The items of numbered lists that begin with a question word and go on, most of them behind a hard line break."""
    items = [item for block in lists if block.kind is Kind.NUMBERS for item in block.children]
    asking = [
        item for item in items if _BEGINS_ASKING.match(head_of(item)) and ("\n" in head_of(item) or item.children[1:])
    ]
    broken = sum(head_of(item).split("\n", 1)[0].endswith(("\\", "  ")) for item in asking)
    enough = len(asking) >= max(FEWEST_ELSEWHERE, SHARE_APART * len(items)) and broken * 2 >= len(asking)
    return [opening_of(item, item.children[1:]) for item in asking] if enough else []


def drafts(note: Reading) -> Iterator[Opening]:
    """The numbered items of a note that says that it asks and has no other question: "4. Merge sorted lists"."""
    lists = [block for block in note.blocks if block.kind is Kind.NUMBERS and block.first in note.asking]
    items = [item for block in lists for item in block.children if len(item.children) == 1]
    bare = [item for item in items if head_of(item) and "](" not in head_of(item) and "\n" not in head_of(item)]
    if len(bare) >= FEWEST_DRAFTS and len(bare) == sum(len(block.children) for block in lists):
        yield from (opening_of(item, []) for item in bare)


def _followed(note: Reading) -> frozenset[int]:
    """The lines of the last items of lists after which options or an answer stand outside the list."""
    folded = folded_answers(note)
    begun = (block.children[-1].first for place, block in enumerate(note.blocks) if _ends_open(note, place))
    return frozenset(begun) | frozenset(
        block.children[-1].first
        for block, following in pairwise(note.blocks)
        if block.kind in LISTS
        and block.children
        and (
            block.first in folded
            or (shows_question(note, following) and (following.kind not in LISTS or following.kind is not block.kind))
        )
    )


def _ends_open(note: Reading, place: int) -> bool:
    """Whether a list ends with an item that a colon breaks off, with options below the rest of its question.

    "2. There are these files:", a list of them, and then a paragraph that asks above boxes.
    """
    block = note.blocks[place]
    if block.kind is not Kind.NUMBERS or not block.children or not head_of(block.children[-1]).rstrip().endswith(":"):
        return False
    for below in note.blocks[place + 1 : place + 1 + MOST_IN_STEM]:
        if below.kind in (Kind.HEADING, Kind.RULE, Kind.NUMBERS):
            return False
        if below.kind is Kind.BULLETS and (options := listed(note, below)) is not None:
            return any(option.right for option in options)
    return False


def _headed(note: Reading, *, least: float) -> dict[int, float]:
    """How many items must ask of each list right below a heading such as "Interview questions": of a numbered one none.

    By the first line of the list; of bullets `least`. What these say may also be what the questions are about: then
    none of them asks.
    """
    return {
        block.first: 0 if block.kind is Kind.NUMBERS else least
        for heading, block in pairwise(block for block in note.blocks if block.kind is not Kind.RULE)
        if heading.kind is Kind.HEADING and heading is not note.title and block.kind in LISTS
        if len(block.children) >= FEWEST_ELSEWHERE and is_title_of_questions(note, heading) and _are_bare(block)
    }


def _are_bare(block: Block) -> bool:
    """Whether each item begins with a short line that is no link and no term with its text; of bullets it is all."""
    is_numbered = block.kind is Kind.NUMBERS
    heads = [head_of(item) for item in block.children if is_numbered or len(item.children) == 1]
    heads = [unwrapped(head) for head in heads] if is_numbered else heads
    ok = [head for head in heads if head and "](" not in head and "\n" not in head and bold_lead(head) is None]
    return len(ok) == len(block.children)


def _share(note: Reading, block: Block) -> float:
    """How many of a list's items ask."""
    return sum(_asks(note, item, asked=True) for item in block.children) / max(len(block.children), 1)


def _of_list(note: Reading, block: Block, *, asked: bool, least: float = SHARE_WHERE_ASKED) -> Iterator[Opening]:
    """The questions of one list, and of the lists in its items if they ask too; `least` of its items must ask."""
    if listed(note, block) is not None:
        return
    asking = [item for item in block.children if _asks(note, item, asked=asked)]
    if not asked and len(block.children) >= FEWEST_ELSEWHERE and _all_marked(block):
        asking = list(block.children)  # "2. Pod?" among them
    if (asking or (asked and not least)) and len(asking) >= (least if asked else SHARE) * len(block.children):
        fewest = FEWEST_FOR_ALL if block.kind is Kind.BULLETS else FEWEST_IN_ORDER
        if asked and (not least or len(block.children) >= fewest):
            known = {item.first for item in asking}
            asking = [item for item in block.children if item.first in known or _may_ask(head_of(item))]
        counted = _counted_on(block)
        asking = [item for item in asking if counted or not is_deeper(note.source, item, block.children[0])]
        told = are_told([head_of(item) for item in block.children])
        for item, inner in _with_inner(note, asking, asked=asked):
            yield opening_of(item, [] if inner else item.children[1:], told=told)
            yield from inner
    else:
        for item in block.children:
            head = head_of(item)
            for child in item.children[1:] if first_label(head) != "a" and not _FOLLOW_UP.match(head) else ():
                yield from _nested(note, child, asked=asked)


def _with_inner(note: Reading, items: Sequence[Block], *, asked: bool) -> Iterator[tuple[Block, list[Opening]]]:
    """Items that ask, each with the questions of the lists in it; none if these are answers in most of the items."""
    inner = [[one for child in item.children[1:] for one in _nested(note, child, asked=asked)] for item in items]
    told = sum(any(child.kind in LISTS for child in item.children[1:]) for item in items)
    marked = any(read(one.prompt).asks is Asks.MARK for own in inner for one in own)
    asking = marked and sum(map(bool, inner)) * 2 >= told
    yield from ((item, own if asking else []) for item, own in zip(items, inner, strict=True))


def _all_marked(block: Block) -> bool:
    """Whether each item of a numbered list begins with a line that ends with a question mark, with text below it."""
    heads = [head_of(item) for item in block.children]
    told = all("\n" in head or len(item.children) > 1 for head, item in zip(heads, block.children, strict=True))
    return block.kind is Kind.NUMBERS and told and all(read(head.split("\n", 1)[0]).asks is Asks.MARK for head in heads)


def _counted_on(block: Block) -> bool:
    """Whether the numbers of a list's items rise, so that all are of one list, whatever their indentation."""
    numbers = [int(item.info) for item in block.children if item.info.isdigit()]
    return len(numbers) == len(block.children) > 1 and all(one < other for one, other in pairwise(numbers))


def is_deeper(source: Source, item: Block, other: Block) -> bool:
    """Whether an item is indented more than another one of its list, and so is meant as a part of the one above."""
    return _indent(source.lines[item.first]) > _indent(source.lines[other.first])


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _nested(note: Reading, block: Block, *, asked: bool) -> Iterator[Opening]:
    if block.kind in LISTS:
        yield from _of_list(note, block, asked=asked)


def _asks(note: Reading, item: Block, *, asked: bool) -> bool:
    text = head_of(item)
    if not text or first_label(text) is not None or _FOLLOW_UP.match(text):
        return False
    line = text.split("\n", 1)[0]
    if _is_entry(text):
        return False
    if not asked and _LONE_LINK.fullmatch(line.strip()):
        return False
    wording = read(take_id(line)[0])
    checks = not asked and is_check(wording.prompt)
    if asked and is_wrapped(text):
        return True
    marked = wording.asks is Asks.MARK and (asked or len(wording.prompt.split()) >= WORDS_FEWEST) and not checks
    if marked or (wording.asks is Asks.IMPERATIVE and (asked or _is_bold(line) or wants_text(wording.prompt))):
        return True
    if asked and (said_and_truth(line) is not None or ("\n" in text and POINTS.search(text) is not None)):
        return True
    if ("\n" in text and _is_scenario(text, wording)) or (item.info.isdigit() and TO_FILL.search(line)):
        return True
    if asked and (wording.asks is Asks.OPENING or is_task(wording.prompt)):
        return True
    return (
        item.first in note.followed
        or ("\n" in text and rest_shows_question(text.partition("\n")[2]))
        or (len(item.children) > 1 and any(shows_question(note, child) for child in item.children[1:]))
        or _has_details(note, item)
    )


def _is_bold(line: str) -> bool:
    return unwrapped(line.strip()) != line.strip()


def _is_scenario(text: str, wording: AskedLine) -> bool:
    """Whether an item is a title with a line below it that asks: "2. High latency", "• How do you find out why?"."""
    title, _, below = text.partition("\n")
    if wording.asks is not Asks.NOT or not below or "\n" in below or len(title) > TITLE_MAX_CHARS:
        return False
    return read(below.lstrip(" \u2022\u25cf-")).asks is Asks.MARK


def _may_ask(text: str) -> bool:
    """Whether an item among items that ask may be a question: no entry of a table of contents and no mere link."""
    return bool(text) and not _is_entry(text) and _LONE_LINK.fullmatch(text.strip()) is None


def _is_entry(text: str) -> bool:
    """Whether an item is an entry of a table of contents."""
    return "](#" in text and text.lstrip("*_ ").startswith("[") and plain(text) != text


def _has_details(note: Reading, item: Block) -> bool:
    """Whether a `<details>` that holds an answer begins in an item."""
    return _folds(note, item.first, item.last)


def _folds(note: Reading, first: int, last: int) -> bool:
    """Whether a `<details>` that holds an answer begins behind a line and before another one."""
    for place in range(bisect_right(note.details, first), len(note.source.details)):
        one = note.source.details[place]
        if one.first >= last:
            return False
        if not one.summary or answer_summary(one.summary) is not None:
            return True
    return False


def _is_choice(note: Reading, opening: Opening) -> bool:
    below = any(shows_question(note, block) for block in opening.below)
    if _folds(note, opening.line, max([opening.line, *(block.last for block in opening.below)])):
        return True
    return opening.line in note.followed or below or rest_shows_question(opening.rest)


def _ask_or_tell(note: Reading, openings: Sequence[Opening]) -> bool:
    """Whether most of these items ask or are unfinished, or have a right option: else their letters are an outline."""
    sure = 0
    for one in openings:
        asks = read(one.prompt).asks is not Asks.NOT or UNFINISHED.search(one.prompt) is not None
        below = [block for block in one.below if shows_question(note, block)]
        in_lists = [listed(note, block) or [] for block in below if block.kind in LISTS]
        in_lines = line_options(one.rest.split("\n")) if one.rest else None
        right = any(option.right for options in (*in_lists, in_lines[2] if in_lines else []) for option in options)
        told = _is_choice(note, one) and not in_lists and in_lines is None
        told = told or one.line in note.followed or any(block.kind not in LISTS for block in below)
        sure += asks or right or told
    return sure * 2 >= len(openings)
