"""Lines that are bold from end to end and ask, with the answer below. Pure."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from quizapp.catalogue.formats.markdown.blocks import LISTS, Block, Kind
from quizapp.catalogue.formats.markdown.conventions.evidence import (
    answered_by_name,
    folded_answers,
    rest_shows_question,
    shows_question,
)
from quizapp.catalogue.formats.markdown.labels import bold_lead, first_label, remembered
from quizapp.catalogue.formats.markdown.openings import Convention, Opening, Reading
from quizapp.catalogue.formats.markdown.wording import (
    AskedLine,
    Asks,
    asked_and_told,
    asks_by_words,
    is_task,
    plain,
    read,
    undecorated,
)

_BOLD_TAG = re.compile(r"^<(b|strong)>\s*([^<>]+?)\s*</\1>(?:<br\s?/?>)?$", re.IGNORECASE)
SHARE = 0.5  # of a note's bold lines must ask; in a text that teaches most of them are small headings
SHARE_MARKED = 1 / 3  # of these must have a question mark there: in a list of commands "List all pods" asks nothing
FEWEST_ELSEWHERE = 3  # in a note that does not say that it asks
SHARE_OF_KIND = 0.6  # of the numbered lines with one name must ask, where most bold lines are parts of answers
_COUNTED = re.compile(r"(?:(?P<name>[A-Za-z]{2,12})\s?#?)?\d{1,3}\b")
Line = tuple[Block, AskedLine]
Lines = Sequence[Line]


def find(note: Reading) -> list[Opening]:
    """Every bold line that asks, if most bold lines of the note do; of others those with options or an answer."""
    lines: Lines = [
        (block, read(bold)) for block in note.blocks if (bold := bold_line(block) or _told(block)) is not None
    ]
    if not lines:
        return []
    following = {block.first: after for block, after in pairwise([*note.blocks, None]) if block is not None}
    folded = folded_answers(note)
    asking: Lines = [
        (block, wording)
        for block, wording in lines
        if wording.asks in (Asks.MARK, Asks.IMPERATIVE)
        or (wording.asks is Asks.OPENING and wording.numbered and block.first in note.asking)
        or (block.first in note.asking and _asks_at_end(wording.prompt))
        or (wording.prompt and (block.first in folded or rest_shows_question(block.text.partition("\n")[2])))
    ]
    if len(asking) < SHARE * len(lines):
        lines, asking = _of_one_shape(lines, asking)
    where_asked = [block for block, _ in asking if block.first in note.asking]
    marked = sum(wording.asks not in (Asks.IMPERATIVE, Asks.OPENING) for _, wording in asking)
    few = len(asking) < FEWEST_ELSEWHERE or marked < SHARE_MARKED * len(asking)
    if len(asking) < SHARE * len(lines) or (few and not where_asked):
        asking = [
            (block, wording) for block, wording in asking if _is_shown(note, block, wording, following[block.first])
        ]
    else:
        known = {block.first for block, _ in asking}
        more = [one for one in lines if one[1].numbered and one[1].prompt and one[0].first not in known]
        answered = (
            one for one in more if answered_by_name(note, one[0].text.partition("\n")[2], following[one[0].first])
        )
        asking = [*asking, *answered]
    if any(block.first in note.asking for block, _ in asking):
        known = {block.first for block, _ in asking}
        tasks = [one for one in lines if one[0].first in note.asking and is_task(one[1].prompt)]
        asking = [*asking, *(one for one in tasks if one[0].first not in known)]
        asking = [*asking, *_counted_on(note, lines, {block.first for block, _ in asking})]
    return [_opening(block, wording.prompt) for block, wording in asking]


def _asks_at_end(prompt: str) -> bool:
    """Whether a sentence stands before one that sets a task: "The site is down." Walk me through it."""
    told, _, last = prompt.rstrip(" .").rpartition(". ")
    told, last = (told, last) if told else (prompt.rpartition('." ')[0], prompt.rpartition('." ')[2])
    return bool(told) and (is_task(last) or asks_by_words(last) is Asks.IMPERATIVE)


def _of_one_shape(lines: Lines, asking: Lines) -> tuple[Lines, Lines]:
    """The numbered lines of one kind and those of them that ask, if most do: "Scenario 2: …?" beside "Step 1: Look".

    All lines and all that ask where no kind is such.
    """
    known = {block.first for block, _ in asking}
    kinds: dict[str, list[Line]] = {}
    for one in lines:
        counted = _COUNTED.match(undecorated(plain(one[0].text.split("\n", 1)[0])))
        if counted is not None:
            kinds.setdefault((counted["name"] or "").lower(), []).append(one)
    for own in kinds.values():
        ask = [one for one in own if one[0].first in known]
        marked = sum(wording.asks >= Asks.MARK for _, wording in ask)
        if marked >= FEWEST_ELSEWHERE - 1 and len(ask) >= SHARE_OF_KIND * len(own):
            return own, ask
    return lines, asking


def _counted_on(note: Reading, lines: Lines, known: set[int]) -> Iterator[Line]:
    """The lines whose number is missing between those of `known`: "5. Hard and soft links" between 4 and 6, or last.

    A number that an answer counts by, "2. Benefits" below question 1, is that of the next question too.
    """
    own = [(block, wording, int(wording.number)) for block, wording in lines if wording.number.isdigit()]
    last = 0
    for place, (block, wording, number) in enumerate(own):
        if block.first in known:
            last = number
            continue
        later = next((other for one, _, other in own[place + 1 :] if one.first in known), None)
        if last and number == last + 1 and block.first in note.asking and later in (None, 1, number + 1):
            last = number
            yield block, wording


def _is_shown(note: Reading, block: Block, wording: AskedLine, following: Block | None) -> bool:
    """Whether a bold line has options, or asks by its words and has an answer by name: a small heading has neither."""
    rest = block.text.partition("\n")[2]
    asks = wording.asks in (Asks.MARK, Asks.IMPERATIVE)
    has_options = wording.numbered and not rest and following is not None and following.kind in LISTS
    if has_options and following is not None and shows_question(note, following):
        return True
    return rest_shows_question(rest) or (asks and answered_by_name(note, rest, following))


def bold_line(block: Block) -> str | None:
    """The first line of a paragraph if it is bold from end to end, but for emojis; None for other blocks."""
    return _bold_line(block.text.split("\n", 1)[0]) if block.kind is Kind.PARAGRAPH else None


@remembered
def _bold_line(first: str) -> str | None:
    """A line that is bold from end to end, without emojis; None for another one."""
    if "**" not in first and "__" not in first and "<" not in first:
        return None
    line = _BOLD_TAG.sub(r"**\2**", undecorated(first))
    lead = bold_lead(line) if first_label(line) is None else None
    if lead is None:
        number = read(line)
        lead = bold_lead(number.prompt) if number.numbered else None
        return line if lead is not None and not lead[1] else (line if _wrapped(line) else None)
    return line if not undecorated(lead[1]).strip(" :.") or _wrapped(line) else None


def _wrapped(line: str) -> bool:
    return len(line) > 6 and line.startswith(("***", "___")) and line.endswith(line[:3])


def _told(block: Block) -> str | None:
    """The bold question that a paragraph begins with, and goes on with its answer; None for other blocks."""
    first = block.text.split("\n", 1)[0] if block.kind is Kind.PARAGRAPH else ""
    if ("**" not in first and "__" not in first) or first_label(block.text) is not None:
        return None
    parts = asked_and_told(first) if bold_lead(read(first).prompt) is not None else None
    return f"**{parts[0]}**" if parts is not None else None


def _opening(block: Block, prompt: str) -> Opening:
    first, _, rest = block.text.partition("\n")
    parts = asked_and_told(first) if bold_line(block) is None else None
    return Opening(
        convention=Convention.BOLD_LINES,
        line=block.first,
        prompt=prompt,
        lines=frozenset([block.first]),
        rest=rest if parts is None else f"{parts[1]}\n{rest}".rstrip(),
        rest_line=block.first + 1 if parts is None else block.first,
    )


def bold_lines(note: Reading) -> Iterator[Block]:
    """The paragraphs that are one bold line, which in a note without headings are its headings."""
    yield from (block for block in note.blocks if "\n" not in block.text and bold_line(block) is not None)
