"""The table of what learners report: that a question or a lab has a mistake, with the text that they would write."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quizapp.catalogue.models import Question
from quizapp.column_types import JsonOf, UtcDateTime, enum_column
from quizapp.db import Base


class ReportedFrom(StrEnum):
    """Where a learner was who reports something."""

    QUIZ = "quiz"
    REVIEW = "review"
    LAB = "lab"


class ProblemKind(StrEnum):
    """What is the matter, as the learner says."""

    WRONG = "wrong"
    UNCLEAR = "unclear"
    OUTDATED = "outdated"
    TYPO = "typo"
    OTHER = "other"


PROBLEM_WORDS: Mapping[ProblemKind, str] = {
    ProblemKind.WRONG: "It is wrong",
    ProblemKind.UNCLEAR: "It is unclear",
    ProblemKind.OUTDATED: "It is out of date",
    ProblemKind.TYPO: "A typing mistake",
    ProblemKind.OTHER: "Something else",
}
"""What the form, the inbox and the learner's list call each."""


class ReportState(StrEnum):
    """What became of a report."""

    OPEN = "open"  # no editor has decided yet
    TAKEN = "taken"  # the suggested text was taken, or the mistake mended
    DECLINED = "declined"  # with the editor's reason


@dataclass(frozen=True, kw_only=True)
class SuggestedText:
    """A text that a learner would write in place of another."""

    before: str
    """The text as the learner saw it."""
    after: str


@dataclass(frozen=True, kw_only=True)
class SuggestedOption:
    """An option as a learner would have it, in place of what it says or counts as."""

    before: str
    after: str
    was_right: bool
    """Whether it counted as right when the learner saw it."""
    right: bool


@dataclass(frozen=True, kw_only=True)
class SuggestedTexts:
    """The texts that a learner suggests; None for each that may stay as it is."""

    prompt: SuggestedText | None = None
    answer: SuggestedText | None = None
    options: Mapping[int, SuggestedOption] = field(default_factory=dict)
    """The options that should be different, by the ids of their choices."""

    @property
    def parts(self) -> dict[str, SuggestedText]:
        """Those beside the options, by the names that `Wording` has for them."""
        texts = {"prompt": self.prompt, "answer": self.answer}
        return {name: text for name, text in texts.items() if text is not None}


_OPTIONS = "options"


def suggested_to_json(texts: SuggestedTexts) -> dict[str, Any]:
    """The texts as they are stored and exported."""
    options = {str(choice): vars(option) for choice, option in texts.options.items()}
    return {**{name: vars(text) for name, text in texts.parts.items()}, **({_OPTIONS: options} if options else {})}


def _from_json(kept: Mapping[str, Any]) -> SuggestedTexts:
    texts = {name: SuggestedText(**text) for name, text in kept.items() if name != _OPTIONS}
    options = {int(choice): SuggestedOption(**option) for choice, option in kept.get(_OPTIONS, {}).items()}
    return SuggestedTexts(**texts, options=options)


class ProblemReport(Base):
    """A mistake that a learner has found in a question for all, or in the lab of one."""

    __tablename__ = "problem_report"
    __table_args__ = (
        Index("ix_problem_report_user_id", "user_id", "id"),
        Index("ix_problem_report_question_id", "question_id", "state"),
        Index("ix_problem_report_state", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column()
    """The id of who reports it; no foreign key, since this room knows no accounts. It goes with the account."""
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"))
    """The question; of a lab, its hands-on question."""
    came_from: Mapped[ReportedFrom] = mapped_column(enum_column(ReportedFrom, name="came_from"))
    kind: Mapped[ProblemKind] = mapped_column(enum_column(ProblemKind, name="kind"))
    words: Mapped[str] = mapped_column(Text)
    """What the learner says beside that; may be empty."""
    suggested: Mapped[SuggestedTexts | None] = mapped_column(JsonOf(suggested_to_json, _from_json))
    """None if no text is suggested."""
    answer: Mapped[str] = mapped_column(Text)
    """What the learner had answered, in plain text; empty if nothing was."""
    reported_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[ReportState] = mapped_column(enum_column(ReportState, name="state"), default=ReportState.OPEN)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When an editor decided; None while it is open."""
    reply: Mapped[str] = mapped_column(Text, default="")
    """What the editor says to the learner; may be empty if it was taken."""
    question: Mapped[Question] = relationship()
