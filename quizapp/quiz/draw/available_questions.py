"""What there is to draw from, as the page says it before a quiz session begins. Reads only."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.catalogue.models import QuestionKind
from quizapp.quiz.draw import answer_times, question_filter
from quizapp.quiz.draw.selection import Length
from quizapp.quiz.draw.wish import Narrowed, Wish
from quizapp.quiz.modes import Mode, what_it_is_like

EXAMPLE = Length(minutes=10)  # of which the page says how many questions they are; a quiz of ten takes about as long


@dataclass(frozen=True, kw_only=True)
class QuizOffer:
    """What there is to draw from, and what the quiz session will be like."""

    chosen: str
    """What was chosen, in words."""
    matching: int
    """How many questions that is."""
    each_s: int
    """Seconds that one of them is likely to take."""
    is_own_pace: bool
    """Whether that is the learner's own pace in all kinds that there are of them, and not the usual one."""
    in_example: int
    """About how many fit into the minutes of EXAMPLE."""
    like: str
    """How many questions it will have, how long it will take and when verdicts come, in a line."""


def offer_of(
    db: Session,
    *,
    user: User,
    wish: Wish,
    mode: Mode,
    limit_min: int | None,
    asks_commands: Callable[[Narrowed], bool],
    now: datetime,
) -> QuizOffer:
    """The offer of what is wished for; `limit_min` is the limit that was asked for, in minutes.

    `asks_commands` says whether there are hosts for commands; it is asked only where there are such questions.
    """
    kinds = dict(question_filter.kinds(db, user=user, narrowed=wish.narrowed, now=now))
    if QuestionKind.LAB in kinds and not asks_commands(wish.narrowed):
        del kinds[QuestionKind.LAB]
    pace = answer_times.pace_of(db, user=user)
    matching, each_s = sum(kinds.values()), pace.mean_of(kinds)
    is_asked = mode is not Mode.INTERVIEW or set(kinds) <= {QuestionKind.OPEN}
    questions = min(matching, wish.length.number(each_s=each_s)) if is_asked else 0
    return QuizOffer(
        chosen=question_filter.words(db, narrowed=wish.narrowed),
        matching=matching,
        each_s=round(each_s),
        is_own_pace=bool(kinds) and set(kinds) <= pace.own,
        in_example=EXAMPLE.number(each_s=each_s),
        like=what_it_is_like(
            mode,
            questions=questions,
            is_exact=wish.length.minutes is None or questions == matching,
            seconds=questions * each_s,
            limit_min=limit_min,
        ),
    )
