"""Decides for a whole note which ways of writing questions it follows, and so where its questions begin. Pure.

What is named (`Q:`, `#card`, a table of questions) counts wherever it stands. What only looks like a question (a
heading, a bold line, an item, a summary) counts if the note writes its questions in this way.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence

from quizapp.catalogue.formats.markdown.answers import answer_heading
from quizapp.catalogue.formats.markdown.blocks import LISTS, Block, Kind
from quizapp.catalogue.formats.markdown.conventions import (
    answered,
    beside,
    bold_lines,
    callouts,
    cards,
    decks,
    details,
    fields,
    follow_ups,
    framed,
    gaps,
    headings,
    labelled,
    lines,
    lists,
    lone,
    numbered,
    quotations,
    scenarios,
    stems,
    tables,
    tasks,
)
from quizapp.catalogue.formats.markdown.conventions.bank_titles import OF_FILES, OPEN, is_title, lines_of_advice
from quizapp.catalogue.formats.markdown.conventions.listed_opening import announced_items
from quizapp.catalogue.formats.markdown.labels import first_label
from quizapp.catalogue.formats.markdown.languages import (
    ADVISING_TITLES,
    AIMS,
    ASKING_TITLES,
    ASKING_WIDE,
    LEADS_ELSEWHERE,
)
from quizapp.catalogue.formats.markdown.openings import Convention, Opening, Reading
from quizapp.catalogue.formats.markdown.wording import (
    Asks,
    asks_by_words,
    is_contents,
    plain,
    read,
    undecorated,
    unwrapped,
)
from quizapp.catalogue.formats.parsed import ITEMS_MAX, TOO_MANY, LineUse, Unreadable

# Words in headings of sections that ask and do not teach.
ASKING = re.compile(
    r"\b(?P<word>interviews?|questions?|quiz(?:zes)?|q\s?(?:&|and|/)\s?as?|faqs?|flash\s?cards?|mcqs?|exams?|"
    r"(?:check|test) your(?:self|(?: own)? (?:understanding|knowledge|learning))|"
    r"qbs?|viva(?: voce)?|self[- ]?test|knowledge check|practice (?:tests?|exams?)|"
    r"mock (?:tests?|exams?|interviews?)|trivia|decks?|true ?(?:/|or) ?false|"
    rf"{ASKING_TITLES}|{ADVISING_TITLES})\b|(?P<wide>{ASKING_WIDE})",
    re.IGNORECASE,
)
# A list below such a heading says what a text is for, in imperatives: "Explain what a bridge does".
_AIMS = re.compile(
    r"\b(?:objectives?|outcomes?|goals?|take-?aways?|prerequisites?|agenda|you(?:'ll| will) (?:learn|be able)"
    rf"|deliverables?|submissions?|grading|rubric|{AIMS})\b",
    re.IGNORECASE,
)
# A list below such a heading is one of pages whose titles may ask: "[What is DNS?](…)".
_SOURCES = re.compile(
    r"^\W*(?:(?:further|other|additional|great|useful|more|external|video|prep|preparation|learning|study) )*"
    rf"(?:resources?|references?|sources?|reading|links?|bibliography|{LEADS_ELSEWHERE})\W*$",
    re.IGNORECASE,
)
# A title with one of these promises a text, even if it is one for interviews.
_TEACHING = re.compile(
    r"\b(notes?|guide|preparation|prep|cheat\s?sheet|handbook|tutorial|course|deep dive|tips?|advice|resources?|"
    r"process|experience|templates?|framework|information|versions?|formats?|overview|details|strateg(?:y|ies)|"
    r"plans?|implementation|roadmap|builder|generator|plugin|objectives|topics|domains|registration|costs?|schedule|instructions|coverage|blueprint|matters)\b",
    re.IGNORECASE,
)
# What parts it from the questions that a title announces too.
_BESIDE = re.compile(r"\w\W*(?:,|&|\+|\b(?:and|with|plus|followed by)\b)\W*(?:\w+\W+)?$", re.IGNORECASE)
_WEAK = re.compile(rf"interviews?|exams?|{ADVISING_TITLES}")  # words that promise questions or advice
WORDS_OF_WEAK = 2  # in a heading with such a word
_SET = re.compile(r"\b(?:rounds?|practice|mock|sample|final|past|previous)\b", re.IGNORECASE)  # of questions
_WORD = re.compile(r"\w+")
# How much one question of a kind weighs against one of another where the note could be read in both ways.
_WEIGHTS = {
    Convention.HEADINGS: 3.0,
    Convention.DETAILS: 2.0,
    Convention.CALLOUTS: 2.0,
    Convention.QUOTED: 2.0,
    Convention.BOLD_LINES: 1.5,
    Convention.LISTS: 1.0,
}

_HOLDS = (*_WEIGHTS, Convention.FIELDS)  # what else asks in one of these is a part of it


def asks_by_title(title: str) -> bool:
    """Whether a title or heading says that questions follow. "Interview" or "exam" alone may also promise advice."""
    words = _asking_words(title)
    return any(map(_is_strong, words)) or (bool(words) and _TEACHING.search(title.replace("_", " ")) is None)


def names_asking(title: str) -> bool:
    """Whether a title has a word of those that say so, though it may promise a text too: "Interview notes"."""
    return bool(_asking_words(title))


def _asking_words(title: str) -> set[str]:
    """The words of a title that say that questions follow, in lower case."""
    return {(found["word"] or found["wide"]).lower() for found in ASKING.finditer(plain(title).replace("_", " "))}


def _is_strong(word: str) -> bool:
    """Whether such a word never promises advice on an interview or exam instead."""
    return _WEAK.fullmatch(word) is None


def _asks_by_heading(text: str) -> bool:
    """The same for a heading below the title: a longer one with "exam" or "interview" alone names a topic."""
    if not asks_by_title(text) or read(text).asks is Asks.MARK or OPEN.match(plain(text)):
        return False
    words = plain(text)
    return (
        any(map(_is_strong, _asking_words(words)))
        or len(_WORD.findall(words)) <= WORDS_OF_WEAK
        or _SET.search(words) is not None
    )


def asks_by_first_line(blocks: Sequence[Block], title: Block | None) -> bool:
    """Whether a note without a title begins with a line that says that questions follow: a bold one, or a heading."""
    first = blocks[0] if blocks and title is None else None
    if first is None or first.kind not in (Kind.PARAGRAPH, Kind.HEADING) or "\n" in first.text:
        return False
    return read(first.text).asks is Asks.NOT and asks_by_title(first.text)


def asking_lines(blocks: Sequence[Block], title: Block | None, *, asked: bool, end: int) -> frozenset[int]:
    """The lines below headings that say that questions follow; all lines of a note whose title does (`asked`)."""
    if asked and not _promises_both(blocks, title):
        return frozenset(range(end)) - _lines_of_aims(blocks, end) - lines_of_advice(blocks, end)
    found: set[int] = set()
    above: list[tuple[int, bool]] = []
    headed = [block for block in blocks if block.kind is Kind.HEADING and block is not title]
    for number, block in enumerate(headed):
        while above and above[-1][0] >= block.level:
            above.pop()
        inside = any(asks for _, asks in above)
        until = headed[number + 1].first if number + 1 < len(headed) else end
        if is_contents(block.text):
            continue
        own = _asks_by_heading(block.text)
        found |= set(range(block.first + (0 if inside else 1), until)) if inside or own else set()
        above.append((block.level, own))
    found -= lines_of_advice(blocks, end)
    return frozenset(found | decks.lines_of_decks(blocks, end) | _lines_below_bold(blocks))


def _lines_below_bold(blocks: Sequence[Block]) -> set[int]:
    """The lines of lists right below a bold or short line that says that questions follow: "Interview questions"."""
    found: set[int] = set()
    begun = sure = False
    for block in blocks:
        if block.kind in LISTS:
            found |= set(block.lines) if begun and (sure or len(block.children) > 1) else set()
        elif block.kind is not Kind.RULE:
            text = block.text.strip() if block.kind is Kind.PARAGRAPH else ""
            begun = "\n" not in text and is_title(text) and _asks_by_heading(undecorated(text))
            sure = unwrapped(text) != text
    return found


def _promises_both(blocks: Sequence[Block], title: Block | None) -> bool:
    """Whether a title names something else beside questions, and a heading says where these are: "Layers and FAQ"."""
    if title is None and asks_by_first_line(blocks, title):
        title = blocks[0]
    first = ASKING.search(plain(title.text)) if title is not None else None
    if title is None or first is None or _BESIDE.search(plain(title.text)[: first.start()]) is None:
        return False
    return any(_asks_by_heading(block.text) for block in blocks if block.kind is Kind.HEADING and block is not title)


def _leads_away(title: str) -> bool:
    return any((_AIMS.search(title), _SOURCES.match(title), OF_FILES.match(title)))


def _lines_of_aims(blocks: Sequence[Block], end: int) -> set[int]:
    """The lines below headings that only say what a text is for, or where there is more."""
    headed = [block for block in blocks if block.kind is Kind.HEADING]
    ends = [*(block.first for block in headed[1:]), end]
    titles = [(plain(one.text), range(one.last, last)) for one, last in zip(headed, ends, strict=False)]
    aims = (lines for title, lines in titles if _leads_away(title))
    return {line for lines in aims for line in lines}


def openings(note: Reading) -> list[Opening]:
    """Where the note's questions begin, in order. No two begin on one line unless they are gaps of one text."""
    detectors = (
        fields.find,
        framed.find,
        decks.find,
        scenarios.find,
        tasks.find,
        cards.find,
        gaps.find,
        tables.find,
        labelled.find,
        numbered.find,
        follow_ups.find,
        answered.find,
        stems.find,
    )
    named = _first_on_their_line([find(note) for find in detectors])
    headed = headings.find(note)
    lone.give_levels(note, named)
    named, headed = _one_of_both(note, named, headed)
    named = _without_told(note, named, headed)
    by_lines = sorted(one.line for one in named if one.convention in (Convention.PAIRS, Convention.BOLD))
    weak = {
        Convention.HEADINGS: [one for one in headed if not _holds_named(note, one, by_lines)],
        Convention.DETAILS: details.find(note),
        Convention.CALLOUTS: callouts.find(note),
        Convention.QUOTED: quotations.find(note),
        Convention.BOLD_LINES: bold_lines.find(note),
        Convention.LISTS: lists.find(note),
    }
    chosen = named
    by_name = len({one.line for one in chosen if one.convention is not Convention.FOLLOW_UPS})
    for convention in sorted(weak, key=lambda one: -len(weak[one]) * _WEIGHTS[one]):
        if weak[convention] and len(weak[convention]) * 2 >= by_name:
            chosen = _merged(note, chosen, weak[convention])
    if chosen and all(one.convention is Convention.LISTS for one in chosen):
        chosen = [*chosen, *lines.runs(note)]
    chosen = [*chosen, *_certain_details(note, chosen)] if chosen else _fallback(note)
    chosen = [*chosen, *beside.find(note, chosen)]
    if all(one.convention is Convention.LISTS and not one.below and not one.rest for one in chosen):
        known = {one.line for one in chosen}
        drafts = [one for one in lists.drafts(note) if one.line not in known]
        chosen = [*chosen, *drafts] if len(drafts) > len(chosen) else chosen
    _refuse_many(len(chosen))
    return sorted(_without_contents(note, chosen), key=lambda one: one.line)


def _fallback(note: Reading) -> list[Opening]:
    """What asks where nothing else does."""
    return lines.find(note) or headings.counted(note) or lone.card(note)


def _certain_details(note: Reading, chosen: Sequence[Opening]) -> Iterator[Opening]:
    """The `<details>` with a question mark that stand outside of every answer, though the note asks in another way."""
    taken = {line for one in chosen for line in one.lines}
    if not (marked := details.marked(note)):
        return
    before = sorted(chosen, key=lambda one: one.line)
    starts = [one.line for one in before]
    answers = [number for number, text in enumerate(note.source.lines) if first_label(text) == "a"]
    for one in marked:
        place = bisect_right(starts, one.line) - 1
        if taken.isdisjoint(one.lines) and (place < 0 or _is_over(note, before[place], one.line, answers)):
            yield one


def _is_over(note: Reading, one: Opening, line: int, answers: Sequence[int]) -> bool:
    """Whether a question ends before a line: by a heading, or as one by name that has its answer."""
    if _end_of(note, one) <= line or one.answer is not None:
        return True
    return one.convention is Convention.PAIRS and bisect_right(answers, one.line) < bisect_left(answers, line)


def _without_contents(note: Reading, chosen: Sequence[Opening]) -> list[Opening]:
    """Openings without items of a list that only announce questions which the note asks below."""
    announced = announced_items(chosen)
    for one in announced:
        note.source.use(one.lines, LineUse.LABEL)
    lines = {one.line for one in announced}
    return [one for one in chosen if one.line not in lines]


def _one_of_both(
    note: Reading, named: Sequence[Opening], headed: Sequence[Opening]
) -> tuple[list[Opening], list[Opening]]:
    """Both without a line that says more of the question in the heading above it, or a heading above several."""
    lines = sorted(one.line for one in named if one.convention in (Convention.ANSWERED, Convention.FIELDS))
    told: set[int] = set()
    kept: list[Opening] = []
    for heading in headed:
        inside = lines[bisect_right(lines, heading.line) : bisect_right(lines, _end_of(note, heading) - 1)]
        told |= set(inside) if len(inside) == 1 else set()
        kept += [heading] if len(inside) < 2 else []
    return [one for one in named if one.line not in told], kept


def _without_told(note: Reading, named: Sequence[Opening], headed: Sequence[Opening]) -> list[Opening]:
    """What is named without the only such line below a heading that is named and does not ask by its words.

    "### Question 3: Two regions", a scenario, and then "**Question:** What …?" are one question; so are
    "### Question 3: What is DNS?" and that line right below.
    """
    lines = sorted(one.line for one in named if one.convention is Convention.PAIRS)
    told: set[int] = set()
    for heading in headed:
        if not heading.is_named or not heading.prompt:
            continue
        inside = lines[bisect_right(lines, heading.line) : bisect_right(lines, _end_of(note, heading) - 1)]
        if len(inside) == 1 and (
            asks_by_words(heading.prompt) < Asks.IMPERATIVE or lone.is_first(note, heading.line + 1, inside[0])
        ):
            told |= set(inside)
    below = {lone.line_below(note, one) for one in named if one.convention is Convention.PAIRS and not one.prompt}
    told |= {one.line for one in named if one.line in below and one.convention is Convention.ANSWERED}
    return [one for one in named if one.line not in told]


def _holds_named(note: Reading, heading: Opening, named: Sequence[int]) -> bool:
    """Whether a question by name stands below a heading, which then is its title: "### Question 1", `Q: …`."""
    place = bisect_right(named, heading.line)
    if place == len(named) or named[place] >= _end_of(note, heading):
        return False
    below = next((line for line in note.source.lines[heading.line + 1 : named[place]] if line.strip()), "")
    if first_label(below) == "a" and asks_by_words(heading.prompt) is Asks.MARK:
        return False  # it has an answer of its own, and what is named follows it up
    return not heading.prompt or not heading.is_named


def _merged(note: Reading, chosen: Sequence[Opening], more: Sequence[Opening]) -> list[Opening]:
    """Openings with those of another kind that are not inside them; of those inside `more`, named ones are left out."""
    spans = sorted((one.line, _end_of(note, one)) for one in chosen if one.convention in _HOLDS)
    starts = [start for start, _ in spans]
    taken = {line for one in chosen for line in one.lines}
    added = []
    for one in more:
        place = bisect_right(starts, one.line) - 1
        inside = place >= 0 and spans[place][0] < one.line < spans[place][1]
        if not inside and one.line not in taken:
            added.append(one)
    covered = sorted((one.line, _end_of(note, one)) for one in added)
    return [*(one for one in chosen if not _is_covered(one, covered, note)), *added]


def _is_covered(one: Opening, covered: Sequence[tuple[int, int]], note: Reading) -> bool:
    """Whether a card or gap stands inside a question of a note that is no deck: then it is a part of the answer."""
    if one.convention not in (Convention.INLINE, Convention.CLOZE, Convention.SEPARATED) or note.is_deck_at(one.line):
        return False
    place = bisect_right(covered, (one.line, len(note.source.lines) + 1)) - 1
    return place >= 0 and covered[place][0] < one.line < covered[place][1]


def _first_on_their_line(detectors: Sequence[Iterable[Opening]]) -> list[Opening]:
    """What the detectors find, without openings on a line that an earlier detector has."""
    taken: set[int] = set()
    kept: list[Opening] = []
    for found in detectors:
        own = []
        for one in found:
            if taken.isdisjoint(one.lines):
                own.append(one)
                _refuse_many(len(kept) + len(own))
        kept += own
        taken |= {line for one in own for line in one.lines}
    return kept


def _refuse_many(questions: int) -> None:
    """Raise Unreadable for more questions than a note may have, before what belongs to each is read."""
    if questions > ITEMS_MAX:
        raise Unreadable(TOO_MANY)


def _end_of(note: Reading, one: Opening) -> int:
    """The line at which a question ends at the latest."""
    if one.until is not None:
        return one.until
    if one.convention is Convention.LISTS:
        return max([*one.lines, *(block.last - 1 for block in one.below)]) + 1
    ends = _heading_ends(note)
    place = bisect_right(ends, (one.line, 99))
    while place < len(ends) and ends[place][1] > one.level:
        place += 1
    return ends[place][0] if place < len(ends) else len(note.source.lines)


def _heading_ends(note: Reading) -> list[tuple[int, int]]:
    if note.ends is None:
        items = (item for block in note.blocks for item in block.children if item.children)
        headings_in_lists = (item.children[0] for item in items)
        found = (block for block in (*note.blocks, *headings_in_lists) if block.kind is Kind.HEADING)
        folded = note.in_folded_answers
        found = (one for one in found if answer_heading(one.text) is None and one.first not in folded)
        note.ends = sorted((block.first, block.level) for block in found)
    return note.ends
