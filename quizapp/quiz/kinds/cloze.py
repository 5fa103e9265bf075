"""Marks the words that a learner has typed into the gaps of a text. Pure."""

from collections.abc import Sequence

from quizapp.catalogue.kinds.cloze import Cloze
from quizapp.errors import Invalid
from quizapp.quiz.kinds.short_text import TYPED_MAX_CHARS, NearMiss, is_accepted, near_miss
from quizapp.quiz.marking import Marked, marked_by_share


def mark(expected: Cloze, parts: Sequence[str]) -> Marked:
    """Mark it; the score is the share of gaps that are right.

    Raises Invalid while a gap is empty, and NearMiss if one is nearly right: nobody fails by a typo.
    """
    gaps = expected.gaps
    if len(parts) != len(gaps) or not all(part.strip() for part in parts):
        raise Invalid("Fill every gap first; a guess will do. It was not counted yet.")
    if any(len(part) > TYPED_MAX_CHARS for part in parts):
        raise Invalid(f"A gap takes at most {TYPED_MAX_CHARS} characters.")
    for number, (gap, part) in enumerate(zip(gaps, parts, strict=True), start=1):
        if not is_accepted(gap, part) and (near := near_miss(gap, part)) is not None:
            raise NearMiss(f"Gap {number}: {near[0].lower()}{near[1:]}")
    return marked_by_share(sum(are_right(expected, parts)), of=len(gaps))


def are_right(expected: Cloze, parts: Sequence[str]) -> list[bool]:
    """Of each gap, whether what was typed is accepted."""
    return [is_accepted(gap, part) for gap, part in zip(expected.gaps, parts, strict=False)]
