"""Reads answers that stand apart from their questions: below a heading *Answers* or *Solutions*, by number. Pure.

Each chapter may have such a heading of its own; what stands there counts on from the questions above it. An answer
begins with its number, as an item, a paragraph or a heading, and goes on to the next one. Lines count from 0.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from quizapp.catalogue.formats.markdown.answers import is_way_back
from quizapp.catalogue.formats.markdown.blocks import LISTS, Block, Kind
from quizapp.catalogue.formats.markdown.conventions.answer_key import (
    ANSWERS,
    FEWEST,
    IN_LINE,
    LETTER_FIRST,
    AnswerKey,
    entries_in_line,
    entries_of,
    folds_answers,
    is_remark,
    letters_of,
    title_line,
    without_name,
)
from quizapp.catalogue.formats.markdown.regions import Details
from quizapp.catalogue.formats.markdown.source import Source
from quizapp.catalogue.formats.markdown.wording import plain, read, undecorated

_PART = re.compile(r"(?:Q\s?)?(\d{1,3})\s?[-.):\u2013=]\s?([^,;|\n]+?)\s*(?:[,;|\n]|$)", re.IGNORECASE)
_CLOSED = re.compile(r"[^*\n]+\*\*[ \t]*(?:\n|$)")  # the rest of a line whose bold began before its number

Entry = tuple[int, list[str]]


def key_of(blocks: Sequence[Block], asked: Sequence[int], source: Source) -> AnswerKey | None:
    """The answers of all such headings; None if there is none, or if one of them does not fit the questions above it.

    `asked` are the lines of the questions, in order. Those that only begin an answer again are among them.
    """
    told: dict[int, str] = {}
    taken: list[Block] = []
    folds: list[Details] = []
    again: set[int] = set()
    counted = since = 0
    for first, title, fold in _places(blocks, source):
        if first < since:
            continue
        in_line = IN_LINE.match(title.text) if title is not None and title.kind is Kind.PARAGRAPH else None
        inside = _inside(blocks, title, fold)
        before = bisect_left(asked, first) - bisect_left(asked, since)
        above = asked[bisect_left(asked, since) : bisect_left(asked, first)]
        entries = _parts(in_line["rest"]) if in_line is not None else _told(inside, above, source)
        if not FEWEST <= len(entries) == before or [at for at, _ in entries] != list(range(1, before + 1)):
            return None
        joined = {counted + at: "\n\n".join(text for text in texts if text.strip()) for at, texts in entries}
        told |= {at: without_name(text) for at, text in joined.items()}
        taken += inside
        folds += [fold] if fold is not None else []
        since = inside[-1].last
        again |= {line for line in asked if first <= line < since}
        counted += before
    if not told:
        return None
    letters = {at: found for at, text in told.items() if (found := letters_of(text)) is not None}
    if any(LETTER_FIRST.match(text) for at, text in told.items() if at not in letters):
        return None
    return AnswerKey(
        blocks=tuple(taken),
        right={at: places for at, (places, _) in letters.items()},
        told=told | {at: why for at, (_, why) in letters.items()},
        whole=told,
        folds=tuple(folds),
        again=frozenset(again),
    )


def _told(inside: Sequence[Block], above: Sequence[int], source: Source) -> list[Entry]:
    """The answers below a title, counted from 1, whether they are numbered so or as the questions `above` them are."""
    counted = _entries(inside, source, range(1, len(above) + 1)) if above else []
    if len(counted) == len(above):
        return counted
    names = [read(source.lines[line].lstrip("#> ")).number for line in above]
    written = [int(number) for number in names if number.isdigit()]
    entries = _entries(inside, source, written) if len(written) == len(names) > 0 else []
    if [at for at, _ in entries] != written:
        return counted
    return [(place, texts) for place, (_, texts) in enumerate(entries, start=1)]


def _parts(line: str) -> list[Entry]:
    """The entries of a line that holds all of them."""
    letters = entries_in_line(line)
    return [(at, [text]) for at, text in letters or ((int(one[1]), one[2]) for one in _PART.finditer(line))]


def _places(blocks: Sequence[Block], source: Source) -> list[tuple[int, Block | None, Details | None]]:
    """The lines at which answers are announced, each with its title or its `<details>`."""
    titled: list[tuple[int, Block | None, Details | None]] = [
        (one.first, one, None) for one in blocks if _is_title(one)
    ]
    folded = [(one.first, None, one) for one in source.details if folds_answers(one)]
    return sorted([*titled, *folded], key=lambda place: place[0])


def _is_title(block: Block) -> bool:
    if block.kind is Kind.PARAGRAPH and IN_LINE.match(block.text):
        return True
    title = title_line(block)
    return title is not None and ANSWERS.match(plain(undecorated(title)).strip("* ")) is not None


def _inside(blocks: Sequence[Block], title: Block | None, fold: Details | None) -> list[Block]:
    """A title and what stands below it, up to the next heading of its level; or what a `<details>` holds.

    Below a bold line it goes up to any heading, and a line with all answers stands alone.
    """
    if fold is not None:
        return [block for block in blocks if fold.first <= block.first < fold.last]
    assert title is not None
    if title.kind is Kind.PARAGRAPH and IN_LINE.match(title.text):
        return [title]
    level = title.level if title.kind is Kind.HEADING else 7
    inside = [title]
    for block in blocks[bisect_left(blocks, title.last, key=lambda one: one.first) :]:
        if block.kind is Kind.HEADING and block.level <= level:
            break
        inside.append(block)
    while inside[-1].kind is Kind.RULE:
        inside.pop()
    return inside


def _entries(inside: Sequence[Block], source: Source, numbers: Sequence[int]) -> list[Entry]:
    """Number and texts of each answer, of which the next has the next of `numbers`; empty if text stands before all.

    Headings that begin no answer are titles of parts, as those of the questions are, where another begins right below.
    """
    found: list[Entry] = []
    own = [block for block in inside if not _is_title(block) and block.kind is not Kind.RULE]
    headed = any(block.kind is Kind.HEADING and read(block.text).number == str(numbers[0]) for block in own[:1])
    for block, below in zip(own, [*own[1:], None], strict=True):
        left = numbers[len(found) :]
        begun = list(_begun(block, left, source, headed=headed)) if left else []
        if begun:
            found += begun
        elif (
            is_way_back(block)
            or (not found and is_remark(block))
            or (not headed and block.kind is Kind.HEADING and (not found or _is_next(below, left, source)))
        ):
            continue
        elif not found:
            return []
        else:
            found[-1][1].append(source.text_of(block))
    return found


def _is_next(block: Block | None, left: Sequence[int], source: Source) -> bool:
    """Whether the next answer begins in a block."""
    return block is not None and bool(left) and any(_begun(block, left, source, headed=False))


def _begun(block: Block, left: Sequence[int], source: Source, *, headed: bool) -> Iterator[Entry]:
    """The answers that begin in a block, if the numbers of those that are `left` come one after the other there."""
    if headed:
        wording = read(block.text) if block.kind is Kind.HEADING else None
        if wording is not None and wording.number == str(left[0]):
            yield left[0], [wording.prompt]
        return
    if block.kind is Kind.NUMBERS and any(len(item.children) > 1 for item in block.children):
        if block.children[0].info == str(left[0]):
            yield from ((int(item.info), list(map(source.text_of, item.children))) for item in block.children)
        return
    entries = list(entries_of(block))
    if not entries or entries[0][0] != left[0]:
        return
    if block.kind in (*LISTS, Kind.TABLE) and [at for at, _ in entries] != list(left[: len(entries)]):
        return  # what names something else among them would be lost
    last: Entry | None = None
    begun = 0
    for at, text in entries:
        if begun < len(left) and at == left[begun]:
            if last is not None:
                yield last
            last = at, [f"**{text}" if _CLOSED.match(text) else text]
            begun += 1
        elif last is not None:
            last[1][-1] += f"\n{text}"
    if last is not None:
        yield last
