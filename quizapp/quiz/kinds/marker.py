"""Keeps and marks an answer by the kind of its question. Pure."""

from collections.abc import Sequence
from random import Random
from typing import Any, assert_never

from quizapp.catalogue.kinds.cloze import Cloze
from quizapp.catalogue.kinds.matching import Matching
from quizapp.catalogue.kinds.number import NumberValue
from quizapp.catalogue.kinds.ordering import Ordering
from quizapp.catalogue.kinds.short_text import ShortText
from quizapp.catalogue.kinds.truth import Truth
from quizapp.errors import Invalid
from quizapp.quiz.asked_question import Asked, AskedKind
from quizapp.quiz.given_answer import Given
from quizapp.quiz.kinds import cloze, command, matching, number, ordering, short_text, truth
from quizapp.quiz.marking import Marked, mark_choices
from quizapp.quiz.option_order import order_of_options
from quizapp.verdicts import Verdict

ANSWER_MAX_CHARS = 10_000  # an interview answer spoken for five minutes has about 4,000


def as_stored(asked: Asked, given: Given) -> dict[str, Any]:
    """The answer as the attempt's JSON data."""
    if given.is_unknown:
        return {"unknown": True}
    match asked.kind:
        case AskedKind.SINGLE | AskedKind.MULTIPLE:
            return {"choices": sorted(set(given.choices))}
        case AskedKind.OPEN | AskedKind.SHORT | AskedKind.NUMBER:
            return {"text": given.text}
        case AskedKind.LAB:
            return {"text": command.readable(given.text)}
        case AskedKind.TRUTH:
            return {"parts": list(given.parts), "text": given.text}
        case AskedKind.ORDER | AskedKind.MATCH | AskedKind.CLOZE:
            return {"parts": list(given.parts)}
        case _:
            assert_never(asked.kind)


def drawn_order(asked: Asked, *, rng: Random) -> list[int]:
    """In which order a question's parts are shown: ids of options, or places of things; empty for other kinds."""
    if isinstance(asked.expected, Ordering):
        return ordering.drawn_order(asked.expected, rng=rng)
    return order_of_options({choice.id: choice.text for choice in asked.choices}, rng=rng)


def marked_at_once(asked: Asked, given: Given, *, order: Sequence[int]) -> Marked | None:
    """The marks of an answer; None for an open one, which the learner marks, and for a command, which a host does.

    Raises Invalid for what is none.

    `order` is that of `drawn_order`.
    """
    if any(len(part) > ANSWER_MAX_CHARS for part in (given.text, *given.parts)):
        raise Invalid(f"An answer has at most {ANSWER_MAX_CHARS:,} characters. Say it more briefly.")
    if given.is_unknown:
        return Marked(verdict=Verdict.FAIL, score=0.0)
    match asked.kind:
        case AskedKind.SINGLE | AskedKind.MULTIPLE:
            return mark_choices(
                right=[choice.id for choice in asked.choices if choice.right],
                offered=[choice.id for choice in asked.choices],
                chosen=given.choices,
            )
        case AskedKind.OPEN:
            return None
        case AskedKind.LAB:
            command.refuse_unreadable(given.text)
            return None
        case AskedKind.SHORT | AskedKind.NUMBER | AskedKind.TRUTH | AskedKind.ORDER | AskedKind.MATCH | AskedKind.CLOZE:
            return _marked_by_what_is_right(asked, given, order)
        case _:
            assert_never(asked.kind)


def _marked_by_what_is_right(asked: Asked, given: Given, order: Sequence[int]) -> Marked:
    expected = asked.expected
    match expected:
        case ShortText():
            return short_text.mark(expected, given.text)
        case NumberValue():
            return number.mark(expected, given.text)
        case Truth():
            return truth.mark(expected, given.parts)
        case Ordering():
            return ordering.mark(expected, given.parts, order=order)
        case Matching():
            return matching.mark(expected, given.parts)
        case Cloze():
            return cloze.mark(expected, given.parts)
        case None:
            return Marked(verdict=Verdict.COULD_NOT_CHECK, score=0.0)
        case _:
            assert_never(expected)
