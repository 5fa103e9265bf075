"""Lines that ask, or quotations, and have an answer by name below: "> What …?", "**Answer:** …". Pure."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from quizapp.catalogue.formats.markdown.blocks import LISTS, Block, Kind
from quizapp.catalogue.formats.markdown.conventions.bold_lines import bold_line
from quizapp.catalogue.formats.markdown.labels import first_label, without_name
from quizapp.catalogue.formats.markdown.openings import Convention, Opening, Reading
from quizapp.catalogue.formats.markdown.options import listed_options
from quizapp.catalogue.formats.markdown.wording import AskedLine, Asks, may_be_named, read

FEWEST_IN_ONE = 2  # questions of one paragraph

_NAMES_ITEM = re.compile(r"(?:[A-Ha-h]|\d{1,2})(?:\s?(?:,|and|&)\s?(?:[A-Ha-h]|\d{1,2}))*[.)]?$")
FEWEST_BOLD = 2  # quotations whose first line is bold and asks, and that go on: then their other lines are the answer


def find(note: Reading) -> Iterator[Opening]:
    """Every such line that is not bold, which `bold_lines` weighs against the note's other bold lines.

    Quotations that ask above lists of tasks do so too, if one of these tasks is done: then they are options; and
    so do quotations with a bold question and its answer, if there are several.
    """
    above_tasks: list[tuple[Opening, bool]] = []
    bold: list[Opening] = []
    others: list[Opening] = []
    paragraphs = [block for block in note.blocks if block.kind is Kind.PARAGRAPH]
    for paragraph in paragraphs:
        yield from _one_after_the_other(paragraph)
    found = 0
    for block, following in pairwise([*note.blocks, None]):
        assert block is not None
        asking = _asking(block)
        if asking is None:
            continue
        first, *rest = asking.text.split("\n")
        answered = first_label(rest[0]) == "a" if rest else _is_answer(following)
        if answered and _may_ask(read(first)) and bold_line(asking) is None:
            found += 1
            yield _opening(asking, read(first).prompt, rest)
        elif block.kind is Kind.QUOTE and rest and bold_line(asking) is not None:
            (bold if read(first).asks is Asks.MARK else others).append(_opening(asking, read(first).prompt, rest))
        elif block.kind is Kind.QUOTE and read(first).asks is Asks.MARK and following is not None:
            options = listed_options(following, note.source) if following.kind in LISTS else None
            if options is not None:
                above_tasks.append((_opening(asking, read(first).prompt, rest), any(one.right for one in options)))
    yield from _above_lists(note)
    if found:
        yield from (one for paragraph in paragraphs for one in _behind_an_answer(paragraph))
    if len(bold) >= FEWEST_BOLD:
        yield from [*bold, *(others if len(others) < len(bold) else ())]
    if any(is_answered for _, is_answered in above_tasks):
        yield from (opening for opening, _ in above_tasks)


def _above_lists(note: Reading) -> Iterator[Opening]:
    """The paragraphs that ask above a plain list and a line that names the right item: "Correct: 2"."""
    for block, listed, answer in zip(note.blocks, note.blocks[1:], note.blocks[2:], strict=False):
        if block.kind is Kind.PARAGRAPH and listed.kind in LISTS and _is_answer(answer) and bold_line(block) is None:
            value = without_name(answer.text.split("\n", 1)[0]).strip("*_ ()")
            lines = block.text.split("\n")
            if _NAMES_ITEM.match(value) and read(lines[-1]).asks is Asks.MARK and not may_be_named(lines[0]):
                yield Opening(
                    convention=Convention.ANSWERED,
                    line=block.first,
                    prompt=read(block.text).prompt,
                    lines=frozenset(block.lines),
                )


def _one_after_the_other(block: Block) -> Iterator[Opening]:
    """The questions of a paragraph that holds several, each on the line above its answer, perhaps below its title."""
    lines = block.text.split("\n")
    answers = [at for at, line in enumerate(lines) if at and first_label(line) == "a"]
    asked = [at - 1 for at in answers if read(lines[at - 1]).asks in (Asks.MARK, Asks.IMPERATIVE)]
    if len(answers) < FEWEST_IN_ONE or asked != [at - 1 for at in answers]:
        return
    starts = [at - 1 if at and _is_title(lines[at - 1]) else at for at in asked]
    for start, at, end in zip(starts, asked, [*starts[1:], len(lines)], strict=True):
        yield Opening(
            convention=Convention.ANSWERED,
            line=block.first + start,
            prompt=read("\n".join(lines[start : at + 1])).prompt,
            lines=frozenset(range(block.first + start, block.first + at + 1)),
            rest="\n".join(lines[at + 1 : end]),
            rest_line=block.first + at + 1,
        )


def _behind_an_answer(block: Block) -> Iterator[Opening]:
    """The question with its answer that no blank line parts from the last lines of the answer before it."""
    lines = block.text.split("\n")
    answers = [at for at, line in enumerate(lines) if first_label(line) == "a"]
    at = answers[0] - 1 if len(answers) == 1 else 0
    if at > 0 and read(lines[at]).asks is Asks.MARK:
        yield _opening(replace(block, first=block.first + at), read(lines[at]).prompt, lines[at + 1 :])


def _is_title(line: str) -> bool:
    return line.rstrip(" *_").endswith(":") and first_label(line) is None and not may_be_named(line)


def _may_ask(wording: AskedLine) -> bool:
    """Whether a line with an answer by name below it asks: by its words, or as one of numbered lines."""
    return wording.asks in (Asks.MARK, Asks.IMPERATIVE) or (wording.numbered and bool(wording.prompt))


def _asking(block: Block) -> Block | None:
    """The paragraph that may ask: a block that is one, or the only one of a quotation, perhaps behind a number."""
    if block.kind is Kind.QUOTE and len(block.children) == 1:
        inner = block.children[0]
        while inner.kind in (Kind.NUMBERS, Kind.ITEM) and len(inner.children) == 1:
            inner = inner.children[0]
        return inner if inner.kind is Kind.PARAGRAPH else None
    return block if block.kind is Kind.PARAGRAPH else None


def _is_answer(block: Block | None) -> bool:
    return block is not None and block.kind is Kind.PARAGRAPH and first_label(block.text) == "a"


def _opening(block: Block, prompt: str, rest: list[str]) -> Opening:
    return Opening(
        convention=Convention.ANSWERED,
        line=block.first,
        prompt=prompt,
        lines=frozenset([block.first]),
        rest="\n".join(rest),
        rest_line=block.first + 1,
    )
