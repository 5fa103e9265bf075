"""Titles of what stands beside the questions of a bank: advice to who is asked, its contents, words about it. Pure.

"Interview tips" is followed by points in the imperative, "Explain with an example", which ask nothing.
"""

import re
from collections.abc import Sequence, Set
from itertools import pairwise

from quizapp.catalogue.formats.markdown.answers import is_way_back
from quizapp.catalogue.formats.markdown.blocks import LISTS, Block, Kind
from quizapp.catalogue.formats.markdown.labels import bold_lead
from quizapp.catalogue.formats.markdown.languages import AIMS, CLOSING, INTRODUCING, LEADS_ELSEWHERE
from quizapp.catalogue.formats.markdown.openings import Reading
from quizapp.catalogue.formats.markdown.wording import Asks, is_contents, plain, read, undecorated, unwrapped

_DOWN = "](#"  # begins the address of a place in the note
FEWEST_ENTRIES = 2  # of a table of contents
WORDS_OF_TITLE = 6
_ADVICE = re.compile(
    r"^(?:[\w/&'\u2019-]+\W+){0,5}?(?:tips?|tips (?:and|&) tricks|advice|best practices|mistakes|pitfalls|checklists?"
    r"|take-?aways|strateg(?:y|ies)|answer(?:ing)? (?:structure|framework|format|template)s?)\b[^?]*$"
    r"|^how to (?:approach|answer|prepare|practi[cs]e|study|structure|tackle|ace|crack|use)\b[^?]*$",
    re.IGNORECASE,
)
# Numbered among the questions, "3. Deployment strategy" is one of them; "10. Interview tips" is not.
_TO_WHO_IS_ASKED = re.compile(
    r"\b(?:interviews?|exams?|answers?|final|tips?|study|prep\w*|common mistakes)\b", re.IGNORECASE
)
# What a note says of itself above its first heading: "… the most commonly asked questions".
_HOLDS_QUESTIONS = re.compile(
    r"\b(?:contains?|collection|list|set|compilation|curated|covers?|covering|asked|top \d+|below are|here are)\b"
    r"[^.?!\n]{0,80}\bquestions\b(?! (?:from|by|about this|or (?:issues|feedback|suggestions)))",
    re.IGNORECASE,
)
_SUMMARY = re.compile(
    r"^\W*(?:(?:quick|final|key|exam|executive|chapter) )*"
    r"(?:summary|recap|revision|review|experience|overview)\b[^?]*$",
    re.IGNORECASE,
)
# Titles that begin like a question and are about the bank.
_OF_BANK = re.compile(
    r"^(?:who (?:this|it|is this) (?:is )?for|what (?:this|the) \w+ (?:covers|contains|is about)"
    r"|what you(?:['\u2019]ll| will| need)\b.*|what(?:['\u2019]s| is) (?:inside|included|covered)"
    r"|why (?:this|these|use this) (?:repo|repository|guide|collection|list|notes?|questions|document|project|exists)"
    r"|how to (?:contribute|read (?:this|these)\b.*"
    r"|use(?: (?:this|these|the (?:guide|repo\w*|list|questions|notes?))\b.*)?)"
    r"|how to (?:approach|answer|prepare for|tackle|ace|crack)\b.*\b(?:interviews?|questions?|exams?|rounds?|design))"
    r"\W*$",
    re.IGNORECASE,
)

# Titles of what stands beside the questions of a bank, about the bank itself.
APART = re.compile(
    r"^\W*(?:contribut\w+|licen[cs]e|"
    r"(?:further |other |additional |great |useful |prep |preparation |learning |study )*"
    r"(?:references?|resources?|reading|links)|"
    r"credits?|acknowledge?ments?|authors?|support|feedback|(?:connect|contact|star)\b.*|"
    r"how to (?:use(?: this\b.*)?|contribute)|"
    r"(?:scor(?:ing|es?)|grading)(?: (?:guide|sheet|key|rubric|system|interpretation|scale|yourself))?|passing score|"
    r"(?:(?:score|rate|grade) yourself|(?:your|my) (?:score|results?)|how (?:well )?did you (?:do|score)|results)\b.*|"
    r"(?:(?:quick|full) )?(?:answer keys?|answers?)(?: (?:summary|table|sheet|overview))?|"
    r"(?:assessment|test|quiz|exam) (?:overview|information|structure|details)|"
    r"(?:(?:test|quiz|exam) )?instructions|"
    r"about(?: this\b.*)?|target audience|who this is for|disclaimer|change\s?log|"
    r"(?:learning )?(?:objectives|outcomes|goals)|prerequisites|next steps|what['\u2019]s next|"
    rf"repository structure|{LEADS_ELSEWHERE}|(?:{AIMS})\b.{{0,40}})\W*$",
    re.IGNORECASE,
)
# Titles of what says how to work with the files of a bank, in steps that ask nothing.
OF_FILES = re.compile(
    r"^\W*(?:(?:how to )?contribut\w*|licen[cs]e|(?:getting|get) started|installation|set-?\s?up|usage|"
    r"how to use(?: (?:this|these)\b.*)?)\W*$",
    re.IGNORECASE,
)
# Below such a heading a plan has what is not known yet.
OPEN = re.compile(r"\W*(?:open|outstanding|unresolved|unanswered|remaining) questions?\b", re.IGNORECASE)
# Titles of what says once more, or takes leave: nothing is explained there that is not above.
CLOSES = re.compile(
    r"^\W*(?:(?:final |closing )?conclusions?|(?:final|closing|last) (?:thoughts?|words?|remarks?|notes?|tips?|advice)"
    rf"|{CLOSING}|wrap(?:ping)?[- ]?up|thank(?:s| you)\b.*|(?:happy|good luck)\b.*"
    r"|(?:the )?(?:interview[- ]ready|one[- ]line|30[- ]second) (?:answer|summary)s?)\W*$",
    re.IGNORECASE,
)
# "Final Tips for Interviews", "How to Prepare": said to who will be asked. "Docker tips & tricks" teach.
_TO_CANDIDATES = re.compile(
    r"^\W*(?:(?:final|quick|general|pro|key|bonus|last[- ]minute|additional|some|more|interview(?:er)?"
    r"|preparation|success) )*"
    r"(?:tips?(?: (?:and|&) tricks)?|advice|strateg(?:y|ies)|dos? (?:and|&) don['\u2019]?ts)"
    r"(?: (?:for|on|to|in|during) (?:(?:the|your|an?|acing|passing|ace|pass|success in|technical|coding) )*"
    r"(?:interviews?|exams?|tests?|candidates?|success|preparation|certification))?\W*$"
    r"|^\W*how to (?:prepare|study|practi[cs]e)(?: for (?:the |your |an? )?(?:interviews?|exams?|tests?))?\W*$",
    re.IGNORECASE,
)
INTRODUCTION = re.compile(rf"^\W*(?:introduction|overview|{INTRODUCING})\W*$", re.IGNORECASE)


def is_title(line: str) -> bool:
    """Whether a line of a paragraph is meant as a title: it is bold or begins with a picture, or is short."""
    if unwrapped(line) != line or undecorated(line) != line.rstrip():
        return True
    return (
        len(line.split()) <= WORDS_OF_TITLE and line[:1].isupper() and not line.rstrip().endswith((".", ":", ";", ","))
    )


def is_about_bank(title: str) -> bool:
    """Whether a heading that begins like a question is about the bank: "Who this is for"."""
    return _OF_BANK.match(plain(undecorated(title))) is not None


def says_what_is_asked(blocks: Sequence[Block], title: Block | None) -> bool:
    """Whether a paragraph between a note's title and its next heading says that questions follow."""
    for block in blocks[blocks.index(title) + 1 :] if title is not None else ():
        if block.kind is Kind.HEADING:
            return False
        if block.kind is Kind.PARAGRAPH and _HOLDS_QUESTIONS.search(plain(block.text)):
            return True
    return False


def stands_beside(title: str, *, numbered: bool = False) -> bool:
    """Whether a heading among questions is none, whatever asks around it: "Conclusion", "Resources", "Tips".

    If it is `numbered` as these are, only advice to who is asked is none: "3. Deployment strategy" is one of them.
    """
    words = plain(undecorated(title))
    if numbered and _ADVICE.match(words) and not _TO_WHO_IS_ASKED.search(words):
        return False
    return any(one.match(words) is not None for one in (APART, CLOSES, INTRODUCTION, _ADVICE, _OF_BANK, _SUMMARY))


def is_for_candidates(title: str) -> bool:
    """Whether a heading in a bank stands above advice for the interview or exam alone, and nothing of the matter."""
    return _TO_CANDIDATES.match(plain(undecorated(title))) is not None


def is_advice(title: str) -> bool:
    """Whether a heading stands above advice to who is asked: "Interview tips", "How to answer"."""
    return _ADVICE.match(plain(undecorated(title))) is not None


def lines_of_advice(blocks: Sequence[Block], end: int) -> set[int]:
    """The lines below such headings up to the next one that is no deeper; none where a line or a heading there asks.

    `end` is the number of the note's lines.
    """
    found: set[int] = set()
    for place, heading in enumerate(blocks):
        if heading.kind is not Kind.HEADING or heading.first in found or not is_advice(heading.text):
            continue
        last = place + 1
        while last < len(blocks) and not 0 < blocks[last].level <= heading.level:
            last += 1
        if not any(_asks(block) for block in blocks[place + 1 : last]):
            found |= set(range(heading.last, blocks[last].first if last < len(blocks) else end))
    return found


def _asks(block: Block) -> bool:
    if block.kind is Kind.HEADING:
        return read(block.text).asks >= Asks.IMPERATIVE
    items = [item for item in block.children if item.children] if block.kind in LISTS else []
    texts = [item.children[0].text for item in items] if items else [block.text]
    lines = [text.split("\n", 1)[0] for text in texts]
    return any(read(line).asks >= Asks.MARK and bold_lead(line) is None for line in lines)


def lines_of_contents(note: Reading) -> Set[int]:
    """The lines of headings, in whatever language, right below which all entries lead further down.

    Of headings within a table of contents one such entry is enough.
    """
    found: set[int] = set()
    level: int | None = None
    any_down = _DOWN in note.source.text
    told = [block for block in note.blocks if not is_way_back(block)] if any_down else note.blocks
    for heading, below in pairwise(told):
        if heading.kind is not Kind.HEADING or heading is note.title:
            continue
        level = level if level is not None and heading.level > level else None
        if (any_down and all_lead_down(below)) or (level is not None and _leads_on(note, heading, below)):
            found.add(heading.first)
        if level is None and is_contents(heading.text):
            level = heading.level
    return found


def _leads_on(note: Reading, heading: Block, below: Block) -> bool:
    return below.level > heading.level or _DOWN in (below.text or note.source.text_of(below))


def all_lead_down(block: Block) -> bool:
    """Whether a block is a list or a table each entry of which leads to a place in the note."""
    if block.kind is Kind.TABLE:
        entries = [" ".join(row) for row in block.cells[1:]]
    else:
        entries = [" ".join(one.text for one in item.walk()) for item in block.children] if block.kind in LISTS else []
    return len(entries) >= FEWEST_ENTRIES and all(_DOWN in entry for entry in entries)
