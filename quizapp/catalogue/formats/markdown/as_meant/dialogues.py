"""Talks of who asks and who answers, in an interview or a chat, as questions with answers. Pure. Lines count from 0.

Who speaks is a heading, or a word in bold or bare at the beginning of a line: `**Interviewer:** …`, `## User`.
"""

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass
from itertools import pairwise

from quizapp.catalogue.formats.markdown.wording import Asks, has_question_mark, may_be_named, read

FEWEST = 2  # who asks must do so twice; a single question is an example of a talk
SHARE_OF_LINES = 0.5  # of a note's lines must stand behind the first turn
LOOKED_AT = 8  # lines of a turn, to see whether it asks
LEVEL = 2  # of the headings that the questions become, where no other heading says more
_INTERVIEWERS = r"interviewer|hiring manager|recruiter|examiner"
_CANDIDATES = r"candidate|interviewee|applicant"
_LEARNERS = r"user|human|student"
_MACHINES = r"assistant|chat\s?gpt|gpt(?:-?\d\w*)?|claude|gemini|copilot|bard|deepseek|grok|perplexity|ai|bot"
_EITHER = r"you|me"  # who asks a machine and answers an interviewer
# One of these parts of words stands in every note with such a talk.
SIGNS = (
    "nterviewer",
    "ssistant",
    "GPT",
    "hatgpt",
    "Claude",
    "Gemini",
    "opilot",
    "AI:",
    "AI*",
    "Bot:",
    "iring ",
    "ecruiter",
    "xaminer",
)
_TURN = re.compile(
    r"^ {0,3}(?:(?P<marks>#{1,6})\s+|>\s?(?=\*\*|__))?(?P<bold>\*\*|__)?[^\w*\n`|<>-]{0,6}(?:[A-Z]\w{1,20}\s\(|the\s)?"
    rf"(?P<name>{_INTERVIEWERS}|{_CANDIDATES}|{_LEARNERS}|{_MACHINES}|{_EITHER})\)?(?:\s(?:said|says|asked|asks))?"
    r"(?P<stamp>\s?(?:[(\[][^()\[\]\n]{0,40}[)\]]|[-\u2013\u2014@|]\s?\d[^*\n]{0,40}))?\s?"
    r"(?P<end>:?\s?(?:\*\*|__)\s?:?|:)?(?:\s+(?P<rest>\S.*)|\s*)$",
    re.IGNORECASE,
)
_HEADING = re.compile(r"^(#{1,6})\s+\S")
# How one asks for something without a question mark.
_WISH = re.compile(
    r"(?:please|give|show|write|help|teach|summari[sz]e|generate|make|create|fix|provide|prepare|convert|walk|tell"
    r"|i (?:want|need|would like)|let['\u2019]s|now)\s\S+\s\S",
    re.IGNORECASE,
)
_PIECE = re.compile(r"(?<=[.!,;:])\s+")  # "Thank you. Tell me about it."


@dataclass(kw_only=True)
class _Turn:
    line: int
    name: str
    level: int
    """Of the heading that it is; 0 for another line."""
    rest: str
    """What is said on the same line."""
    asks: bool = False


def as_questions(lines: Sequence[str], code: Container[int]) -> dict[int, str]:
    """The lines of a talk that stand for questions, as headings, and for answers; empty for a note that is none."""
    turns = _roles([turn for number, line in enumerate(lines) if number not in code and (turn := _turn(number, line))])
    written = [number for number, line in enumerate(lines) if line.strip()]
    asking = [turn for turn, end in _with_ends(turns, len(lines)) if turn.asks and _wants(lines, turn, end, code)]
    if len(asking) < FEWEST or (len(lines) - turns[0].line) < SHARE_OF_LINES * len(lines):
        return {}
    if sum(number not in code and _is_named(lines[number]) for number in written) >= len(asking):
        return {}  # what the machine was asked for is questions, and these are the note's
    level = _level(lines, turns, code)
    found: dict[int, str] = {}
    begun = False
    for turn in turns:
        if turn in asking:
            begun = True
            number, text = _said(lines, turn)
            found |= {turn.line: "", number: f"{'#' * level} Q: {text}"}
        elif not turn.asks and begun:
            found[turn.line] = f"A: {turn.rest}".rstrip()
        elif turn.level:
            found[turn.line] = f"**{lines[turn.line].strip('# *')}**"
    return found


def _turn(number: int, line: str) -> _Turn | None:
    """The turn that a line begins; None for another line."""
    found = _TURN.match(line) if line[:1] in "# *_>" or ":" in line[:60] else None
    if found is None:
        return None
    end, rest = found["end"] or "", found["rest"] or ""
    if found["bold"]:
        whole = found["bold"] in end or rest.endswith(found["bold"])
        rest = rest if found["bold"] in end else rest.removesuffix(found["bold"])
    else:
        whole = end in ("", ":")
    if not whole or (rest and ":" not in end) or not (end or found["marks"]):
        return None
    name = " ".join(found["name"].lower().split())
    return _Turn(line=number, name=name, level=len(found["marks"] or ""), rest=rest)


def _roles(turns: list[_Turn]) -> list[_Turn]:
    """The turns of those that take part, told who of them asks; empty without anybody that asks and is answered."""
    if any(re.fullmatch(_INTERVIEWERS, turn.name) for turn in turns):
        asks, answers = _INTERVIEWERS, f"{_CANDIDATES}|{_EITHER}"
        alone = all(turn.level for turn in turns if re.fullmatch(asks, turn.name))
    else:
        asks, answers, alone = f"{_LEARNERS}|{_EITHER}", _MACHINES, False
    for turn in turns:
        turn.asks = re.fullmatch(asks, turn.name) is not None
    kept = [turn for turn in turns if turn.asks or re.fullmatch(answers, turn.name)]
    answered = sum(before.asks and not turn.asks for before, turn in pairwise(kept))
    return kept if answered >= FEWEST or (alone and all(turn.rest for turn in kept if turn.asks)) else []


def _with_ends(turns: Sequence[_Turn], last: int) -> list[tuple[_Turn, int]]:
    return list(zip(turns, [*(turn.line for turn in turns[1:]), last], strict=False))


def _wants(lines: Sequence[str], turn: _Turn, end: int, code: Container[int]) -> bool:
    """Whether a turn asks or wishes for something, and does not only say thanks."""
    own = [turn.rest, *(lines[number] for number in range(turn.line + 1, end) if number not in code)]
    said = [line.strip() for line in own if line.strip() and not _HEADING.match(line)]
    pieces = [piece for line in said[:LOOKED_AT] for piece in _PIECE.split(line)]
    return any(has_question_mark(one) or read(one).asks is not Asks.NOT or _WISH.match(one) for one in pieces)


def _said(lines: Sequence[str], turn: _Turn) -> tuple[int, str]:
    """The first line of what a turn says, and its text."""
    if turn.rest:
        return turn.line, turn.rest
    number = next(at for at in range(turn.line + 1, len(lines)) if lines[at].strip())
    return number, lines[number].strip()


def _is_named(line: str) -> bool:
    return may_be_named(line) and read(line.lstrip("# ")).asks is Asks.NAMED


def _level(lines: Sequence[str], turns: Sequence[_Turn], code: Container[int]) -> int:
    """The level above that of the headings in what is said.

    A heading right before a question parts the note, and so does one that is no deeper than that above the talk.
    """
    starts = {turn.line for turn in turns}
    asked = {turn.line for turn in turns if turn.asks}
    base = 0
    inside, parting = set[int](), set[int]()
    for number, line in enumerate(lines):
        found = _HEADING.match(line) if number not in code and number not in starts else None
        if found is None:
            continue
        level = len(found[1])
        if number < turns[0].line:
            base = level if level > 1 else base
            continue
        below = (at for at in range(number + 1, len(lines)) if lines[at].strip("-*_ "))
        (parting if level <= base or next(below, -1) in asked else inside).add(level)
    own = max((turn.level for turn in turns if turn.asks), default=0)
    plain = own or (base + 1 if base else LEVEL)
    level = min(inside) - 1 if inside and min(inside) <= plain else plain
    return max(level, base, min(parting, default=1), 1)
