"""What looks wrong with the questions and cards of a note, rule by rule, with its line. Pure; knows no file.

The rules are those of decision 74. What no program can see, such as whether it is true, is left to the reader.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from quizapp.catalogue.formats.parsed import ParsedChoice, ParsedNote, ParsedQuestion
from quizapp.catalogue.kinds.truth import Truth

BACK_WORDS_MOST = 25  # of a card: more is not recalled but read
SET_ITEMS_MOST = 3  # on the back of a card; a longer list is several cards
OPTIONS = range(3, 6)  # of a choice; a third good wrong one is hard to find, and a sixth never is
LONGER_MOST = 1.5  # how many times as long as the median of the wrong options the right one may be
PLACES_LEAST = 8  # single choices of a note, from which on the places of the right ones are looked at
PLACE_SHARE_MOST = 0.5  # of the right options that may stand at one place
RUN_MOST = 4  # single choices in a row whose right options stand at one place
_BARE = re.compile(r"(?:can|is|does|do|are|will|has|have|should|did|was|were)\b", re.IGNORECASE)
_WORD = "(?:who|whom|whose|which|what|when|where|why|how)"
_ASKS = re.compile(rf"\b{_WORD}\b", re.IGNORECASE)
_ASKS_TWICE = re.compile(rf"\b{_WORD}\b[^?]*,? (?:and|or) {_WORD}\b", re.IGNORECASE)
_ASKS_FOR_ALL = re.compile(r"(?:(?:list|enumerate)|name (?:all|every|each))\b", re.IGNORECASE)
_VERB = "(?:is|are|was|were|do|does|did|can|could|will|would|should|has|have)"
# At the very beginning, also behind the question's own words: "What does it do?".
_POINTS_BACK = re.compile(
    rf"(?:{_WORD} {_VERB} )?(?:it|they|these|those)\b|(?:this|the above|the following)\b", re.IGNORECASE
)
_NEGATIVE = re.compile(r"(?<!\*)\b(?:NOT|not|EXCEPT|except)\b(?!\*)")
_VAGUE = re.compile(r"which of (?:the following|these) (?:statements? )?(?:is|are)\b", re.IGNORECASE)
_ABOVE = re.compile(r"\b(?:all|both|none) of the above\b", re.IGNORECASE)
_SURE = re.compile(r"\b(?:always|never)\b", re.IGNORECASE)
_CODE = re.compile(r"`[^`]*`")


@dataclass(frozen=True, kw_only=True)
class LintFinding:
    """Something that makes a question worse than it could be."""

    line: int
    rule: str
    """The name of the rule, such as "stands-alone"."""
    message: str
    """What it is, and what to do, in a sentence."""


def lint_note(note: ParsedNote) -> list[LintFinding]:
    """All findings of a note, by their lines."""
    found = [
        LintFinding(line=one.line, rule=rule, message=message)
        for one in note.everything_asked
        for rule, message in _of_one(one)
    ]
    return sorted([*found, *_of_places(note), *_of_twins(note)], key=lambda one: (one.line, one.rule))


def _of_one(one: ParsedQuestion) -> Iterator[tuple[str, str]]:
    """The rule and the message of each finding of one question or card."""
    yield from _of_wording(one)
    if not (one.source_url and one.as_of):
        yield "source-and-date", "Name a source and when it was checked: what was true of one version is not of all."
    if one.flashcard:
        yield from _of_card(one)
    elif one.choices:
        yield from _of_choices(one)
    elif one.expected is None and one.answered and not (one.must and one.red_flags):
        yield "marking-guide", "Say with *Must:* and *Red flags:* what an answer must have: learners mark themselves."


def _of_wording(one: ParsedQuestion) -> Iterator[tuple[str, str]]:
    asked = _CODE.sub("x", one.prompt)
    if asked.count("?") > 1:
        yield "one-thing-asked", "Ask one thing: a second question mark is a second question."
    if not isinstance(one.expected, Truth) and _BARE.match(asked) and not _ASKS.search(asked):
        yield "no-bare-yes-or-no", "Ask why, when or how as well: yes or no is right half of the time."
    if _POINTS_BACK.match(asked):
        yield "stands-alone", "Name what is meant: on a card there is nothing above it."


def _of_card(one: ParsedQuestion) -> Iterator[tuple[str, str]]:
    asked = _CODE.sub("x", one.prompt)
    if _ASKS_TWICE.search(asked):
        yield "one-thing-asked", "Ask one thing: of two, make two cards."
    if _ASKS_FOR_ALL.match(asked):
        yield "no-sets", "Ask for each by itself, or leave gaps in the list: a whole list is soon forgotten."
    if len(one.answer.split()) > BACK_WORDS_MOST:
        yield "short-back", f"Shorten the back to {BACK_WORDS_MOST} words, or make two cards of it."
    if sum(line.lstrip().startswith(("- ", "* ")) for line in one.answer.split("\n")) > SET_ITEMS_MOST:
        yield "no-sets", f"Ask for at most {SET_ITEMS_MOST} things at a time, or leave gaps in the list."
    if len(one.answer) > SET_ITEMS_MOST and one.answer.strip(" .`").casefold() in one.prompt.casefold():
        yield "answer-not-in-question", "The front has the whole back in it: ask in other words."


def _of_choices(one: ParsedQuestion) -> Iterator[tuple[str, str]]:
    right = [choice for choice in one.choices if choice.right]
    wrong = [choice for choice in one.choices if not choice.right]
    if len(one.choices) not in OPTIONS:
        yield "three-to-five-options", "Give three to five options; three good ones are enough."
    if any(_ABOVE.search(choice.text) for choice in one.choices):
        yield "no-all-of-the-above", "Leave out options about other options."
    if _VAGUE.search(one.prompt):
        yield "stem-is-a-question", "Ask so that it can be answered with the options covered."
    if _NEGATIVE.search(_CODE.sub("x", one.prompt)):
        yield "negatives-in-bold", "Ask for what is so, or set the **not** in bold: it is read over."
    if any(not choice.why for choice in one.choices):
        yield "each-option-says-why", "Say behind each option why it is right, or why somebody takes it for right."
    if right and wrong:
        yield from _of_clues(right, wrong)


def _of_clues(right: list[ParsedChoice], wrong: list[ParsedChoice]) -> Iterator[tuple[str, str]]:
    """What tells the right option from the wrong ones to somebody who knows nothing."""
    usual = median(len(choice.text) for choice in wrong)
    if len(right) == 1 and len(right[0].text) > LONGER_MOST * usual:
        yield "options-alike", "Shorten the right option, or lengthen the others: the longest is guessed."
    if len({bool(_CODE.fullmatch(choice.text)) for choice in (*right, *wrong)}) > 1:
        yield "options-alike", "Make the options all code or all words."
    said = [any(_SURE.search(_CODE.sub("x", choice.text)) for choice in some) for some in (right, wrong)]
    if said == [False, True]:
        yield "no-clues", "Words such as always and never in wrong options alone give them away."


def _of_places(note: ParsedNote) -> Iterator[LintFinding]:
    """Whether the right options of a note stand at one place too often."""
    single = [one for one in note.questions if sum(choice.right for choice in one.choices) == 1]
    if len(single) < PLACES_LEAST:
        return
    places = [[choice.right for choice in one.choices].index(True) for one in single]
    if max(Counter(places).values()) > PLACE_SHARE_MOST * len(single):
        message = "More than half of the right options of this note stand at one place. Move some."
        yield LintFinding(line=single[0].line, rule="places-of-right-options", message=message)
        return
    for number in range(RUN_MOST, len(single)):
        if len({*places[number - RUN_MOST : number + 1]}) == 1:
            message = f"The right options of more than {RUN_MOST} questions in a row stand at one place. Move some."
            yield LintFinding(line=single[number].line, rule="places-of-right-options", message=message)
            return


def _of_twins(note: ParsedNote) -> Iterator[LintFinding]:
    """Questions and cards with the words of an earlier one."""
    seen: dict[str, int] = {}
    for one in note.everything_asked:
        words = " ".join(re.findall(r"\w+", one.prompt.casefold()))
        if (first := seen.setdefault(words, one.line)) != one.line:
            yield LintFinding(line=one.line, rule="no-twins", message=f"Line {first} asks the same. Keep one of them.")
