"""The page of a quiz session's result: how much was right, against the last time, and each miss. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from markupsafe import Markup
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.catalogue.articles.explaining import labs_proving
from quizapp.catalogue.articles.lab_links import LabSummary
from quizapp.catalogue.html.rendering import render
from quizapp.quiz.draw.wished_questions import wish_of
from quizapp.quiz.marking import certainty_mark
from quizapp.quiz.models import Attempt, QuizSession
from quizapp.quiz.modes import CALLED, WORDS
from quizapp.quiz.pages.comparison import ConceptTally, Tally, by_concept, last_like, tally
from quizapp.quiz.pages.explained_miss import Told, told
from quizapp.quiz.pages.link_text import for_a_link
from quizapp.quiz.pages.queries import fields_of, question_as_asked, shown_choices, title_of
from quizapp.quiz.pages.timing import took_s
from quizapp.quiz.service import can_be_asked_again
from quizapp.review.queries import questions_come_back
from quizapp.verdicts import Verdict


@dataclass(frozen=True, kw_only=True)
class Miss:
    """A missed question of a quiz session."""

    position: int
    question_id: int
    asked: Markup
    """The question's text, without links, to stand in one; empty if it has no words."""
    told: Told
    key: str | None
    """The question's key; None for one of the learner's own note, of which nothing is reported."""
    has_place: bool
    """Whether it stands in a note."""
    concept: str | None
    """The key of its concept; None if it names none."""
    lab: LabSummary | None
    """The lab that proves the answer."""
    was_answered: bool
    """Whether anything was answered; nothing comes back of a question that a test ended without."""
    comes_back: str | None
    """When the card is due, such as "tomorrow"; None if the question is retired or a draft."""


@dataclass(frozen=True, kw_only=True)
class QuizResult:
    """The result of a quiz session."""

    quiz_id: UUID
    title: str
    mode: str
    """How it was run, as Practice calls it."""
    began_at: datetime
    zone: str
    """The time zone of the learner, for the date."""
    took_s: float
    """Minutes from its beginning to its end, at least one."""
    tally: Tally
    called: str
    """What a quiz session of its mode is called in a sentence."""
    last: Tally | None
    """Of the last quiz session of the same wish and mode; None if there was none."""
    last_id: UUID | None
    guessed: float
    """What the marks by certainty would be if each answer had been called a guess."""
    is_by_certainty: bool
    concepts: Sequence[ConceptTally]
    misses: Sequence[Miss]
    comes_back: str | None
    """When all of the misses come back, such as "tomorrow"; None if not all come back, or not at the same time."""
    can_repeat: bool
    """Whether any of the misses can be asked again."""


def quiz_result(db: Session, *, user: User, quiz: QuizSession, now: datetime) -> QuizResult:
    """How many answers of a quiz session are right, and its missed questions."""
    missed = [attempt for attempt in quiz.attempts if attempt.verdict is Verdict.FAIL]
    ids = [attempt.question_id for attempt in missed]
    labs = labs_proving(db, user=user, question_ids=ids) if missed else {}
    comes = questions_come_back(db, user=user, question_ids=ids, now=now)
    last = last_like(db, quiz)
    return QuizResult(
        quiz_id=quiz.id,
        title=title_of(quiz),
        mode=WORDS[quiz.mode],
        began_at=quiz.started_at,
        zone=user.zone,
        took_s=took_s(quiz),
        tally=tally(quiz.attempts),
        called=CALLED[quiz.mode],
        last=tally(last.attempts) if last is not None else None,
        last_id=last.id if last is not None else None,
        guessed=sum(certainty_mark(attempt.score or 0.0, None) for attempt in quiz.attempts),
        is_by_certainty=wish_of(quiz).certainty,
        concepts=by_concept(db, user=user, quiz=quiz, last=last),
        misses=[
            _miss(attempt, lab=labs.get(attempt.question_id), comes_back=comes.get(attempt.question_id))
            for attempt in missed
        ],
        comes_back=_shared([comes.get(attempt.question_id) for attempt in missed]),
        can_repeat=any(can_be_asked_again(attempt) for attempt in missed),
    )


def _shared(times: Sequence[str | None]) -> str | None:
    return times[0] if len(times) > 1 and len(set(times)) == 1 else None


def _miss(attempt: Attempt, *, lab: LabSummary | None, comes_back: str | None) -> Miss:
    question, given = question_as_asked(attempt), attempt.answer or {}
    several = fields_of(attempt, parts=given.get("parts", ()))
    return Miss(
        position=attempt.position,
        question_id=attempt.question_id,
        asked=for_a_link(question.prompt_html if attempt.shown.lab is None else render(attempt.shown.listed)),
        told=told(question, given, choices=shown_choices(attempt, question), several=several),
        key=None if question.place is not None and question.place.is_own else question.key,
        has_place=question.place is not None,
        concept=None if question.place is None else question.place.concept_key,
        lab=lab,
        was_answered=attempt.answer is not None,
        comes_back=comes_back,
    )
