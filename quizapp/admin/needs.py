"""Which questions most need an editor: by what their findings and the answers of learners say. Reads only."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from sqlalchemy import Select, or_
from sqlalchemy.orm import Session

from quizapp.admin.health import BAD, FACTS, Finding, condition
from quizapp.catalogue.item_figures import Flag
from quizapp.catalogue.models import Note, Question

Flagged = Callable[[Session], Mapping[int, Sequence[Flag]]]
"""Finds the flags of all questions that have any, by id."""
FLAG_WORDS: Mapping[Flag, str] = {
    Flag.NEGATIVE: "answered worse by those who know more",
    Flag.DISTRACTS_THE_GOOD: "a wrong option draws those who know more",
    Flag.TOO_HARD: "hardly anybody is right",
    Flag.TELLS_LITTLE: "tells little",
    Flag.TOO_EASY: "nearly everybody is right",
    Flag.UNUSED_OPTION: "a wrong option that nobody takes",
}
BAD_FLAGS = frozenset({Flag.NEGATIVE, Flag.DISTRACTS_THE_GOOD})
_BADNESS = {flag: place for place, flag in enumerate(Flag)}
_NO_FLAG = len(_BADNESS)


def nothing_flagged(_: Session) -> Mapping[int, Sequence[Flag]]:
    """As if nobody had answered anything."""
    return {}


def neediest(
    db: Session, questions: Select[int], *, flags: Mapping[int, Sequence[Flag]], today: date, first: int, most: int
) -> Sequence[int]:
    """Of the ids that `questions` selects, from the one that needs an editor most, `most` from number `first` on.

    What keeps a question from being asked right comes first, then what learners' answers say, then what waits for an
    editor, a conflict, a report or a changed section, and all other findings; at last, in the order of their notes,
    those with which nothing is the matter.
    """
    work = [condition(finding, today=today) for finding in Finding if finding not in BAD | FACTS]
    waiting = [condition(finding, today=today) for finding in (Finding.CONFLICT, Finding.REPORTED, Finding.STALE)]
    rows = db.execute(
        questions.with_only_columns(
            Question.id, or_(*(condition(finding, today=today) for finding in BAD)), or_(*waiting), or_(*work)
        ).order_by(Note.number.nulls_last(), Note.title.nulls_last(), Note.id, Question.position, Question.id)
    )

    ordered = sorted(rows, key=lambda row: _place(flags.get(row[0], ()), *row[1:]))
    return [row[0] for row in ordered[first : first + most]]


def _place(flags: Sequence[Flag], is_bad: bool, is_waiting: bool, needs_work: bool) -> tuple[int, int]:
    """The place of a question in that order; of equal ones those with the worst flag first."""
    worst = _BADNESS[flags[0]] if flags else _NO_FLAG
    if is_bad:
        return 0, worst
    if flags and not BAD_FLAGS.isdisjoint(flags):
        return 1, worst
    return (2 if is_waiting else 3 if flags else 4 if needs_work else 5), worst
