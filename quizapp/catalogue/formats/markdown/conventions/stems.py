"""Paragraphs right above options: the text of a question by what follows it, whatever way the note has. Pure."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from quizapp.catalogue.formats.markdown.blocks import LISTS, Block, Kind
from quizapp.catalogue.formats.markdown.conventions.bold_lines import bold_line
from quizapp.catalogue.formats.markdown.conventions.field_names import Field, field_of
from quizapp.catalogue.formats.markdown.labels import first_label
from quizapp.catalogue.formats.markdown.languages import QUESTION_MARKS
from quizapp.catalogue.formats.markdown.openings import Convention, Opening, Reading
from quizapp.catalogue.formats.markdown.options import (
    Option,
    head_of,
    is_bold,
    line_options,
    listed_options,
    plain_options,
    use_bold,
)
from quizapp.catalogue.formats.markdown.source import Source
from quizapp.catalogue.formats.markdown.wording import UNFINISHED, Asks, has_question_mark, may_be_named, read

FEWEST = 2  # of a note that does not say that it asks
FEWEST_COUNTED = 3  # lines such as "3 The directory holds:" above a plain list with a bold item, counted one by one
STEM_MAX_CHARS = 2_000
MOST_PLAIN = 6  # options in a list without letters
PLAIN_MAX_CHARS = 200  # of such an option
_AMONG = re.compile(
    r"\b(?:which|what) (?:one )?of (?:the following|these)\b|\bthe following (?:is|are)\b", re.IGNORECASE
)
FEWEST_AMONG = 3  # items to choose from; fewer are an answer of several parts
FEWEST_BOLD = 3  # lists of which one item is bold; in fewer the bold may stress a word of an answer
SHARE_OF_BOLD = 0.6  # of the lists of several short items below lines that ask
# Behind a question more than one of whose options are right: "Check all that apply.", "(Select TWO)".
SEVERAL_RIGHT = re.compile(
    r"[\s(\[*_]*\b(?:select|choose|check|mark|tick|pick)\s(?:(?:all|any|every)\b[^.?!\n]{0,40}|(?:the\s)?(?:two|three|four|[2-4])\b"
    r"[^.?!\n]{0,40})[.!)\]*_]*\s*$",
    re.IGNORECASE,
)
_OF_CHOICES = re.compile(r"\b(?:multi(?:ple)?[- ]?choice|mcqs?)\b", re.IGNORECASE)
_BEGINS_OPTION = re.compile(r"[*`(\\]{0,3}(?:\[[ xX]|[xX ]\)|[Aa][.):])")
_LETTER_BELOW = re.compile(r"\n[ \t*`(]{0,6}(?:[Aa][.):]|(?:C|O|Opt|Option|Choice)\s?1\s?[.):])")
_COUNTED = re.compile(r"^(?P<number>\d{1,3})[ \t]+(?=\S)")


@dataclass(kw_only=True)
class _Stem:
    block: Block
    lines: list[str]
    """Its own lines, up to the first option if that stands in the same paragraph."""
    options: list[Option]
    is_task: bool
    """Whether the options are boxes, `- [x]`."""
    asks: bool


def find(note: Reading) -> Iterator[Opening]:
    """Every such paragraph that asks or is unfinished, if there are two or the note says that it asks."""
    _note_choices(note)
    note.source.letters_answer = _letters_answer(note)
    if any(field_of(block.text) is Field.QUESTION for block in note.blocks if block.first in note.source.fields):
        return
    paragraphs = (place for place, block in enumerate(note.blocks) if block.kind is Kind.PARAGRAPH)
    found = [stem for place in paragraphs if (stem := _above_options(note, place)) is not None]
    sure_tasks = sum(stem.is_task and stem.asks for stem in found)
    unsure_too = sure_tasks >= max(FEWEST, sum(stem.is_task for stem in found) / 2)
    tasks = [stem for stem in found if stem.is_task and (stem.asks or unsure_too)]
    lettered = [stem for stem in found if not stem.is_task]
    sure = sum(stem.asks or any(option.right for option in stem.options) for stem in lettered)
    for group, enough in ((tasks, True), (lettered, sure * 2 >= len(lettered) > 0)):
        if enough and (len(group) >= FEWEST or any(stem.block.first in note.asking for stem in group)):
            yield from (_opening(stem.block, stem.lines) for stem in group)
            found = [stem for stem in found if stem not in group]
    behind = _behind_answers(note, [stem for stem in found if stem.is_task])
    yield from (_opening(stem.block, stem.lines) for stem in behind)
    yield from _counted(note)


def _behind_answers(note: Reading, stems: Sequence[_Stem]) -> Iterator[_Stem]:
    """Those that stand behind an answer by name, below the same heading: its question has no options any more."""
    named = [
        block.first
        for block in (note.blocks if stems else ())
        if block.kind in (Kind.PARAGRAPH, Kind.HEADING)
        and (block.kind is Kind.HEADING or any(first_label(line) == "a" for line in block.text.split("\n")))
    ]
    is_heading = {block.first for block in note.blocks if block.kind is Kind.HEADING}
    for stem in stems:
        place = bisect_left(named, stem.block.first) - 1
        marked = any(one.right for one in stem.options) and not all(one.right for one in stem.options)
        if marked and place >= 0 and named[place] not in is_heading:
            yield stem


def _note_choices(note: Reading) -> None:
    """Note down the plain lists of a note that says that it is one of multiple choice: they are options."""
    _note_bold_choices(note.blocks, note.source)
    _note_chosen_among(note)
    title = note.title if note.title is not None else note.blocks[0] if note.blocks else None
    if title is None or not _OF_CHOICES.search(title.text):
        return
    for before, block in zip(note.blocks, note.blocks[1:], strict=False):
        options = plain_options(block, note.source) if block.kind in LISTS else None
        if options is None or before.kind in (Kind.RULE, *LISTS) or len(options) > MOST_PLAIN:
            continue
        short = all(len(one.text) <= PLAIN_MAX_CHARS and not one.text.endswith(QUESTION_MARKS) for one in options)
        if short and block.first in note.asking:
            note.source.plain_options.add(block.first)


def _note_chosen_among(note: Reading) -> None:
    """Note down the plain lists below "Which of the following …?": without a key they are options.

    Where such items are half of those with a list, the others have options too.
    """
    items = [item for block in note.blocks if block.kind in LISTS for item in block.children if len(item.children) == 2]
    lists = [item for item in items if item.children[1].kind in LISTS and plain_options(item.children[1], note.source)]
    among = [item for item in lists if _AMONG.search(item.children[0].text)]
    among = [item for item in among if len(item.children[1].children) >= FEWEST_AMONG]
    if len(among) >= FEWEST:
        meant = lists if len(among) * 2 >= len(lists) else among
        note.source.plain_options |= {item.children[1].first for item in meant}
    below = {block.first for block in _lists_below(note)}
    note.source.plain_options |= below if len(below) >= FEWEST else set()


def _lists_below(note: Reading) -> Iterator[Block]:
    """The plain lists of several short items right below such a heading, paragraph or summary of a `<details>`."""
    for before, block in pairwise(note.blocks):
        asks = block.kind in LISTS and before.kind in (Kind.HEADING, Kind.PARAGRAPH) and _AMONG.search(before.text)
        if asks and _is_choice(note, block):
            yield block
    asking = [one for one in note.source.details if not one.text and _AMONG.search(one.summary)]
    firsts = [block.first for block in note.blocks] if asking else []
    for one in asking:
        place = bisect_left(firsts, one.first)
        own = note.blocks[place] if place < len(firsts) else None
        if own is not None and own.kind in LISTS and own.last <= one.last and _is_choice(note, own):
            yield own


def _is_choice(note: Reading, block: Block) -> bool:
    return plain_options(block, note.source, fewest=FEWEST_AMONG) is not None


def _note_bold_choices(blocks: Sequence[Block], source: Source) -> None:
    """Note down the plain lists below lines that ask of which one item is bold: it is the right one.

    So are several, where the question says so: "Select all that apply". The note must have enough of them, and few
    other lists of short items below such lines.
    """
    below = list(_asked_above(blocks))
    if sum(_bold_items(block) > 0 for _, block in below) < FEWEST_BOLD:  # most notes have none
        return
    lists = [one for one in below if _is_asked(one[0]) and _is_short(one[1], source)]
    marked = [block for asked, block in lists if _may_be_right(asked, _bold_items(block), of=len(block.children))]
    if len(marked) >= FEWEST_BOLD and len(marked) >= SHARE_OF_BOLD * len(lists):
        source.bold_options.update(block.first for block in marked)


def _asked_above(blocks: Sequence[Block]) -> Iterator[tuple[Block, Block]]:
    """Each list with what stands right above it, in an item too."""
    before: Block | None = None
    for block in blocks:
        if block.kind in LISTS:
            if before is not None:
                yield before, block
            for item in block.children:
                yield from _asked_above(item.children)
        before = block if block.kind in (Kind.PARAGRAPH, Kind.HEADING) else None


def _may_be_right(asked: Block, bold: int, *, of: int) -> bool:
    return bold == 1 or (1 < bold < of and SEVERAL_RIGHT.search(asked.text) is not None)


def _is_asked(block: Block) -> bool:
    last = block.text.rstrip().rsplit("\n", 1)[-1]
    last = SEVERAL_RIGHT.sub("", last).rstrip() or last
    return read(last).asks is Asks.MARK or UNFINISHED.search(last.rstrip("*_ ")) is not None


def _is_short(block: Block, source: Source) -> bool:
    options = plain_options(block, source, fewest=FEWEST)
    return options is not None and all(len(one.text) <= PLAIN_MAX_CHARS and "\n" not in one.text for one in options)


def _bold_items(block: Block) -> int:
    return sum(is_bold(head_of(item)) for item in block.children)


def _letters_answer(note: Reading) -> bool:
    """Whether most items with letters below them have an `a.` alone, so that these are answers and no options."""
    alone = several = 0
    for block in note.blocks:
        for item in block.children if block.kind is Kind.NUMBERS else ():
            below = item.children[1] if len(item.children) > 1 else None
            if below is not None and below.kind is Kind.PARAGRAPH and below.text.startswith(("a. ", "a) ")):
                options = line_options(below.text.split("\n"))
                alone, several = alone + (options is None), several + (options is not None)
    return alone >= FEWEST_COUNTED and alone > several


def _above_options(note: Reading, place: int) -> _Stem | None:
    """The question of a paragraph with options in it or right below it, perhaps with code between."""
    block = note.blocks[place]
    several = "\n" in block.text and _LETTER_BELOW.search(block.text) is not None
    following = _following(note.blocks, place) if not several else None
    if (following is None and not several) or len(block.text) > STEM_MAX_CHARS:
        return None
    lines = block.text.split("\n")
    if may_be_named(lines[0]) and read(lines[0]).asks is Asks.NAMED:
        return None  # another detector knows it
    if (own := line_options(lines) if several else None) is not None:
        start, _, options = own
        return _stem(block, lines[:start], options) if start and bold_line(block) is None else None
    following = following or _following(note.blocks, place)
    if following is None or not _may_ask(lines) or bold_line(block) is not None:
        return None
    if following.kind in LISTS:
        listed = listed_options(following, note.source) or []
        if not listed or listed[0].letter:
            return _stem(block, lines, listed) if listed else None
        marked = any(one.right for one in listed) and not all(one.right for one in listed)
        asks = read(lines[-1]).asks is Asks.MARK
        several = asks or (marked and UNFINISHED.search(lines[-1]) is not None)
        stem = _Stem(block=block, lines=lines, options=listed, is_task=True, asks=asks and marked)
        return stem if several and any(one.right for one in listed) else None
    inside = line_options(following.text.split("\n")) if following.kind is Kind.PARAGRAPH else None
    return _stem(block, lines, inside[2]) if inside is not None and inside[0] == 0 else None


def _following(blocks: Sequence[Block], place: int) -> Block | None:
    """What stands below a paragraph and the code behind it, if that may be options."""
    below = place + 1
    while below < len(blocks) and blocks[below].kind is Kind.CODE and blocks[below].fenced:
        below += 1
    following = blocks[below] if below < len(blocks) else None
    if following is not None and following.kind in LISTS:
        head = following.children[0].children[0].text if following.children[0].children else ""
        return following if _BEGINS_OPTION.match(head) else None
    is_text = following is not None and following.kind is Kind.PARAGRAPH
    return following if is_text and following is not None and _BEGINS_OPTION.match(following.text) else None


def _may_ask(lines: Sequence[str]) -> bool:
    last = lines[-1].rstrip(" *_")
    if has_question_mark(last) or UNFINISHED.search(lines[-1]) is not None:
        return True
    return read(lines[0]).asks is Asks.IMPERATIVE or read(lines[-1]).asks is Asks.MARK


def _stem(block: Block, lines: list[str], options: list[Option]) -> _Stem | None:
    """A stem above options with letters; None for a text that does not ask."""
    first, last = read(lines[0]), read(lines[-1])
    if first_label(lines[0]) is not None or not _may_ask(lines):
        return None
    use_bold(options)
    asks = last.asks is Asks.MARK or first.asks >= Asks.IMPERATIVE
    return _Stem(block=block, lines=lines, options=options, is_task=False, asks=asks)


def _counted(note: Reading) -> Iterator[Opening]:
    """Lines that begin with a number without a stop, each above a plain list some items of which are bold."""
    above: list[tuple[int, Block, Block]] = []
    for block, following in zip(note.blocks, note.blocks[1:], strict=False):
        if block.kind is not Kind.PARAGRAPH or following.kind not in LISTS or not block.text[:1].isdigit():
            continue
        number = _COUNTED.match(block.text) if "\n" not in block.text else None
        options = plain_options(following, note.source) if number is not None else None
        if number is None or options is None:
            continue
        use_bold(options)
        if any(option.right for option in options):
            above.append((int(number["number"]), block, following))
    numbers = [number for number, _, _ in above]
    if len(above) >= FEWEST_COUNTED and numbers == sorted(set(numbers)):
        for _, block, following in above:
            note.source.plain_options.add(following.first)
            yield _opening(block, [_COUNTED.sub("", block.text)])


def _opening(block: Block, lines: Sequence[str]) -> Opening:
    whole = block.text.split("\n")
    return Opening(
        convention=Convention.ANSWERED,
        line=block.first,
        prompt=read("\n".join(lines)).prompt,
        lines=frozenset(range(block.first, block.first + len(lines))),
        rest="\n".join(whole[len(lines) :]),
        rest_line=block.first + len(lines),
    )
