"""The question of a list item: which of its lines ask, where its answer begins, and what only announces one. Pure."""

import re
from bisect import bisect_left
from collections.abc import Sequence

from quizapp.catalogue.formats.markdown.blocks import Block, Kind
from quizapp.catalogue.formats.markdown.conventions.evidence import goes_on, is_told_below
from quizapp.catalogue.formats.markdown.conventions.stated import said_and_truth
from quizapp.catalogue.formats.markdown.labels import first_label, take_id
from quizapp.catalogue.formats.markdown.openings import Convention, Opening
from quizapp.catalogue.formats.markdown.options import line_options
from quizapp.catalogue.formats.markdown.wording import Asks, asked_and_told, plain, read, unwrapped

PROMPT_MAX_CHARS = 16_000
FEWEST_WORDS = 4  # that two wordings of one question begin with
_WORD = re.compile(r"\w+")
_ONLY_REMARK = re.compile(r"[*_]{0,3}\[[^\[\]]{1,40}\][*_]{0,3}")
_BOX = re.compile(r"^(?:\\?\[[ xX]\\?\]|\([ xX]\))\s+")


def opening_of(item: Block, below: Sequence[Block], *, told: bool = False) -> Opening:
    """The question of an item; `told` says that others of its list have their answers on the lines below them."""
    text = take_id(head_of(item))[0]
    first, _, rest = text.partition("\n")
    wording = read(first.removesuffix("\\"))
    if (parts := asked_and_told(first) or said_and_truth(wording.prompt)) is not None:
        return _told(item, parts, rest, below)
    lines = text.split("\n")
    place = _rest_begins(lines, wording.asks)
    if place is not None:
        return Opening(
            convention=Convention.LISTS,
            line=item.first,
            prompt=read("\n".join(lines[:place]), most=PROMPT_MAX_CHARS).prompt,
            lines=frozenset(range(item.first, item.first + place)),
            rest="\n".join(lines[place:]),
            rest_line=item.first + place,
            below=below,
        )
    is_remark = _ONLY_REMARK.fullmatch(first.strip()) is not None  # "**[Short answer]**" above the question
    is_bold = (
        not is_remark and first.startswith(("**", "__")) and unwrapped(first) != first
    )  # so that what follows is the answer
    whole = (
        is_bold
        or (wording.asks is Asks.MARK and not goes_on(first, rest))
        or (wording.asks is not Asks.MARK and is_told_below(first, rest, told=told))
        or first_label(rest) is not None
        or (first.endswith(("  ", "\\")) and not is_remark)
    )
    return Opening(
        convention=Convention.LISTS,
        line=item.first,
        prompt=wording.prompt if whole else read(text, most=PROMPT_MAX_CHARS).prompt,
        lines=frozenset([item.first] if whole else item.children[0].lines),
        rest=rest if whole else "",
        rest_line=item.first + 1,
        below=below,
    )


def _rest_begins(lines: Sequence[str], asks: Asks) -> int | None:
    """The place of the line below the first two, or behind a question, at which an answer by name or options begin."""
    options = line_options(lines) if len(lines) > 1 else None
    if options is not None and options[0] > 0:
        return options[0]
    label = next((at for at, line in enumerate(lines) if at > 1 and first_label(line) is not None), None)
    return label if asks is not Asks.MARK else None


def _told(item: Block, parts: tuple[str, str], rest: str, below: Sequence[Block]) -> Opening:
    """The question of an item whose first line holds the answer too."""
    prompt, told = parts
    return Opening(
        convention=Convention.LISTS,
        line=item.first,
        prompt=prompt,
        lines=frozenset([item.first]),
        rest=f"{told}\n{rest}".rstrip(),
        rest_line=item.first,
        below=below,
    )


def head_of(item: Block) -> str:
    """The text of an item without the box of a task, since a list of options is none of questions."""
    text = item.children[0].text if item.children and item.children[0].kind is Kind.PARAGRAPH else ""
    return _BOX.sub("", text) if text[:1] in ("[", "\\", "(") else text


def announced_items(chosen: Sequence[Opening]) -> list[Opening]:
    """The items that a question further down repeats, or, where half of all are such, begins like them."""
    bare = [one for one in chosen if _announces(one)]
    later: dict[str, int] = {}
    for one in chosen if bare else ():
        words = _words_of(one.prompt)
        later[words] = max(later.get(words, 0), one.line)
    announced = [one for one in bare if later[_words_of(one.prompt)] > one.line]
    if announced and len(announced) * 2 >= len(bare) > len(announced):
        own = {one.line for one in bare}
        below = sorted((_words_of(one.prompt), one.line) for one in chosen if one.line not in own)
        known = {one.line for one in announced}
        announced += [
            one for one in bare if one.line not in known and _begins_one(_words_of(one.prompt), one.line, below)
        ]
    return announced


def _begins_one(words: str, line: int, below: Sequence[tuple[str, int]]) -> bool:
    """Whether a question below a line begins with all these words, or these with all of its."""
    place = bisect_left(below, (words, 0))
    for other, at in below[max(place - 1, 0) : place + 1]:
        shorter, longer = sorted((words, other), key=len)
        if at > line and longer.startswith(f"{shorter} ") and shorter.count(" ") >= FEWEST_WORDS - 1:
            return True
    return False


def _announces(one: Opening) -> bool:
    if one.convention is Convention.TABLES:
        return one.answer == ""
    return one.convention in (Convention.LISTS, Convention.LINES) and not one.below and not one.rest


def _words_of(prompt: str) -> str:
    """A prompt's words without emphasis, links, capitals and signs, by which a list of contents names it."""
    return " ".join(_WORD.findall(read(plain(prompt)).prompt.lower()))
