"""Which questions an editor changes; `catalogue.authoring` changes them."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.catalogue.models import KEY_MAX_CHARS, Question
from quizapp.catalogue.visibility import is_for_all
from quizapp.errors import NotFound


def question_by_key(db: Session, *, key: str) -> Question:
    """The question with this key, retired or not, unless it is a learner's own. Raises NotFound."""
    usable = len(key) <= KEY_MAX_CHARS and key.isprintable()  # PostgreSQL refuses to compare with a NUL
    question = db.scalar(select(Question).where(Question.key == key, is_for_all())) if usable else None
    if question is None:
        raise NotFound("There is no such question. It may have been imported anew; look for its words in the list.")
    return question
