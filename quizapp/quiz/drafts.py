"""What a learner has typed and not answered with, kept with its question: refused, or left for a hint or another page.

The browser keeps drafts too; these are there without a script, in another browser, and after the end.
"""

from typing import Any

from sqlalchemy.orm import Session

from quizapp.confidence import Confidence
from quizapp.errors import Invalid
from quizapp.quiz.given_answer import Given
from quizapp.quiz.kinds.marker import ANSWER_MAX_CHARS
from quizapp.quiz.locking import lock_sitting
from quizapp.quiz.models import Attempt

DRAFT_MAX_CHARS = 4 * ANSWER_MAX_CHARS  # an answer that is refused as too long is to be shortened, not typed again
DRAFT_MAX_PARTS = 100  # no question has as many fields or options


def keep(db: Session, *, attempt: Attempt, given: Given) -> None:
    """Keep what was typed and is no answer, if the question has none. Nothing typed keeps what was kept before.

    Locks the quiz session until the transaction ends. Raises Invalid for more than a draft may have.
    """
    lock_sitting(db, attempt.quiz_session_id)
    if attempt.answer is None:
        put(attempt, given)
    db.flush()


def put(attempt: Attempt, given: Given, *, is_passed: bool = False) -> None:
    """Keep what was typed with its attempt, which is locked; an empty draft if the question was passed without any.

    Raises Invalid for more than a draft may have.
    """
    if is_passed or is_answer(given) or given.confidence:
        attempt.draft = _draft_of(given)


def is_answer(given: Given) -> bool:
    """Whether anything was typed or chosen, beside how sure one is."""
    return bool(given.choices or given.text.strip() or any(part.strip() for part in given.parts))


def given_of(draft: dict[str, Any] | None) -> Given:
    """What a draft has of an answer."""
    kept = draft or {}
    said = kept.get("confidence")
    return Given(
        choices=kept.get("choices", ()),
        text=kept.get("text", ""),
        parts=kept.get("parts", ()),
        confidence=None if said is None else Confidence(said),
    )


def _draft_of(given: Given) -> dict[str, Any]:
    length = len(given.text) + sum(len(part) for part in given.parts)
    if length > DRAFT_MAX_CHARS or max(len(given.parts), len(given.choices)) > DRAFT_MAX_PARTS:
        raise Invalid("That is more than an answer can have, and was not kept. Go back and shorten it.")
    whole = {"choices": list(given.choices), "text": given.text, "parts": list(given.parts)}
    said = {"confidence": given.confidence.value} if given.confidence else {}
    return {name: value for name, value in whole.items() if value} | said
