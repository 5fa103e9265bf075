"""What holds for an answer of every kind."""

import pytest

from quizapp.catalogue.kinds.truth import Truth
from quizapp.errors import Invalid
from quizapp.quiz.asked_question import Asked, AskedKind
from quizapp.quiz.given_answer import Given
from quizapp.quiz.kinds.marker import ANSWER_MAX_CHARS, marked_at_once

LONG = "x" * (ANSWER_MAX_CHARS + 1)


@pytest.mark.parametrize("given", [Given(text=LONG), Given(parts=("true", LONG)), Given(text=LONG, is_unknown=True)])
@pytest.mark.parametrize("kind", [AskedKind.OPEN, AskedKind.TRUTH])
def test_an_endless_text_is_refused_in_every_field(kind: AskedKind, given: Given) -> None:
    asked = Asked(kind=kind, prompt="A bridge routes.", expected=Truth(is_true=False))
    with pytest.raises(Invalid, match=f"{ANSWER_MAX_CHARS:,} characters"):
        marked_at_once(asked, given, order=())
