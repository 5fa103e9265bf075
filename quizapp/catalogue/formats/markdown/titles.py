"""Finds a note's title, its day and date, and which headings its sections have. Pure. Lines count from 0."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from html import unescape
from itertools import pairwise

from quizapp.catalogue.formats.markdown.answers import answer_heading
from quizapp.catalogue.formats.markdown.blocks import Block, Kind
from quizapp.catalogue.formats.markdown.conventions.bold_lines import bold_lines
from quizapp.catalogue.formats.markdown.conventions.dates import find_date
from quizapp.catalogue.formats.markdown.decision import asks_by_title
from quizapp.catalogue.formats.markdown.labels import CODE, take_id, without_code
from quizapp.catalogue.formats.markdown.openings import Convention, Opening, Reading
from quizapp.catalogue.formats.markdown.wording import Asks, plain, read, undecorated
from quizapp.catalogue.formats.parsed import NoteWarning, ParsedSection
from quizapp.catalogue.html.inline_html import image_words

WORDS_OF_PROSE = 5  # before the first heading
SEVERAL = 3  # headings of the first level that ask; then none of them is the title
# Signs that turn the direction of what follows, also of the words behind a title in a list and of a browser's tab.
TURNS = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))
_MARKED = re.compile(r"[*_`\[<&~\\]")
_LINK = re.compile(r"!?\[([^\[\]]*)\](?:\([^()]*\)|\[[^\[\]]*\])")
_TAG = re.compile(
    r"</?(?:a|b|i|u|em|strong|span|font|code|kbd|sub|sup|br|big|small|mark)\b[^<>]{0,200}>", re.IGNORECASE
)
_IMAGE = re.compile(r"<img\b[^<>]{0,500}>", re.IGNORECASE)
_EMPHASIS = (
    re.compile(r"(\*{1,3}|~~)(?=\S)([^*~]{1,300}?)(?<=\S)\1"),
    re.compile(r"(?<!\w)(_{1,3})(?=\S)([^_]{1,300}?)(?<=\S)\1(?!\w)"),
    re.compile(r"(\*{1,3})(?=\S)([^*]{1,300}?)(?<=\S)\1"),  # what was round other emphasis
)
_ESCAPE = re.compile(r"\\([^\w\s])")
_NUMBERED_DAY = re.compile(r"^Day\s+(\d{1,4})\s*[:.\-\u2013\u2014]\s*", re.IGNORECASE)
_COUNTED = re.compile(r"^(?:[^\W\d_]{1,12}\s)?#?(\d{1,3})(?![\d.]*\d)\b")  # "Task 2: Roles", "2. Roles", "2 Roles"
_DATE_LINE = re.compile(r"^[*_]*Date\s?:?[*_]*\s?:?\s*", re.IGNORECASE)
_HASH = re.compile("#[A-Za-z]")
_HASH_TAG = re.compile(r"(?:(?<=\s)|^)#([A-Za-z][\w/-]*)")


def title_of(blocks: Sequence[Block], *, named: str | None = None) -> Block | None:
    """The heading that is the note's title: its first one of the first level, or the only one of its highest level.

    Or one that announces questions, on the level of the numbered questions themselves. Where the front matter gives
    another title (`named`), several headings of the first level are sections.
    """
    headings = [block for block in blocks if block.kind is Kind.HEADING]
    first = [block for block in headings if block.level == 1]
    if len(first) >= SEVERAL and _is_prose(blocks[0]):
        return None
    if (
        named is not None
        and first
        and plain(first[0].text) != named
        and (len(first) > 1 or first[0] is not headings[0])
    ):
        return None
    if first:
        return None if _are_counted(first) or _ask(first) else first[0]
    highest = min((block.level for block in headings), default=0)
    alone = [block for block in headings if block.level == highest]
    if not alone or alone[0] is not headings[0] or read(alone[0].text).asks >= Asks.IMPERATIVE:
        return None
    if len(alone) == 1:
        return alone[0] if len(headings) > 1 else None
    numbered = sum(read(block.text).numbered or read(block.text).asks >= Asks.IMPERATIVE for block in alone[1:])
    announces = alone[0] is blocks[0] and asks_by_title(alone[0].text)
    return alone[0] if announces and numbered == len(alone) - 1 else None


def hidden_title(heading: Block | None, *, named: str | None) -> Iterator[NoteWarning]:
    """What there is to tell of a title (`heading`) that says more than the front matter's (`named`), which is shown."""
    if heading is None or named is None:
        return
    said = set(re.findall(r"\w+", named.casefold()))
    if not said.issuperset(re.findall(r"\w+", plain(day_of(heading.text)[0]).casefold())):
        message = "The front matter has another title, which is shown instead of this one. Write one title in both."
        yield NoteWarning(line=heading.first + 1, message=message)


def _are_counted(first: Sequence[Block]) -> bool:
    """Whether these headings are numbered from 1 on, as parts of one kind are: "Task 1: Pods", "Task 2: Roles"."""
    numbers = [found[1] for block in first if (found := _COUNTED.match(plain(undecorated(block.text))))]
    return len(first) > 1 and numbers == [str(number) for number in range(1, len(first) + 1)]


def _ask(first: Sequence[Block]) -> bool:
    """Whether half of these headings are questions, and several, or all of them."""
    asks = [read(block.text).asks for block in first]
    marked = sum(one >= Asks.MARK for one in asks)
    if marked >= SEVERAL and marked * 2 >= len(first):
        return True
    return len(first) > 1 and marked * 2 >= len(first) and min(asks) >= Asks.IMPERATIVE


def _is_prose(block: Block) -> bool:
    """Whether a note's first block is a sentence; then the headings below it are sections, and none is the title."""
    text = plain(without_code(block.text)) if block.kind is Kind.PARAGRAPH else ""
    return len(text.split()) >= WORDS_OF_PROSE and "[" not in block.text and "<" not in block.text


def shown(text: str) -> str:
    """The words of a title, without emphasis, links and code marks, as every list of titles shows it."""
    text = text.translate(TURNS)
    if not _MARKED.search(text):
        return text
    out, at = "", 0
    for code in CODE.finditer(text):
        out += _without_marks(text[at : code.start()]) + code[2].strip()
        at = code.end()
    return " ".join((out + _without_marks(text[at:])).split())


def _without_marks(text: str) -> str:
    """A text outside code without links, tags, emphasis and escapes."""
    text = _TAG.sub("", _IMAGE.sub(_picture, _LINK.sub(r"\1", text)))
    for pattern in _EMPHASIS:
        text = pattern.sub(r"\2", text)
    return unescape(_ESCAPE.sub(r"\1", text))


def _picture(found: re.Match[str]) -> str:
    """A picture as its text; without one between words as its address, and elsewhere, as a sign, not at all."""
    address, text = image_words(found[0])
    is_between = bool(found.string[: found.start()].strip() and found.string[found.end() :].strip())
    return text or (address or found[0][1:-1] if is_between else "")


def day_of(heading: str) -> tuple[str, int | None]:
    """A title without its "Day N:", and that number."""
    text = take_id(heading)[0]
    found = _NUMBERED_DAY.match(text)
    return (text[found.end() :], int(found[1])) if found else (text, None)


def date_line_of(blocks: Sequence[Block], title: Block | None) -> Block | None:
    """The paragraph before the first section that is only a date line, such as "Date: 21st November"."""
    for block in blocks:
        if block.kind is Kind.HEADING and block is not title and block.level <= 2:
            return None
        is_line = block.kind is Kind.PARAGRAPH and "\n" not in block.text
        if is_line and _DATE_LINE.match(block.text) and find_date(block.text) is not None:
            return block
    return None


def section_levels(blocks: Sequence[Block], openings: Sequence[Opening]) -> frozenset[int]:
    """The levels of headings that begin sections: the first two, or the highest that there is, without questions."""
    asking = {one.line for one in openings if one.convention is Convention.HEADINGS}
    deepest = min((one.level for one in openings if one.convention is Convention.HEADINGS), default=7)
    levels = Counter(
        block.level
        for block in blocks
        if block.kind is Kind.HEADING and block.first not in asking and answer_heading(block.text) is None
    )
    own = {level for level in levels if level <= deepest} or set(levels)
    if not own:
        return frozenset()
    return frozenset({1, 2}) if min(own) <= 2 else frozenset({min(own)})


def without_subtitle(
    sections: Sequence[ParsedSection], blocks: Sequence[Block], title: Block | None, openings: Sequence[Opening]
) -> list[ParsedSection]:
    """The sections, of which the one right below the title teaches nothing if the questions stand on its level.

    Its heading then is the second line of the title, and its text is about the questions. Not so where the next one
    teaches too.
    """
    second = next((below for above, below in pairwise(blocks) if above is title), None)
    asked = [one.level for one in openings if one.convention is Convention.HEADINGS]
    if second is None or second.kind is not Kind.HEADING or not asked or min(asked) > second.level:
        return list(sections)
    behind = [one for one in sections if one.line > second.first + 1][:1]
    if behind and behind[0].teaches:
        return list(sections)  # one of several that teach
    return [
        replace(one, teaches=one.teaches and (one.line != second.first + 1 or bool(one.questions or one.concepts)))
        for one in sections
    ]


def bold_titles(note: Reading, blocks: Sequence[Block], openings: Sequence[Opening]) -> Mapping[int, Block]:
    """The bold lines that stand for headings in a note that has none, by their line."""
    asking = {line for one in openings for line in one.lines}
    asking |= {line for one in openings if one.until is not None for line in range(one.line, one.until)}
    own = {block.first for block in blocks}
    lines = (block for block in bold_lines(note) if block.first in own and block.first not in asking)
    begin = min((one.line for one in openings if _is_bold_name(note, one)), default=len(note.source.lines))
    found = {one.first: one for one in lines if one.first < begin or not one.text.rstrip(" *_").endswith(":")}
    return found if len(found) > 1 else {}


def _is_bold_name(note: Reading, one: Opening) -> bool:
    """Whether a question by its name is a bold line; then "**Control plane:**" below it is a part of the answer."""
    return one.convention is Convention.PAIRS and note.source.lines[one.line].lstrip().startswith(("**", "__"))


def hash_tags(blocks: Sequence[Block], text: str) -> Iterator[str]:
    """The `#tags` in a note's paragraphs, in lower case. `text` is the whole note, in which most have none."""
    for block in blocks if _HASH.search(text) is not None else ():
        for part in block.walk():
            if part.kind is Kind.PARAGRAPH and "#" in part.text:
                yield from (found[1].lower() for found in _HASH_TAG.finditer(without_code(part.text)))
