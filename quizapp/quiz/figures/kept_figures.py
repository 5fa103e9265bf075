"""What is kept of the first answers to each question, so that a list of all questions need read no answer.

How many there are and their scores are kept with each answer. The discrimination depends on the other answers of the
same quiz sessions: it is computed anew once a fifth more answers have come than at the last time, of the newest ones,
so that an answer costs the same however many there are. `strengths.rebuild` makes all of it from the answers.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from quizapp.catalogue.item_figures import FLAGGED_FROM, TELLS_LITTLE, TOO_EASY, TOO_HARD, Flag, flags_by
from quizapp.quiz.figures.first_answers import sums_by_kept_means, sums_of_flaggable
from quizapp.quiz.models import QuestionDifficulty

GROWN_BY = 0.2  # of the answers counted last: then it is time to count again
COUNTED_MAX = 500  # newest answers; the standard error of a correlation of so many is 0.045


def add(db: Session, kept: QuestionDifficulty, *, score: float) -> None:
    """Take up a first answer with its score, which is stored by `flush`. The row is locked by the caller."""
    kept.scored += 1
    kept.score += score
    if kept.scored < max(FLAGGED_FROM, (1 + GROWN_BY) * kept.counted):
        return
    db.flush()
    sums = sums_by_kept_means(db, question_id=kept.question_id, newest=COUNTED_MAX)
    kept.discrimination = None if sums is None else sums.discrimination
    kept.counted = kept.scored


def take_back(kept: QuestionDifficulty, *, score: float) -> None:
    """Take back such an answer."""
    kept.scored, kept.score = max(0, kept.scored - 1), max(0.0, kept.score - score)


def flagged(db: Session) -> Mapping[int, Sequence[Flag]]:
    """The flags of all questions that have any by what is kept, by id; those of options are none of these."""
    tells, facility = QuestionDifficulty.discrimination, QuestionDifficulty.score / QuestionDifficulty.scored
    rows = db.execute(
        select(QuestionDifficulty.question_id, QuestionDifficulty.scored, QuestionDifficulty.score, tells).where(
            QuestionDifficulty.scored >= FLAGGED_FROM,
            or_(tells < TELLS_LITTLE, facility < TOO_HARD, facility > TOO_EASY),
        )
    )
    return {
        question_id: flags_by(answers=answers, score=score, tells=found) for question_id, answers, score, found in rows
    }


def recount(db: Session) -> None:
    """Compute the discrimination of all questions anew, from all first answers."""
    rows = [
        {"question_id": question_id, "discrimination": sums.discrimination, "counted": sums.answers}
        for question_id, sums in sums_of_flaggable(db).items()
    ]
    if rows:
        db.execute(update(QuestionDifficulty), rows)
