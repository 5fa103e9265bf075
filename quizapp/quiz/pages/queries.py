"""The pages of a quiz session, for one learner. Reads only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, assert_never
from uuid import UUID

from markupsafe import Markup, escape
from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from quizapp.accounts.models import User
from quizapp.catalogue.articles.explaining import labs_proving
from quizapp.catalogue.articles.lab_links import LabSummary
from quizapp.catalogue.articles.queries import ChoiceView, QuestionView, view_of
from quizapp.catalogue.bounds import COMMAND_MAX_CHARS
from quizapp.catalogue.html.rendering import render_inline
from quizapp.catalogue.models import Note, QuestionKind
from quizapp.confidence import Confidence
from quizapp.quiz.drafts import given_of
from quizapp.quiz.draw.question_filter import ALL_NOTES
from quizapp.quiz.draw.wished_questions import wish_of
from quizapp.quiz.models import Attempt, QuizSession
from quizapp.quiz.modes import Mode
from quizapp.quiz.pages.comparison import points_of
from quizapp.quiz.pages.shown_fields import ShownField, ShownFields, shown_fields
from quizapp.quiz.service import has_own_marks
from quizapp.quiz.unanswered import is_over, next_position, waiting, waits_for_answers
from quizapp.review.queries import question_comes_back
from quizapp.verdicts import Verdict

_CODE = Markup("<pre><code>{}</code></pre>")
OPEN_MAX = 50  # a screen or two; nobody goes on with so many, and each older one comes up when newer ones are discarded


@dataclass(frozen=True, kw_only=True)
class ShownChoice:
    """An option as its page shows it."""

    id: int
    number: int
    """The option's number on the page, from 1, and the key that picks it."""
    html: str
    why_html: str
    is_chosen: bool
    """Whether it is chosen, by the answer or what is kept of one."""
    state: str
    """Before the answer "open"; then "right" (chosen), "missed" (right, not chosen), "wrong" (chosen) or "left"."""


@dataclass(frozen=True, kw_only=True)
class ShownCommand:
    """A command that is asked for, as its page shows it."""

    label: Markup
    most_chars: int
    compared: Sequence[str]
    """What its effect is compared in."""
    reference: str
    """A command that is right."""
    trouble: str
    """Why the command that was given could not be tried, in a sentence; empty if it could."""
    said: Markup
    """What its effect lacks, in the lab's words; empty for a right one."""
    effect: Mapping[str, Any]
    """What came of it, once it was tried; empty before, and for one whose form was right before."""


@dataclass(frozen=True, kw_only=True)
class AskedQuestion:
    """The page of one question of a quiz session."""

    quiz_id: UUID
    title: str
    position: int
    of: int
    """The number of questions in the quiz session."""
    elapsed_s: int
    """Seconds since the quiz session began, or from its beginning to its end."""
    left_s: int | None
    """Seconds until its time is up; None without a limit, and once it is closed."""
    mode: Mode
    stage: str
    """One of "ask", "mark" (an open answer waits for the learner's marks), "run" (a command for hosts) and "done"."""
    question: QuestionView
    choices: Sequence[ShownChoice]
    several: ShownFields
    """What is asked in several fields; none for most kinds."""
    parts: Sequence[str]
    """What was sent or is kept for each of them."""
    command: ShownCommand | None
    """None for other kinds."""
    hosts_for: int | None
    """The position of the command for which hosts are begun while this page is shown; None if none is."""
    text: str
    """What the learner wrote, sent or not."""
    confidence: Confidence | None
    """How sure the learner said they were; None if they did not say."""
    typed: Sequence[Markup]
    """Once it is answered, what they had typed and is not counted; empty before."""
    is_unanswered: bool
    """Whether no answer is stored."""
    is_unknown: bool
    """Whether the learner said that they do not know."""
    said: Mapping[str, Sequence[int]]
    """The numbers, from 0, of what the learner has marked as said: of "points", "bonus" and "red_flags"."""
    marks_left: int
    """How many answers of a test or an interview that is handed in wait for the learner's marks, this one included."""
    can_unmark: bool
    """Whether these marks can be taken back."""
    hints: Sequence[Markup]
    """The hints that were taken."""
    hints_left: int
    is_for_later: bool
    """Whether it is marked for later."""
    for_later: Sequence[int]
    """The positions of the questions that are marked for later and not answered."""
    skip_to: int | None
    """The position of the next question without an answer; None if this is the only one left."""
    is_by_certainty: bool
    """Whether the answer is marked by how sure the learner says they are."""
    result: "Result | None"
    """None before the verdict."""
    lab: LabSummary | None
    """The lab that proves the answer; None before the verdict, or if there is none."""


@dataclass(frozen=True, kw_only=True)
class Result:
    """The verdict on an answer, as its page shows it."""

    state: str
    """One of "pass", "nearly" (a fail with a score above 0), "fail" and "could-not-check"."""
    word: str
    """The heading of the verdict, such as "Not yet"."""
    comes_back: str | None
    """When the card is due, such as "tomorrow"; None if nothing says when."""
    points: float
    """By certainty."""


@dataclass(frozen=True, kw_only=True)
class OpenQuiz:
    """A quiz session that is not finished."""

    id: UUID
    title: str
    position: int
    """Of the first question that waits; of the last one if none does."""
    of: int
    mode: Mode
    left_s: float | None
    """Seconds until its time is up, 0 if it is; None without a limit."""
    is_over: bool
    """Whether its time is up or its answers are closed, so that what is left is to see what came of it."""


def asked_question(db: Session, *, user: User, quiz: QuizSession, attempt: Attempt, now: datetime) -> AskedQuestion:
    """The page of one question of a quiz session, in the question's present stage."""
    question = question_as_asked(attempt)
    stage = _stage(attempt)
    has_answer = attempt.answer is not None and not (stage == "ask" and attempt.answer.get("unknown"))
    given = (attempt.answer if has_answer else attempt.draft) or {}
    parts = given.get("parts", ())
    return AskedQuestion(
        quiz_id=quiz.id,
        title=title_of(quiz),
        position=attempt.position,
        of=len(quiz.attempts),
        elapsed_s=max(0, round(((quiz.handed_in_at or quiz.finished_at or now) - quiz.started_at).total_seconds())),
        left_s=left_s(quiz, now),
        mode=quiz.mode,
        stage=stage,
        question=question,
        choices=shown_choices(attempt, question),
        several=fields_of(attempt, parts=parts),
        parts=parts,
        command=_command(attempt),
        hosts_for=_hosts_for(quiz, attempt, stage),
        text=given.get("text", ""),
        confidence=attempt.confidence if has_answer else given_of(attempt.draft).confidence,
        typed=() if stage == "ask" else typed_texts(attempt, question),
        is_unanswered=attempt.answer is None,
        is_unknown=(attempt.answer or {}).get("unknown", False),
        said={name: given.get(name, []) for name in ("points", "bonus", "red_flags")},
        marks_left=len(waiting(quiz)) if stage == "mark" and quiz.mode is not Mode.PRACTICE else 0,
        can_unmark=has_own_marks(attempt),
        hints=question.hints[: attempt.hints_taken],
        hints_left=len(question.hints) - attempt.hints_taken if quiz.mode is Mode.PRACTICE else 0,
        is_for_later=attempt.for_later,
        for_later=[one.position for one in waiting(quiz) if one.for_later],
        skip_to=_skip_to(quiz, attempt),
        is_by_certainty=wish_of(quiz).certainty,
        result=_result(db, user=user, attempt=attempt, now=now),
        lab=_lab(db, user=user, attempt=attempt),
    )


def _lab(db: Session, *, user: User, attempt: Attempt) -> LabSummary | None:
    if attempt.verdict is None:
        return None
    return labs_proving(db, user=user, question_ids=[attempt.question_id]).get(attempt.question_id)


def _command(attempt: Attempt) -> ShownCommand | None:
    lab, kept = attempt.shown.lab, attempt.answer or {}
    if lab is None:
        return None
    return ShownCommand(
        label=render_inline(lab.label),
        most_chars=COMMAND_MAX_CHARS,
        compared=lab.compared,
        reference=lab.reference,
        trouble=kept.get("trouble", ""),
        said=render_inline(kept.get("effect", {}).get("said", "")),
        effect=kept.get("effect", {}),
    )


def _hosts_for(quiz: QuizSession, attempt: Attempt, stage: str) -> int | None:
    """This question if it asks for a command, or the next one if that does; a test runs them once it is handed in."""
    at = (
        attempt.position
        if stage == "ask" and attempt.shown.lab is not None
        else next_position(quiz, after=attempt.position)
    )
    if stage == "run" or at > len(quiz.attempts) or (waits_for_answers(quiz) and at != attempt.position):
        return None
    asked = quiz.attempts[at - 1]
    return at if asked.shown.lab is not None and asked.verdict is None else None


def fields_of(attempt: Attempt, *, parts: Sequence[str]) -> ShownFields:
    """What is asked in several fields, with what was sent for each."""
    is_marked = attempt.verdict is not None
    return shown_fields(attempt.shown.expected, order=attempt.choice_order, parts=parts, is_marked=is_marked)


def typed_texts(attempt: Attempt, question: QuestionView) -> Sequence[Markup]:
    """What the learner had typed or chosen and is not counted, as texts."""
    kept = given_of(attempt.draft)
    chosen = [Markup(choice.html) for choice in question.choices if choice.id in kept.choices]
    shown = shown_fields(attempt.shown.expected, order=attempt.choice_order, parts=kept.parts, is_marked=False)
    named = [f"{one.name}: {_words_of(one)}" for one in shown.fields if one.given]
    plain = [*(named or kept.parts), kept.text]
    return [*chosen, *(escape(text) for text in plain if text.strip())]


def _words_of(field: ShownField) -> str:
    """What was typed into a field, or the words of the option whose number was chosen."""
    number = int(field.given) if field.given.isascii() and field.given.isdigit() else 0
    return field.options[number - 1] if 1 <= number <= len(field.options) else field.given


def _skip_to(quiz: QuizSession, attempt: Attempt) -> int | None:
    following = next_position(quiz, after=attempt.position)
    return following if following not in (attempt.position, len(quiz.attempts) + 1) else None


def left_s(quiz: QuizSession, now: datetime) -> int | None:
    """Seconds until the time of a quiz session is up; None without a limit, and once it is closed."""
    if quiz.closes_at is None or not waits_for_answers(quiz):
        return None
    return max(0, round((quiz.closes_at - now).total_seconds()))


def open_quizzes(db: Session, *, user: User, now: datetime) -> Sequence[OpenQuiz]:
    """The quiz sessions that the user has not finished, the newest first, at most OPEN_MAX."""
    quizzes = db.scalars(
        select(QuizSession)
        .where(QuizSession.user_id == user.id, QuizSession.finished_at.is_(None))
        .order_by(QuizSession.started_at.desc(), QuizSession.id)
        .options(
            joinedload(QuizSession.note).load_only(Note.title),
            selectinload(QuizSession.attempts).load_only(Attempt.position, Attempt.verdict, Attempt.answer),
        )
        .limit(OPEN_MAX)
    )
    return [_open_quiz(quiz, now) for quiz in quizzes]


def _open_quiz(quiz: QuizSession, now: datetime) -> OpenQuiz:
    left = left_s(quiz, now)
    return OpenQuiz(
        id=quiz.id,
        title=title_of(quiz),
        position=min(next_position(quiz), len(quiz.attempts)),
        of=len(quiz.attempts),
        mode=quiz.mode,
        left_s=left,
        is_over=is_over(quiz, now=now),
    )


def length_of(db: Session, *, user: User, quiz_id: UUID) -> int | None:
    """How many questions a quiz session of the user has; None if the user has no such one."""
    asked = select(func.count(Attempt.id)).join(Attempt.quiz_session)
    return db.scalar(asked.where(QuizSession.id == quiz_id, QuizSession.user_id == user.id)) or None


def attempts_made(db: Session, *, user: User) -> int:
    """How many questions the user has answered in all their quiz sessions."""
    return (
        db.scalar(
            select(func.count(Attempt.id))
            .join(Attempt.quiz_session)
            .where(QuizSession.user_id == user.id, Attempt.verdict.is_not(None))
        )
        or 0
    )


def title_of(quiz: QuizSession) -> str:
    """What a quiz session is on: the words for what was chosen; of a whole note its title, as it is now."""
    if quiz.title:
        return quiz.title
    return quiz.note.title if quiz.note is not None else ALL_NOTES


def _stage(attempt: Attempt) -> str:
    if attempt.verdict is not None:
        return "done"
    if attempt.answer is None or waits_for_answers(attempt.quiz_session):
        return "ask"
    return "mark" if attempt.shown.lab is None else "run"


def question_as_asked(attempt: Attempt) -> QuestionView:
    """The question in the words that this attempt asks it in, even if it has been changed since."""
    asked = attempt.shown
    view = replace(view_of(attempt.question, words=asked), kind=QuestionKind(asked.kind.value))
    return view if asked.lab is None else replace(view, solution_html=_CODE.format(asked.lab.reference))


def shown_choices(attempt: Attempt, question: QuestionView) -> list[ShownChoice]:
    """The options in the order that was drawn; options that `choice_order` does not have come last."""
    rank = {choice_id: number for number, choice_id in enumerate(attempt.choice_order)}
    ordered = sorted(question.choices, key=lambda choice: rank.get(choice.id, len(rank)))
    chosen = set((attempt.answer or {}).get("choices", []))
    kept = chosen or set((attempt.draft or {}).get("choices", []))
    return [
        ShownChoice(
            id=choice.id,
            number=number,
            html=choice.html,
            why_html=choice.why_html,
            is_chosen=choice.id in kept,
            state="open" if attempt.verdict is None else _state(choice, chosen=choice.id in chosen),
        )
        for number, choice in enumerate(ordered, start=1)
    ]


def _state(choice: ChoiceView, *, chosen: bool) -> str:
    if choice.right:
        return "right" if chosen else "missed"
    return "wrong" if chosen else "left"


def _result(db: Session, *, user: User, attempt: Attempt, now: datetime) -> Result | None:
    if attempt.verdict is None:
        return None
    score, points = attempt.score or 0.0, points_of(attempt)
    comes = question_comes_back(db, user=user, question_id=attempt.question_id, now=now)
    match attempt.verdict:
        case Verdict.PASS:
            word = "Right" if score == 1 else "Right, with a hint" if attempt.hints_taken else "Right, with gaps"
            return Result(state="pass", word=word, comes_back=comes, points=points)
        case Verdict.FAIL if score > 0:
            return Result(state="nearly", word="Partly right", comes_back=comes, points=points)
        case Verdict.FAIL:
            return Result(state="fail", word="Not yet", comes_back=comes, points=points)
        case Verdict.COULD_NOT_CHECK:
            return Result(state="could-not-check", word="Could not check", comes_back=None, points=points)
        case _:
            assert_never(attempt.verdict)
