"""Marks whether a statement was rightly said to be true. Pure. The reason is for the learner to compare."""

from collections.abc import Sequence

from quizapp.catalogue.kinds.truth import Truth
from quizapp.errors import Invalid
from quizapp.quiz.marking import Marked
from quizapp.verdicts import Verdict

TRUE, FALSE = "true", "false"  # what the form sends


def mark(expected: Truth, parts: Sequence[str]) -> Marked:
    """Mark it; `parts` has the one word that was chosen. Raises Invalid for none."""
    if list(parts) not in ([TRUE], [FALSE]):
        raise Invalid("Choose true or false first.")
    is_right = (parts[0] == TRUE) == expected.is_true
    return Marked(verdict=Verdict.PASS if is_right else Verdict.FAIL, score=1.0 if is_right else 0.0)
