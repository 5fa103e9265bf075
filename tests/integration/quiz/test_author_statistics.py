"""The figures of questions on real databases, held against the same in plain Python."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import timedelta
from random import Random
from statistics import correlation, fmean
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.accounts.models import Role, User
from quizapp.catalogue.item_figures import FLAGGED_FROM, Flag, ReviewFigures
from quizapp.catalogue.models import Question
from quizapp.quiz.draw.wish import Narrowed, Wish
from quizapp.quiz.figures import author_statistics, kept_figures, strengths
from quizapp.quiz.figures.author_statistics import figures_of, flagged
from quizapp.quiz.figures.first_answers import OTHERS_MIN, sums_of
from quizapp.quiz.models import Attempt, QuestionDifficulty, QuizSession
from quizapp.review.models import Card
from quizapp.verdicts import Verdict
from tests.builders import NOW, a_question

LEARNERS = 36
Scores = dict[int, dict[int, float]]


def answers(db: Session, questions: list[Question]) -> Scores:
    """Learners of whom the later ones know more answer some of the questions; the last question the other way round."""
    rng, scores = Random(3), defaultdict[int, dict[int, float]](dict)
    for learner in range(LEARNERS):
        user_id = a_user(db, f"learner-{learner}")
        asked = questions[: 1 + learner % len(questions)] if learner < 6 else questions
        wish = Wish(narrowed=Narrowed(tags=("nat",))) if learner % 2 else Wish()
        quiz = QuizSession(user_id=user_id, seed=1, started_at=NOW, wish=wish)
        for position, question in enumerate(asked, start=1):
            knows = rng.random() < 0.2 + 0.6 * learner / LEARNERS
            score = float(knows is not (question is questions[-1]))
            scores[question.id][learner] = score
            chosen = [question.choices[0 if score else 1].id]
            quiz.attempts.append(
                Attempt(
                    question=question,
                    position=position,
                    answer={"choices": chosen},
                    score=score,
                    is_first=True,
                    verdict=Verdict.PASS if score else Verdict.FAIL,
                    answered_at=NOW + timedelta(seconds=learner),
                )
            )
        db.add(quiz)
    db.flush()
    return scores


def elsewhere(db: Session, learners: Sequence[UUID], *, number: int) -> None:
    """First answers of these learners to so many further questions, in quizzes of three."""
    questions = [a_question(db) for _ in range(number)]
    for user_id in learners:
        for first in range(0, number, 3):
            quiz = QuizSession(user_id=user_id, seed=1, started_at=NOW)
            quiz.attempts = [
                Attempt(question=question, position=place, score=1.0, is_first=True, verdict=Verdict.PASS)
                for place, question in enumerate(questions[first : first + 3], start=1)
            ]
            db.add(quiz)
    db.flush()


def a_user(db: Session, name: str) -> UUID:
    user = User(id=uuid4(), name=name, role=Role.LEARNER, created_at=NOW)
    db.add(user)
    db.flush()
    return user.id


def steps(db: Session, reads: Callable[[], object]) -> int:
    """How many steps SQLite takes for it, in tens."""
    taken = [0]

    def step() -> int:
        taken[0] += 1
        return 0

    raw: Any = db.connection().connection.driver_connection
    raw.set_progress_handler(step, 10)
    try:
        reads()
    finally:
        raw.set_progress_handler(None, 0)
    return taken[0]


def plainly(scores: Scores, question_id: int) -> float:
    """The discrimination of a question, computed one learner at a time."""
    means = {each: fmean(of.values()) for each, of in scores.items()}
    pairs = []
    for learner, score in scores[question_id].items():
        others = [of[learner] - means[each] for each, of in scores.items() if learner in of and each != question_id]
        if len(others) >= OTHERS_MIN:
            pairs.append((score, fmean(others)))
    return correlation(*zip(*pairs, strict=True))


def test_the_figures_are_those_of_plain_sums(db: Session) -> None:
    questions = [a_question(db) for _ in range(6)]
    scores = answers(db, questions)
    found = sums_of(db, question_ids=[question.id for question in questions])
    for question in questions:
        assert found[question.id].score == pytest.approx(sum(scores[question.id].values()))
        assert found[question.id].discrimination == pytest.approx(plainly(scores, question.id))
    (alone,) = sums_of(db, question_ids=[questions[0].id]).values()
    assert alone.discrimination == pytest.approx(found[questions[0].id].discrimination)  # added up in another order


def test_a_question_that_those_who_know_more_answer_worse_is_flagged(db: Session) -> None:
    questions = [a_question(db) for _ in range(6)]
    answers(db, questions)
    assert Flag.NEGATIVE in flagged(db)[questions[-1].id]
    figures = figures_of(db, question=questions[-1])
    assert figures.flags[:2] == [Flag.NEGATIVE, Flag.DISTRACTS_THE_GOOD]
    assert (figures.answers, figures.repeated, figures.chosen) == (31, 0, 16)
    assert [option.chosen for option in figures.options][2:] == [0, 0]


def test_what_a_learner_did_in_another_quiz_tells_nothing_of_it(db: Session) -> None:
    questions = [a_question(db) for _ in range(6)]
    answers(db, questions)
    before = sums_of(db, question_ids=[questions[0].id])
    elsewhere(db, db.scalars(select(User.id)).all(), number=3)
    assert sums_of(db, question_ids=[questions[0].id]) == before


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # the one that counts the steps of a statement
def test_a_questions_figures_cost_no_more_with_ten_times_the_answers_to_others(db: Session) -> None:
    questions = [a_question(db) for _ in range(6)]
    answers(db, questions)
    before = steps(db, lambda: figures_of(db, question=questions[0]))
    elsewhere(db, db.scalars(select(User.id)).all(), number=60)
    assert steps(db, lambda: figures_of(db, question=questions[0])) < 1.2 * before


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_flags_cost_little_of_questions_with_too_few_answers(db: Session) -> None:
    elsewhere(db, [a_user(db, f"learner-{number}") for number in range(FLAGGED_FROM - 1)], number=60)
    assert flagged(db) == {}
    each = steps(db, lambda: flagged(db)) / (60 * (FLAGGED_FROM - 1))
    assert each < 20, "an answer is counted in the index of first answers, and its row not read"


def test_the_flags_that_are_kept_are_those_of_the_answers(db: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    questions = [a_question(db) for _ in range(6)]
    answers(db, questions)
    read = flagged(db)
    strengths.rebuild(db)
    monkeypatch.setattr(author_statistics, "READ_UP_TO", 0)
    assert flagged(db) == read
    for row in db.scalars(select(QuestionDifficulty)):
        row.discrimination = None
        kept_figures.add(db, row, score=1.0)  # too few came since
        assert row.discrimination is None
        row.counted, row.scored, row.score = 0, row.scored - 2, row.score - 1.0
        kept_figures.add(db, row, score=0.0)
        (sums,) = sums_of(db, question_ids=[row.question_id]).values()
        assert row.discrimination == pytest.approx(sums.discrimination, abs=0.05)
        assert row.counted == row.scored == sums.answers


def test_of_a_question_without_answers_nothing_is_told(db: Session) -> None:
    figures = figures_of(db, question=a_question(db))
    assert (figures.answers, figures.facility, figures.flags, figures.options) == (0, None, (), ())


def test_reviews_tell_how_often_a_question_is_forgotten(db: Session) -> None:
    question, other = a_question(db), a_question(db)
    for number, (of, reps, lapses, leech) in enumerate(
        [(question, 9, 3, True), (question, 4, 1, False), (question, 0, 0, False), (other, 5, 5, True)]
    ):
        user_id = a_user(db, f"reviewer-{number}")
        db.add(Card(user_id=user_id, question_id=of.id, reps=reps, lapses=lapses, leech=leech, created_at=NOW))
    db.flush()
    assert figures_of(db, question=question).reviews == ReviewFigures(learners=2, reviews=13, lapses=4, leeches=1)


def test_a_question_that_a_tenth_of_its_learners_forget_again_and_again_is_flagged(db: Session) -> None:
    often, seldom, never = (a_question(db) for _ in range(3))
    for number in range(11):
        user_id = a_user(db, f"reviewer-{number}")
        for of, leech in ((often, number < 2), (seldom, number < 1), (never, False)):
            db.add(Card(user_id=user_id, question_id=of.id, reps=9, leech=leech, created_at=NOW))
    db.flush()
    assert flagged(db) == {often.id: [Flag.FORGOTTEN]}
