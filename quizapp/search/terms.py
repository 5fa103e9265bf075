"""The terms of a search, such as `is:due` and `prop:lapses>3`: what each means, and why one is not understood. Pure.

They are Anki's where these fit. Its letters count in either case here: `is:Due` is understood.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TypeAlias

from quizapp.search.patterns import BadPattern, compiled

DAYS_MAX = 36_500  # FSRS's longest interval, 100 years
FLAG_MAX = 7
YEARS = range(1970, 3000)  # of reviews: study days are counted from 1970 on
_PROP = re.compile(r"([A-Za-z]+)(<=|>=|!=|<|>|=)(.+)\Z")
_NUMBER = re.compile(r"-?(\d+\.?\d*|\.\d+)\Z")
_DAY_OR_MONTH = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?\Z", re.ASCII)
_WHOLE = re.compile(r"-?\d+\Z")


class BadTerm(ValueError):
    """A term that is not understood, with a sentence that says what would be."""


class State(StrEnum):
    """What a card can be, after `is:`."""

    NEW = "new"
    LEARN = "learn"
    REVIEW = "review"
    DUE = "due"
    SUSPENDED = "suspended"
    BURIED = "buried"
    BURIED_MANUALLY = "buried-manually"
    BURIED_SIBLING = "buried-sibling"  # by the answer to another card of the same concept
    LEECH = "leech"
    MISJUDGED = "misjudged"  # the learner was sure of an answer or a prediction, and wrong


class Property(StrEnum):
    """A number of a card, after `prop:`."""

    STABILITY = "s"
    DIFFICULTY = "d"
    RETRIEVABILITY = "r"
    INTERVAL = "ivl"
    DUE = "due"
    COMES = "comes"  # as due, but a buried card counts, on the day on which it is back
    REPS = "reps"
    LAPSES = "lapses"
    RATED = "rated"  # days from today, so that yesterday is -1, as the next
    RESCHED = "resched"


class Comparison(StrEnum):
    """How a property is compared."""

    LESS = "<"
    MOST = "<="
    MORE = ">"
    LEAST = ">="
    EQUAL = "="
    OTHER = "!="


class ResultKind(StrEnum):
    """What a result is, after `kind:`. A card is a question that the learner has in their reviews."""

    NOTE = "note"
    SECTION = "section"
    CONCEPT = "concept"
    QUESTION = "question"
    LAB = "lab"


@dataclass(frozen=True, kw_only=True)
class Is:
    """Cards in a state."""

    state: State


@dataclass(frozen=True, kw_only=True)
class Prop:
    """Cards with a number that compares so. Of a number with a fraction, `=` means as far as it is written."""

    name: Property
    comparison: Comparison
    value: float
    places: int
    """The digits after the point, as written."""


@dataclass(frozen=True, kw_only=True)
class RatedWithin:
    """Cards that were rated on one of the last study days, this one included."""

    days: int
    rating: int | None
    """1 to 4; None for any."""


@dataclass(frozen=True, kw_only=True)
class ReviewedOn:
    """Cards that were rated on a study day from `first` to `last`, each called by the date on which it began."""

    first: date
    last: date


@dataclass(frozen=True, kw_only=True)
class DoneWithin:
    """Something that happened on one of the last study days, this one included."""

    what: str
    """One of `added`, when the card came to the learner's reviews, `edited`, the question, `introduced`, first rated,
    and `resched`, set due by hand."""
    days: int


@dataclass(frozen=True, kw_only=True)
class Flagged:
    """Cards with a flag; 0 for none."""

    flag: int


@dataclass(frozen=True, kw_only=True)
class Tagged:
    """Questions with a tag that the pattern matches, or below such a tag: `net` has `net::ip` below it. As of the two
    that follow, a pattern that begins with `re:` is a regular expression for a part of the name."""

    pattern: str


@dataclass(frozen=True, kw_only=True)
class OfNote:
    """What is in a note: its key, or else a part of its title, is this; or a pattern with stars matches one."""

    pattern: str


@dataclass(frozen=True, kw_only=True)
class OfConcept:
    """A concept and what asks it: its key, or a part of its term, is this; with a star as in OfNote."""

    pattern: str


@dataclass(frozen=True, kw_only=True)
class OfKind:
    """Results of a kind; None for cards."""

    kind: ResultKind | None


Term: TypeAlias = Is | Prop | RatedWithin | ReviewedOn | DoneWithin | Flagged | Tagged | OfNote | OfConcept | OfKind

_NAMED = {"stability": "s", "difficulty": "d", "retrievability": "r", "interval": "ivl"}
_WITHIN_ONE = 1  # digits after the point that a chance of recall is compared by at least: 1 is no 0.5
_INSTEAD = {"ease": "FSRS has no ease; difficulty is prop:d, from 1 to 10", "pos": "new cards have no position here"}
# Anki's terms that have no meaning here, each with what does.
ELSEWHERE = {
    "deck": "There are no decks here; note: and tag: choose what a deck does in Anki.",
    "card": "A question has one card here, so card: chooses nothing.",
    "preset": "There are no presets here.",
    "front": "Fields cannot be searched one by one; leave front: out.",
    "back": "Fields cannot be searched one by one; leave back: out.",
    "nid": "Notes are chosen by their name: note:.",
    "cid": "Cards cannot be chosen by a number.",
    "mid": "There are no note types here.",
    "dupe": "Notes have no fields that could be the same; look for their words.",
    "did": "There are no decks here; note: and tag: choose what a deck does in Anki.",
    "sc": "Gaps have no marks around them here; leave sc: out.",
    "has": "There is no has:; is: says what a card is.",
}


def term_of(name: str, value: str) -> Term | None:
    """The term with a name, such as `is`, and what follows its colon; None if there is no such term.

    Raises BadTerm.
    """
    if name in ELSEWHERE:
        raise BadTerm(ELSEWHERE[name])
    if name in NAMES and not value:
        raise BadTerm(f"Something must follow {name}: without a blank; in quotation marks it is text.")
    make = _MADE_BY.get(name)
    return None if make is None else make(value)


def _is(value: str) -> Term:
    if value.lower() not in list(State):
        raise BadTerm(f"is: is followed by one of {', '.join(State)}.")
    return Is(state=State(value.lower()))


def _prop(value: str) -> Term:
    found = _PROP.match(value)
    if found is None:
        raise BadTerm("prop: is followed by a name, a sign and a number, such as prop:lapses>3.")
    sign, number = found[2], found[3]
    name = _NAMED.get(found[1].lower(), found[1].lower())
    if name in _INSTEAD:
        raise BadTerm(f"There is no prop:{name}: {_INSTEAD[name]}.")
    if name not in list(Property):
        raise BadTerm(f"prop: knows {', '.join(Property)}.")
    if not _NUMBER.match(number):
        raise BadTerm(f"prop:{name}{sign} is followed by a number.")
    places = len(number.partition(".")[2])
    if name == Property.RETRIEVABILITY:
        places = max(places, _WITHIN_ONE)
    if name in (Property.RATED, Property.RESCHED) and not (_WHOLE.match(number) and -DAYS_MAX <= int(number) <= 0):
        raise BadTerm(
            f"prop:{name} is followed by a sign and a day: 0 for today, -1 for yesterday, -{DAYS_MAX} at least."
        )
    return Prop(name=Property(name), comparison=Comparison(sign), value=float(number), places=places)


def _rated(value: str) -> Term:
    days, colon, rating = value.partition(":")
    if colon and rating not in ("1", "2", "3", "4"):
        raise BadTerm("rated: takes a rating from 1, Again, to 4, Easy, such as rated:7:1.")
    return RatedWithin(days=_days("rated", days), rating=int(rating) if colon else None)


def _reviewed(value: str) -> Term:
    """Of a day, of a month, or from the first day of one to the last day of another."""
    begin, between, end = value.partition("..")
    first, last = _span(begin)
    last = _span(end)[1] if between else last
    if first > last:
        raise BadTerm(f"reviewed: begins with the earlier day, as in reviewed:{end}..{begin}.")
    return ReviewedOn(first=first, last=last)


def _span(value: str) -> tuple[date, date]:
    """The first and the last day of a day or a month. Raises BadTerm for what is neither, or is not there."""
    found = _DAY_OR_MONTH.match(value)
    if found is None:
        raise BadTerm(
            "reviewed: is followed by a day or a month, or two with .. between: reviewed:2026-11-02..2026-11-08."
        )
    if int(found[1]) not in YEARS:
        raise BadTerm(f"reviewed: is of a year from {YEARS[0]} to {YEARS[-1]}.")
    try:
        first = date(int(found[1]), int(found[2]), int(found[3] or 1))
    except ValueError:
        raise BadTerm(f"reviewed: There is no {value}.") from None
    if found[3]:
        return first, first
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _within(what: str) -> Callable[[str], Term]:
    return lambda value: DoneWithin(what=what, days=_days(what, value))


def _days(name: str, value: str) -> int:
    if not _WHOLE.match(value) or not 1 <= int(value) <= DAYS_MAX:
        raise BadTerm(f"{name}: is followed by a number of days, 1 for today, up to {DAYS_MAX}.")
    return int(value)


def _flag(value: str) -> Term:
    if not _WHOLE.match(value) or not 0 <= int(value) <= FLAG_MAX:
        raise BadTerm(f"flag: is followed by a number from 1 to {FLAG_MAX}, or 0 for none.")
    return Flagged(flag=int(value))


def expression_in(pattern: str) -> str | None:
    """The regular expression by which a pattern, such as `re:^net`, looks through names; None if it is of stars."""
    return pattern[len(EXPRESSION) + 1 :] if pattern.lower().startswith(f"{EXPRESSION}:") else None


def checked(expression: str) -> str:
    """A regular expression that is understood. Raises BadTerm."""
    try:
        compiled(expression)
    except BadPattern as wrong:
        raise BadTerm(f"re: cannot be read: {wrong}.") from None
    return expression


def _named(make: Callable[[str], Term]) -> Callable[[str], Term]:
    """What makes a term of a pattern for names."""

    def made(pattern: str) -> Term:
        expression = expression_in(pattern)
        if expression is not None:
            checked(expression)
        return make(pattern)

    return made


def _kind(value: str) -> Term:
    if value.lower() == "card":
        return OfKind(kind=None)
    if value.lower() not in list(ResultKind):
        raise BadTerm(f"kind: is followed by one of card, {', '.join(ResultKind)}.")
    return OfKind(kind=ResultKind(value.lower()))


_MADE_BY: Mapping[str, Callable[[str], Term]] = {
    "is": _is,
    "prop": _prop,
    "rated": _rated,
    "reviewed": _reviewed,
    **{what: _within(what) for what in ("added", "edited", "introduced", "resched")},
    "flag": _flag,
    "tag": _named(lambda value: Tagged(pattern=value)),
    "note": _named(lambda value: OfNote(pattern=value)),
    "concept": _named(lambda value: OfConcept(pattern=value)),
    "kind": _kind,
}
WHOLE_WORDS = "w"  # Anki's w:text; words are found whole in every search here, so it is the text
ACCENTS_APART = "nc"
EXPRESSION = "re"
IN_TEXTS = frozenset({WHOLE_WORDS, ACCENTS_APART, EXPRESSION})
"""What stands before a text, and says how it is looked for."""
NAMES = frozenset({*_MADE_BY, *ELSEWHERE, *IN_TEXTS})
