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
)
from quizapp.catalogue.formats.markdown.regions import Details
from quizapp.catalogue.formats.markdown.source import Source
from quizapp.catalogue.formats.markdown.wording import plain, read, undecorated

_PART = re.compile(r"(?:Q\s?)?(\d{1,3})\s?[-.):\u2013=]\s?([^,;|\n]+?)\s*(?:[,;|\n]|$)", re.IGNORECASE)

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
        entries = _entries(inside, source) if in_line is None else _parts(in_line["rest"])
        if not FEWEST <= len(entries) == before or [at for at, _ in entries] != list(range(1, before + 1)):
            return None
        told |= {counted + at: "\n\n".join(text for text in texts if text.strip()) for at, texts in entries}
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


def _entries(inside: Sequence[Block], source: Source) -> list[Entry]:
    """Number and texts of each answer; empty if something stands before the first one."""
    found: list[Entry] = []
    own = [block for block in inside if not _is_title(block)]
    headed = bool(own) and own[0].kind is Kind.HEADING and read(own[0].text).number == "1"
    own = own if headed else [block for block in own if block.kind is not Kind.HEADING]  # parts of the key
    for block in own:
        begun = list(_begun(block, len(found) + 1, source, headed=headed))
        if begun:
            found += begun
        elif is_way_back(block) or (not found and is_remark(block)):
            continue
        elif not found:
            return []
        elif block.kind is not Kind.RULE:
            found[-1][1].append(source.text_of(block))
    return found


def _begun(block: Block, following: int, source: Source, *, headed: bool) -> Iterator[Entry]:
    """The answers that begin in a block, if the first one has the number `following`."""
    if headed:
        wording = read(block.text) if block.kind is Kind.HEADING else None
        if wording is not None and wording.number == str(following):
            yield following, [wording.prompt]
        return
    if block.kind is Kind.NUMBERS and any(len(item.children) > 1 for item in block.children):
        if block.children[0].info == str(following):
            yield from ((int(item.info), list(map(source.text_of, item.children))) for item in block.children)
        return
    entries = list(entries_of(block))
    if not entries or entries[0][0] != following:
        return
    last: Entry | None = None
    for at, text in entries:
        if at == (last[0] + 1 if last is not None else following):
            if last is not None:
                yield last
            last = at, [text]
        elif last is not None and block.kind not in (*LISTS, Kind.TABLE):
            last[1][-1] += f"\n{text}"
    if last is not None:
        yield last
