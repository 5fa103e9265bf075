"""The page of a concept: its cards, labs, runs, predictions and misses of one learner. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.catalogue.articles.concept_article import ConceptArticle, ConceptQuestion, concept_article
from quizapp.labs.runs.calibration import Foretold
from quizapp.labs.runs.prediction_outcomes import foretold
from quizapp.labs.runs.run_outcomes import PastRun, runs_of
from quizapp.quiz.figures.missed import PastMiss, misses_of
from quizapp.review.knowledge import Knowledge, KnownQuestion, known
from quizapp.review.queries import in_turn_of_concept, today_of
from quizapp.study.concept_beside import LabBeside, holds_of, lab_beside, state_of


class NextStep(StrEnum):
    """What to do next with a concept; the first that there is."""

    REVIEW = "review"  # cards that are due
    ADD = "add"  # its questions to the reviews, of which none is there
    LAB = "lab"  # a lab that is not known
    READ = "read"  # nothing is left to do


@dataclass(frozen=True, kw_only=True)
class QuestionOfReader:
    """A question about the concept, with what the learner knows of it."""

    question: ConceptQuestion
    known: KnownQuestion


@dataclass(frozen=True, kw_only=True)
class ConceptPage:
    """A concept as one learner sees it."""

    concept: ConceptArticle
    state: str
    """The value of the Knowledge of its least advanced card."""
    holds_days: int | None
    """The days for which the weakest memory of it holds; None if one was never reviewed."""
    questions: Sequence[QuestionOfReader]
    labs: Sequence[LabBeside]
    runs: Sequence[PastRun]
    predictions: Sequence[Foretold]
    misses: Sequence[PastMiss]
    next: NextStep
    due: int
    """Its cards that can be answered now, as many as `due_query` finds; new ones are not among them."""
    to_add: int
    """Its questions that are no cards yet."""
    lab_to_do: LabBeside | None
    """The easiest lab about it that the learner does not know."""

    @property
    def due_query(self) -> str:
        """What finds the cards that are due."""
        return f'concept:"{self.concept.key}" is:due'


def concept_page(db: Session, *, user: User, key: str, now: datetime) -> ConceptPage:
    """The page of one concept for one learner. Raises NotFound."""
    concept = concept_article(db, user=user, key=key)
    of_labs = [lab.question_id for lab in concept.labs]
    asked = [question.id for question in concept.questions]
    found = known(db, user_id=user.id, question_ids=[*asked, *of_labs], today=today_of(user, now=now))
    labs = [lab_beside(lab, found) for lab in concept.labs]
    due = in_turn_of_concept(db, user=user, concept_id=concept.id, now=now)
    to_add = sum(found[id].state is Knowledge.NONE for id in asked)
    to_do = next((each for each in labs if each.state != Knowledge.KNOWN.value), None)
    return ConceptPage(
        concept=concept,
        state=state_of({id: one.state for id, one in found.items()}, asked),
        holds_days=holds_of([found[id] for id in asked]),
        questions=[QuestionOfReader(question=one, known=found[one.id]) for one in concept.questions],
        labs=labs,
        runs=runs_of(db, user_id=user.id, question_ids=of_labs),
        predictions=foretold(db, user_id=user.id, zone=user.zone, question_ids=of_labs),
        misses=misses_of(db, user_id=user.id, question_ids=asked),
        next=_next(due=due, has_cards=to_add < len(asked), has_questions=bool(asked), to_do=to_do),
        due=due,
        to_add=to_add,
        lab_to_do=to_do,
    )


def _next(*, due: int, has_cards: bool, has_questions: bool, to_do: LabBeside | None) -> NextStep:
    if due:
        return NextStep.REVIEW
    if has_questions and not has_cards:
        return NextStep.ADD
    return NextStep.LAB if to_do is not None else NextStep.READ
