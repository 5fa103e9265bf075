"""Which questions most need an editor: by what their findings and the answers of learners say. Reads only."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from sqlalchemy import Select, or_, select, union_all
from sqlalchemy.orm import Session

from quizapp.admin.questions.findings import BAD, FACTS, WAITING, Finding, condition, ids_with
from quizapp.catalogue.item_figures import Flag
from quizapp.catalogue.models import Note, Question
from quizapp.labs.runs.check_figures import with_flaky_checks

Flagged = Callable[[Session], Mapping[int, Sequence[Flag]]]
"""Finds the flags of all questions that have any, by id."""
FLAG_WORDS: Mapping[Flag, str] = {
    Flag.NEGATIVE: "answered worse by those who know more",
    Flag.DISTRACTS_THE_GOOD: "a wrong option draws those who know more",
    Flag.FLAKY: "a check cannot be trusted",
    Flag.TOO_HARD: "hardly anybody is right",
    Flag.FORGOTTEN: "forgotten again and again",
    Flag.TELLS_LITTLE: "tells little",
    Flag.TOO_EASY: "nearly everybody is right",
    Flag.UNUSED_OPTION: "a wrong option that nobody takes",
}
BAD_FLAGS = frozenset({Flag.NEGATIVE, Flag.DISTRACTS_THE_GOOD, Flag.FLAKY})
# Questions that come before all others. Their ids are in one query, and SQLite takes at most 32,766 values in a
# statement. They are two hundred pages of the list; beyond, what is said of a question counts like any other finding.
PLACED_MAX = 10_000
_BADNESS = {flag: place for place, flag in enumerate(Flag)}
_NO_FLAG = len(_BADNESS)


def nothing_flagged(_: Session) -> Mapping[int, Sequence[Flag]]:
    """As if nobody had answered anything."""
    return {}


def with_flaky_labs(flagged: Flagged) -> Flagged:
    """Finds the flags of `flagged`, and labs of which a check cannot be trusted: no answer in a quiz tells of those."""

    def found(db: Session) -> Mapping[int, Sequence[Flag]]:
        flags = flagged(db)
        return {**flags, **{id: sorted((Flag.FLAKY, *flags.get(id, ())), key=order) for id in with_flaky_checks(db)}}

    order = list(Flag).index
    return found


def neediest(
    db: Session, questions: Select[int], *, flags: Mapping[int, Sequence[Flag]], today: date, first: int, most: int
) -> Sequence[int]:
    """Of the ids that `questions` selects, from the one that needs an editor most, `most` from number `first` on.

    What keeps a question from being asked right comes first, then what learners' answers, reviews and runs say that is
    wrong, then what waits for an editor, a conflict, a report or a changed section, and all else that they say and
    other findings; at last, in the order of their notes, those with which nothing is the matter. Only as many are read
    as the page asks for, and what is beside them.
    """
    places = _places(db, flags, today=today)
    in_order = Note.number.nulls_last(), Note.title.nulls_last(), Note.id, Question.position, Question.id
    urgent, left = list[int](), _by_place(places)
    while left and len(urgent) < first + most:
        some = left.pop()
        while left and len(some) < first + most - len(urgent):
            some += left.pop()
        those = db.scalars(questions.where(Question.id.in_(some)).order_by(*in_order))
        urgent += sorted(those, key=places.__getitem__)
    page = urgent[first : first + most]
    if len(page) == most:
        return page
    needs_work = or_(*(condition(finding, today=today) for finding in Finding if finding not in BAD | FACTS))
    rest = questions.where(Question.id.not_in(places)).order_by(needs_work.desc(), *in_order)
    return [*page, *db.scalars(rest.limit(most - len(page)).offset(max(0, first - len(urgent))))]


def _by_place(places: Mapping[int, tuple[int, int]]) -> list[list[int]]:
    """The ids of each place, those of the first place at the end."""
    found: dict[tuple[int, int], list[int]] = {}
    for id, place in places.items():
        found.setdefault(place, []).append(id)
    return [found[place] for place in sorted(found, reverse=True)]


def _places(db: Session, flags: Mapping[int, Sequence[Flag]], *, today: date) -> Mapping[int, tuple[int, int]]:
    """The places of those that come before all others, by id: at most PLACED_MAX, and of more the first of them."""
    bad = {*db.scalars(union_all(*(select(Question.id).where(condition(finding, today=today)) for finding in BAD)))}
    waiting = {*db.scalars(union_all(*map(ids_with, WAITING)))}
    places = {id: _place(flags.get(id, ()), id in bad, id in waiting) for id in (*bad, *waiting, *flags)}
    if len(places) <= PLACED_MAX:
        return places
    return {id: places[id] for id in sorted(places, key=lambda id: (places[id], id))[:PLACED_MAX]}


def _place(flags: Sequence[Flag], is_bad: bool, is_waiting: bool) -> tuple[int, int]:
    """The place of a question that comes before others; of equal ones those with the worst flag first."""
    worst = _BADNESS[flags[0]] if flags else _NO_FLAG
    if is_bad:
        return 0, worst
    if flags and not BAD_FLAGS.isdisjoint(flags):
        return 1, worst
    return (2 if is_waiting else 3), worst
