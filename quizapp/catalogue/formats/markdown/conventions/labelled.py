"""Questions by name: `Q: …`, `**Q1.** …`, `Question 3: …`, in a paragraph or on a line of one, or in an item. Pure."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from quizapp.catalogue.formats.markdown.answers import unquoted
from quizapp.catalogue.formats.markdown.blocks import LISTS, Block, Kind
from quizapp.catalogue.formats.markdown.labels import EMPTY_NAME, bold_lead, first_label, split_labels, take_id
from quizapp.catalogue.formats.markdown.languages import QUESTION_MARKS
from quizapp.catalogue.formats.markdown.openings import Convention, Opening, Reading
from quizapp.catalogue.formats.markdown.options import is_counted
from quizapp.catalogue.formats.markdown.wording import (
    LINE_MAX_CHARS,
    Asks,
    asked_and_told,
    may_be_named,
    read,
    tells_of_trouble,
)
from quizapp.catalogue.html.rendering import FIELD_MAX_CHARS

_EACH = re.compile(r"\b(?:each|every)\b", re.IGNORECASE)
FEWEST_QUOTED = 2  # of a note that does not say that it asks


def find(note: Reading) -> Iterator[Opening]:
    """Every question that is named as one, outside headings; a single quotation is an example of one."""
    told = _descriptions(note)
    yield from (one for one in _in(note.blocks) if one.line not in told)
    quoted = [one for block in note.blocks if block.kind is Kind.QUOTE for one in _quoted(note, block)]
    yield from (one for one in quoted if len(quoted) >= FEWEST_QUOTED or one.line in note.asking)


def _descriptions(note: Reading) -> frozenset[int]:
    """The lines of lists that say what a bank is made of: "Each question includes:", "- **Question**: clear"."""
    found: set[int] = set()
    for sentence, block in pairwise(note.blocks):
        announces = sentence.kind is Kind.PARAGRAPH and sentence.text.rstrip("*_ ").endswith(":")
        if block.kind in LISTS and announces and _EACH.search(sentence.text) is not None:
            found |= (
                {item.first for item in block.children if "?" not in item.children[0].text}
                if all(item.children for item in block.children)
                else set()
            )
    return frozenset(found)


def _in(blocks: Sequence[Block]) -> Iterator[Opening]:
    for block in blocks:
        if block.kind is Kind.PARAGRAPH:
            if may_be_named(block.text):
                yield from _paragraph(block)
        elif block.kind in LISTS:
            for item in block.children:
                opening = _item(item)
                if opening is not None:
                    yield opening
                else:
                    yield from _in(item.children)


def _quoted(note: Reading, quote: Block) -> Iterator[Opening]:
    """The questions of a quotation, each with the lines of it up to the next one."""
    found = [one for part in quote.children if part.kind is Kind.PARAGRAPH for one in _paragraph(part)]
    lines = unquoted(note.source.text_of(quote)).split("\n")
    folds = any(quote.first <= one.first < quote.last for one in note.source.details)
    for one, end in zip(found, [*(other.line for other in found[1:]), quote.last], strict=False):
        empty = {number for number in range(one.line, end) if not lines[number - quote.first].strip()}
        one.lines |= empty
        if folds:
            one.below = [part for part in quote.children if max(one.lines - empty) < part.first < end]
            yield one
            continue
        one.rest_line = max(one.lines - empty) + 1
        own = lines[one.rest_line - quote.first : end - quote.first]
        blank = next((at for at, line in enumerate(own) if line.strip()), 0)
        one.rest_line += blank
        one.rest = "\n".join(own[blank:])
        yield one


def _item(item: Block) -> Opening | None:
    head = item.children[0] if item.children else None
    if head is None or head.kind is not Kind.PARAGRAPH:
        return None
    if not may_be_named(head.text) or first_label(head.text) is not None:
        return None
    found = next(_paragraph(head), None)
    if found is None or found.line != head.first:
        return None
    bold = bold_lead(take_id(head.text)[0])
    found.convention = Convention.BOLD if bold is not None and len(bold[0]) > 2 else Convention.PAIRS
    found.below = item.children[1:]
    return found


def _paragraph(block: Block) -> Iterator[Opening]:
    """The openings of a paragraph: a line that is named begins one, which goes on to the next such line."""
    if not may_be_named(block.text):
        return
    lines = _with_their_questions(_with_capitals(block.text.split("\n")))
    starts = [number for number, line in enumerate(lines) if _is_named(line)]
    for start, end in zip(starts, [*starts[1:], len(lines)][: len(starts)], strict=True):
        if (on_its_line := _told(block, lines, start, end)) is not None:
            yield on_its_line
            continue
        last = start + 1
        while last < end and first_label(lines[last]) is None and not _is_option(lines[last]):
            if _prompt_ends(lines[start:last]) or _is_asked(lines[last - 1], lines[last]):
                break
            last += 1
        prompt, told = _parted("\n".join(lines[start:last]))
        yield Opening(
            convention=Convention.PAIRS,
            line=block.first + start,
            prompt=_without_name(prompt),
            lines=frozenset(range(block.first + start, block.first + last)),
            rest="\n".join([*told, *lines[last:end]]),
            rest_line=block.first + last - len(told),
        )


def _with_their_questions(lines: list[str]) -> list[str]:
    """The lines, in which a name alone, `**Question:**`, has the question that stands on the next line beside it."""
    for at, (line, below) in enumerate(pairwise(lines)):
        if EMPTY_NAME.match(line) and below.strip() and first_label(below) is None and not EMPTY_NAME.match(below):
            lines[at], lines[at + 1] = f"Q: {below.strip()}", ""
    return lines


def _told(block: Block, lines: list[str], start: int, end: int) -> Opening | None:
    """The question of a line that is bold up to its question mark and goes on with the answer; None for other lines."""
    parts = asked_and_told(lines[start]) if bold_lead(read(lines[start]).prompt) is not None else None
    if parts is None:
        return None
    return Opening(
        convention=Convention.PAIRS,
        line=block.first + start,
        prompt=parts[0],
        lines=frozenset([block.first + start]),
        rest="\n".join([parts[1], *lines[start + 1 : end]]),
        rest_line=block.first + start,
    )


def _parted(prompt: str) -> tuple[str, list[str]]:
    """A prompt, and the lines of the answer that begins behind its question mark: "… in it? **Answer:** Yes."."""
    if "\n" in prompt or not 0 <= prompt.find("?") < len(prompt.rstrip("*_ ")) - 1:
        return prompt, []  # most have nothing behind their question mark
    _, labels = split_labels(prompt)
    answer = next((label for label in labels if label.label == "a"), None)
    if answer is None:
        return prompt, []
    asked = prompt[: prompt.rindex(answer.text)] if answer.text else prompt
    asked = asked[: asked.rfind("?") + 1]
    return (asked, [prompt[len(asked) :].strip()]) if asked else (prompt, [])


def _with_capitals(lines: list[str]) -> list[str]:
    """The lines, in which an `a:` after a `q:` is an `A:`, which otherwise would be a word like any other."""
    if not any(line.startswith("q:") for line in lines):
        return lines
    return [f"A{line[1:]}" if line.startswith("a:") else line for line in lines]


def _prompt_ends(lines: list[str]) -> bool:
    """Whether a question's text is whole: its bold words are closed, or it has its question mark, or a hard break."""
    text = "\n".join(lines).rstrip()
    if lines[-1].endswith(("  ", "\\")) and (text.endswith(("?", "**"))):
        return True
    return text.startswith(("**", "__")) and text.endswith(("**", "__")) and len(text) > 4


def _is_asked(line: str, following: str) -> bool:
    """Whether a question ends with a line, whose following one asks nothing more."""
    return line.endswith(QUESTION_MARKS) and read(following).asks is Asks.NOT


def _is_named(line: str) -> bool:
    if not may_be_named(line):
        return False
    wording = read(line)
    named = wording.asks is Asks.NAMED and (bool(wording.prompt) or wording.numbered)
    return named and not tells_of_trouble(line)


def _is_option(line: str) -> bool:
    return (line[:2] in ("A)", "A.", "a)", "a.") and line[2:3].isspace()) or ("1" in line and is_counted(line))


def _without_name(prompt: str) -> str:
    """A prompt's Markdown without name and number, over all its lines; the bold round its beginning goes too."""
    text = (read(prompt) if len(prompt) <= LINE_MAX_CHARS else read(prompt, most=FIELD_MAX_CHARS)).prompt
    lead = bold_lead(text)
    return " ".join(part for part in lead if part) if lead is not None else text
