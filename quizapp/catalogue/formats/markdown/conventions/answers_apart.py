"""Reads answers that stand apart from their questions: below a heading *Answers* or *Solutions*, by number. Pure.

Each chapter may have such a heading of its own; what stands there counts on from the questions above it. An answer
begins with its number, as an item, a paragraph or a heading, and goes on to the next one. Lines count from 0.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from quizapp.catalogue.formats.markdown.blocks import LISTS, Block, Kind
from quizapp.catalogue.formats.markdown.conventions.answer_key import (
    ANSWERS,
    FEWEST,
    LETTER_FIRST,
    AnswerKey,
    entries_of,
    letters_of,
)
from quizapp.catalogue.formats.markdown.conventions.bold_lines import bold_line
from quizapp.catalogue.formats.markdown.source import Source
from quizapp.catalogue.formats.markdown.wording import plain, read, undecorated

Entry = tuple[int, list[str]]


def key_of(blocks: Sequence[Block], asked: Sequence[int], source: Source) -> AnswerKey | None:
    """The answers of all such headings; None if there is none, or if one of them does not fit the questions above it.

    `asked` are the lines of the questions, in order. Those that only begin an answer again are among them.
    """
    told: dict[int, str] = {}
    taken: list[Block] = []
    again: set[int] = set()
    counted = since = 0
    for number, title in enumerate(blocks[:-1]):
        if title.first < since or not _is_title(title):
            continue
        inside = _inside(blocks, number)
        before = bisect_left(asked, title.first) - bisect_left(asked, since)
        entries = _entries(inside, source)
        if not FEWEST <= len(entries) == before or [at for at, _ in entries] != list(range(1, before + 1)):
            return None
        told |= {counted + at: "\n\n".join(text for text in texts if text.strip()) for at, texts in entries}
        taken += [title, *inside]
        since = inside[-1].last
        again |= {line for line in asked if title.first <= line < since}
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
        again=frozenset(again),
    )


def _is_title(block: Block) -> bool:
    title = block.text if block.kind is Kind.HEADING else bold_line(block)
    return title is not None and ANSWERS.match(plain(undecorated(title)).strip("* ")) is not None


def _inside(blocks: Sequence[Block], number: int) -> list[Block]:
    """What stands below such a title, up to the next heading of its level; below a bold line up to any heading."""
    title = blocks[number]
    level = title.level if title.kind is Kind.HEADING else 7
    inside: list[Block] = []
    for block in blocks[number + 1 :]:
        if block.kind is Kind.HEADING and block.level <= level:
            break
        inside.append(block)
    while inside and inside[-1].kind is Kind.RULE:
        inside.pop()
    return inside


def _entries(inside: Sequence[Block], source: Source) -> list[Entry]:
    """Number and texts of each answer; empty if something stands before the first one."""
    found: list[Entry] = []
    headed = bool(inside) and inside[0].kind is Kind.HEADING
    for block in inside:
        begun = list(_begun(block, len(found) + 1, source, headed=headed))
        if begun:
            found += begun
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
