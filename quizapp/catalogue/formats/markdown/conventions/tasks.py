"""Headings that set a task: `# Task 3: Network policy`, with what to do below and perhaps the solution. Pure.

A plan of work has such headings too. So they ask if most say "Task:" below, or have a solution, or if the note says
that it is for an exam.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence

from quizapp.catalogue.formats.markdown.answers import answer_heading, answer_summary, is_answer_line
from quizapp.catalogue.formats.markdown.blocks import Block, Kind
from quizapp.catalogue.formats.markdown.labels import first_label
from quizapp.catalogue.formats.markdown.openings import Convention, Opening, Reading
from quizapp.catalogue.formats.markdown.wording import Asks, plain, read, undecorated

FEWEST = 2
SHARE = 0.6  # of a level's headings are tasks, and of these so many show what they are
_NUMBERED = re.compile(r"^(?:task|exercise|challenge)\s*#?\d{1,3}\b", re.IGNORECASE)
_SAYS_TASK = re.compile(r"^[*_]{0,3}Task[*_]{0,3}\s?:", re.IGNORECASE)
_OF_EXERCISES = re.compile(r"\b(?:exercises|challenges)\b", re.IGNORECASE)  # a title above *Exercise 1*
_EXERCISE = re.compile(r"^(?:exercise|challenge)\b", re.IGNORECASE)
_FOR_EXAMS = re.compile(r"\b(?:ck(?:a|ad|s)|rhcsa|rhce|lfcs|(?:mock|practice) (?:exam|test)s?)\b", re.IGNORECASE)


def find(note: Reading) -> list[Opening]:
    """Every such heading, if most of its level are tasks."""
    headed = [block for block in note.blocks if block.kind is Kind.HEADING and answer_heading(block.text) is None]
    if sum(_may_set(note, block) for block in headed) < FEWEST:
        return []
    for level in sorted({block.level for block in headed}):
        group = [one for one in headed if one.level == level and one is not note.title]
        found = [one for one in group if _may_set(note, one)]
        if len(found) >= max(FEWEST, SHARE * len(group)):
            return [_opening(one) for one in found] if _is_meant(note, found) else []
    return []


def _may_set(note: Reading, heading: Block) -> bool:
    if _NUMBERED.match(plain(undecorated(heading.text))):
        return True
    wording = read(heading.text)
    return wording.numbered and wording.asks is Asks.NOT and _says_task(note, heading)


def _says_task(note: Reading, heading: Block) -> bool:
    below = next((line for line in note.source.lines[heading.last :] if line.strip()), "")
    return _SAYS_TASK.match(below.strip()) is not None


def _is_meant(note: Reading, tasks: Sequence[Block]) -> bool:
    """Whether these are tasks for who learns: by what stands below most of them, or by the note's first heading."""
    if sum(_says_task(note, one) for one in tasks) >= SHARE * len(tasks):
        return True
    title = note.title if note.title is not None else note.blocks[0]
    if _OF_EXERCISES.search(plain(title.text)) and all(_EXERCISE.match(plain(undecorated(one.text))) for one in tasks):
        return True
    if _FOR_EXAMS.search(plain(title.text)) or all(one.first in note.asking for one in tasks):
        return True
    return _solved(note, tasks) >= SHARE * len(tasks)


def _solved(note: Reading, tasks: Sequence[Block]) -> int:
    """Behind how many of these headings a solution begins before the next one of them."""
    begun = [block.first for block in note.blocks if _solves(block)]
    begun += [one.first for one in note.source.details if one.summary and answer_summary(one.summary) is not None]
    begun.sort()
    ends = [*(one.first for one in tasks[1:]), len(note.source.lines)]
    return sum(bisect_left(begun, one.last) < bisect_left(begun, end) for one, end in zip(tasks, ends, strict=True))


def _solves(block: Block) -> bool:
    """Whether a block begins a solution."""
    if block.kind is Kind.HEADING:
        return answer_heading(block.text) is not None
    return block.kind is Kind.PARAGRAPH and (first_label(block.text) == "a" or is_answer_line(block.text))


def _opening(heading: Block) -> Opening:
    name = read(heading.text).prompt
    return Opening(
        convention=Convention.HEADINGS,
        line=heading.first,
        prompt="" if _NUMBERED.fullmatch(plain(undecorated(heading.text))) else name,
        lines=frozenset(heading.lines),
        level=heading.level,
        is_named=True,
        sets_task=True,
    )
