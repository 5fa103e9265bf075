"""What a quiz session is drawn from: the questions of a wish with what the draw must know of them. Reads only."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from quizapp.accounts.models import User
from quizapp.catalogue.models import Choice, Note, Question, QuestionKind
from quizapp.quiz.draw import answer_times, question_filter
from quizapp.quiz.draw.selection import LATELY, Candidate
from quizapp.quiz.draw.wish import EVERYTHING, Narrowed, Wish
from quizapp.quiz.figures import strengths
from quizapp.quiz.figures.elo import expected
from quizapp.quiz.models import Attempt, QuestionDifficulty, QuizSession


def candidates(
    db: Session, *, user: User, wish: Wish, asks_commands: bool = True, now: datetime
) -> Sequence[Candidate]:
    """The questions that the wish is about, without their texts: of a big catalogue, those take long to read.

    `asks_commands` says whether there are hosts on which commands can be run; without any, none is asked for.
    """
    ability = strengths.ability_of(db, user=user).value
    pace = answer_times.pace_of(db, user=user).seconds
    lately = _asked_lately(db, user=user) if wish.suits else {}
    options = select(Choice.question_id, func.count().label("number")).group_by(Choice.question_id).subquery()
    rows = db.execute(
        question_filter.drawn_from(db, user=user, narrowed=wish.narrowed, now=now)
        .with_only_columns(
            Question.id, Question.kind, QuestionDifficulty.value, QuestionDifficulty.answers, options.c.number
        )
        .outerjoin(QuestionDifficulty, QuestionDifficulty.question_id == Question.id)
        .outerjoin(options, options.c.question_id == Question.id)
        .order_by(Question.id)
    )
    return [
        Candidate(
            question_id=question_id,
            kind=QuestionKind.OPEN if kind is QuestionKind.LAB else kind,  # so few labs would be in each draw
            expected=expected(ability=ability, difficulty=difficulty or 0.0, guess=_guess(kind, of=number)),
            answers=answers or 0,
            lately=lately.get(question_id, 0),
            seconds=pace[kind],
        )
        for question_id, kind, difficulty, answers, number in rows
        if asks_commands or kind is not QuestionKind.LAB
    ]


def _asked_lately(db: Session, *, user: User) -> Mapping[int, int]:
    """In how many of the learner's last LATELY quizzes each question was, by its id; those in none are left out."""
    last = (
        select(QuizSession.id)
        .where(QuizSession.user_id == user.id)
        .order_by(QuizSession.started_at.desc(), QuizSession.id)
        .limit(LATELY)
        .subquery()
    )
    asked = select(Attempt.question_id, func.count()).where(Attempt.quiz_session_id.in_(select(last.c.id)))
    rows = db.execute(asked.group_by(Attempt.question_id)).all()
    return {row[0]: row[1] for row in rows}


def questions(db: Session, *, question_ids: Collection[int]) -> Mapping[int, Question]:
    """These questions with their options, by id."""
    found = select(Question).where(Question.id.in_(question_ids)).options(selectinload(Question.choices))
    return {question.id: question for question in db.scalars(found)}


def wish_of(quiz: QuizSession) -> Wish:
    """What a quiz session was wished to be; of an old one, which stored none, what is known of it."""
    if quiz.wish is not None:
        return quiz.wish
    return Wish(narrowed=Narrowed(notes=(quiz.note.key,) if quiz.note is not None else ()))


def named(db: Session, narrowed: Narrowed) -> tuple[int | None, str | None]:
    """The note of a quiz session, and its title, as its row has them."""
    note_id = None
    if len(narrowed.notes) == 1:
        note_id = db.scalar(select(Note.id).where(Note.key == narrowed.notes[0]))
    is_whole = narrowed in (EVERYTHING, Narrowed(notes=narrowed.notes[:1]))
    return note_id, None if is_whole else question_filter.words(db, narrowed=narrowed)


def _guess(kind: QuestionKind, *, of: int | None) -> float:
    """As `strengths.guess_of`, of a question that has not been asked yet."""
    if kind is QuestionKind.SINGLE and of:
        return 1 / of
    return 0.5 if kind is QuestionKind.TRUTH else 0.0
