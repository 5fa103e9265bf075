"""How well a learner knows what they know: how sure they were, in quizzes and before labs, and how it went."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.catalogue.models import Question
from quizapp.confidence import Confidence
from quizapp.labs.runs.calibration import Foretold
from quizapp.quiz.models import Attempt, QuizSession
from quizapp.study.confidence_list import (
    RIGHT_OR_WRONG,
    WORDS,
    SaidAnswer,
    WhichAnswers,
    answers,
    places_of,
    predictions_of,
)
from quizapp.study.named_links import Named, concepts_named, notes_named
from quizapp.verdicts import Verdict

SURPRISES_SHOWN = 10  # the newest: what one was wrong about a year ago has been learnt since
CONCEPTS_SHOWN = 12  # those that one was most often sure of and wrong about, as many as of those that slip away
MISJUDGED = "is:misjudged"  # finds the cards of what one was sure of and wrong about
SURPRISES = WhichAnswers(confidence=Confidence.SURE, is_right=False)


@dataclass(frozen=True, kw_only=True)
class Said:
    """All answers of which somebody said that they were so sure, quizzes and predictions together."""

    confidence: Confidence | None
    """None for all, whatever was said."""
    word: str
    right: int
    made: int

    @property
    def percent(self) -> int:
        """The share that was right, in whole percent; there is at least one."""
        return round(100 * self.right / self.made)

    @property
    def which(self) -> WhichAnswers:
        """What finds them."""
        return WhichAnswers(confidence=self.confidence)


@dataclass(frozen=True, kw_only=True)
class CalibrationRow:
    """How sure the learner was of what a note or a concept asks, and how right."""

    of: Named
    which: WhichAnswers
    """What finds these answers."""
    all: Said
    """Whatever they said."""
    sure: Said | None
    """What they were sure of; None without any."""

    @property
    def misjudged(self) -> int:
        """The answers that they were sure of and that were wrong."""
        return 0 if self.sure is None else self.sure.made - self.sure.right


@dataclass(frozen=True, kw_only=True)
class Certainty:
    """How sure, and how right."""

    said: Sequence[Said]
    """For each confidence with an answer, from guess to sure."""
    surprises: Sequence[SaidAnswer]
    """The newest SURPRISES_SHOWN."""
    surprises_in_all: int
    notes: Sequence[CalibrationRow]
    """Each note with an answer."""
    concepts: Sequence[CalibrationRow]
    """The CONCEPTS_SHOWN of which the learner was most often sure and wrong, then those least often right."""
    surprises_query: str = MISJUDGED
    surprises_which: WhichAnswers = SURPRISES


@dataclass(frozen=True, kw_only=True)
class _Tally:
    """Answers about one concept, or those of a note about none, with one confidence."""

    note_id: int | None
    concept_id: int | None
    confidence: Confidence
    right: int
    made: int


def certainty(db: Session, *, user: User) -> Certainty:
    """How sure the learner was of answers and predictions that have a verdict, and how many were right."""
    predictions = predictions_of(db, user=user)
    tallies = [*_of_quizzes(db, user), *_of_predictions(db, predictions)]
    surprises = answers(db, user=user, which=SURPRISES, predictions=predictions, size=SURPRISES_SHOWN)
    return Certainty(
        said=[said for said in (_said(tallies, each) for each in Confidence) if said is not None],
        surprises=surprises.shown,
        surprises_in_all=surprises.total,
        notes=_by_note(db, tallies),
        concepts=_by_concept(db, tallies),
    )


def _of_quizzes(db: Session, user: User) -> Iterator[_Tally]:
    """The answers of quizzes of which the learner said how sure they were."""
    answered = (QuizSession.user_id == user.id, Attempt.confidence.is_not(None))
    passed = func.sum(case((Attempt.verdict == Verdict.PASS, 1), else_=0))
    of = (Question.note_id, Question.concept_id, Attempt.confidence)
    counted = select(*of, passed, func.count()).select_from(Attempt).join(QuizSession).join(Question)
    counted = counted.where(*answered, Attempt.verdict.in_(RIGHT_OR_WRONG))
    for note_id, concept_id, confidence, right, made in db.execute(counted.group_by(*of).order_by(*of)):
        if confidence is not None:
            yield _Tally(note_id=note_id, concept_id=concept_id, confidence=confidence, right=right, made=made)


def _of_predictions(db: Session, predictions: Sequence[Foretold]) -> Iterator[_Tally]:
    """The predictions in labs of which the learner said how sure they were, each by itself."""
    places = places_of(db, predictions)
    for each in predictions:
        if each.confidence is not None:
            place, right = places[each.question_id], int(each.came_true)
            confidence = each.confidence
            yield _Tally(note_id=place.note_id, concept_id=place.concept_id, confidence=confidence, right=right, made=1)


def _by_note(db: Session, tallies: Iterable[_Tally]) -> Sequence[CalibrationRow]:
    groups: dict[int | None, list[_Tally]] = defaultdict(list)
    for each in tallies:
        groups[each.note_id].append(each)
    return [
        _row(groups[note_id], of, WhichAnswers(note=note_id or 0)) for note_id, of in notes_named(db, groups).items()
    ]


def _by_concept(db: Session, tallies: Iterable[_Tally]) -> Sequence[CalibrationRow]:
    groups: dict[int, list[_Tally]] = defaultdict(list)
    for each in tallies:
        if each.concept_id is not None:
            groups[each.concept_id].append(each)
    order = sorted(groups, key=lambda id: (-_misjudged(groups[id]), _share(groups[id]), id))
    named = concepts_named(db, order[:CONCEPTS_SHOWN])
    return [_row(groups[id], of, WhichAnswers(concept=id)) for id, of in named.items()]


def _row(tallies: Sequence[_Tally], of: Named, which: WhichAnswers) -> CalibrationRow:
    right, made = (sum(each.right for each in tallies), sum(each.made for each in tallies))
    every = Said(confidence=None, word="all", right=right, made=made)
    return CalibrationRow(of=of, which=which, all=every, sure=_said(tallies, Confidence.SURE))


def _said(tallies: Iterable[_Tally], confidence: Confidence) -> Said | None:
    """All that was said with this confidence; None without any."""
    some = [each for each in tallies if each.confidence is confidence]
    right, made = sum(each.right for each in some), sum(each.made for each in some)
    return Said(confidence=confidence, word=WORDS[confidence], right=right, made=made) if made else None


def _misjudged(tallies: Iterable[_Tally]) -> int:
    return sum(each.made - each.right for each in tallies if each.confidence is Confidence.SURE)


def _share(tallies: Sequence[_Tally]) -> float:
    return sum(each.right for each in tallies) / sum(each.made for each in tallies)
