"""Mark an answer. Knows nothing of quiz sessions, the database or Docker."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from quizapp.confidence import Confidence
from quizapp.errors import Invalid
from quizapp.verdicts import Verdict

BONUS_WORTH = 0.5  # of a point that an answer must make: good to hear, and no substitute for what was asked
HINT_COST = 0.25  # of the score: after one hint a right answer counts as hard, after four as no answer
PASS_SCORE = 0.6  # a many-part answer with a lower score fails, and its rating is Again


@dataclass(frozen=True, kw_only=True)
class Marked:
    """An answer's verdict and its score from 0 to 1."""

    verdict: Verdict
    score: float


def marked_by_share(hits: int, *, of: int) -> Marked:
    """The marks of an answer in parts: PASS if all of them are right, and the share that is right as its score."""
    return Marked(verdict=Verdict.PASS if hits == of else Verdict.FAIL, score=hits / of)


def mark_choices(*, right: Collection[int], offered: Collection[int], chosen: Collection[int]) -> Marked:
    """Mark the chosen options of a single or multiple choice question, all given as ids.

    The verdict is PASS if exactly the right options are chosen. Otherwise the score is (hits - mistakes) / right
    options, never below 0, so that choosing all options does not pay. Without a right option the verdict is
    COULD_NOT_CHECK. Raises Invalid if no option is chosen, or one that was not offered.
    """
    if not chosen:
        raise Invalid("Choose an answer first.")
    if not set(chosen) <= set(offered):
        raise Invalid("That answer is not among the options. Reload the page and choose again.")
    if not right:
        return Marked(verdict=Verdict.COULD_NOT_CHECK, score=0.0)
    hits = len(set(chosen) & set(right))
    mistakes = len(set(chosen) - set(right))
    if hits == len(set(right)) and not mistakes:
        return Marked(verdict=Verdict.PASS, score=1.0)
    return Marked(verdict=Verdict.FAIL, score=max(0.0, (hits - mistakes) / len(set(right))))


# Certainty-based marks, for a right answer and for a wrong one. It pays best to say guess up to a chance of 2 in 3,
# think so up to 4 in 5, and sure above. They are those of A. R. Gardner-Medwin, "Confidence assessment in the teaching
# of basic science", ALT-J 3 (1995), 80-85, and of Moodle.
CERTAINTY_MARKS: Mapping[Confidence, tuple[int, int]] = {
    Confidence.GUESS: (1, 0),
    Confidence.THINK_SO: (2, -2),
    Confidence.SURE: (3, -6),
}
CERTAINTY_MOST = 3


def certainty_mark(score: float, confidence: Confidence | None) -> float:
    """The marks of an answer with a score from 0 to 1, by how sure the learner was.

    A part of an answer that is right gives that part of the marks, whatever the rest, as in Moodle: to lose six for an
    answer that is nearly right would be too hard. Who did not say how sure they were has guessed.
    """
    right, wrong = CERTAINTY_MARKS[confidence or Confidence.GUESS]
    return right * score if score > 0 else wrong


@dataclass(frozen=True, kw_only=True)
class Guide:
    """How many points of each sort a marking guide has."""

    must: int
    bonus: int = 0
    red_flags: int = 0


@dataclass(frozen=True, kw_only=True)
class SaidPoints:
    """The points of a guide that an open answer made, by their numbers from 0."""

    points: Collection[int]
    bonus: Collection[int] = ()
    red_flags: Collection[int] = ()

    @property
    def is_nothing(self) -> bool:
        """Whether nothing is ticked."""
        return not (self.points or self.bonus or self.red_flags)


def with_hints(marked: Marked, *, taken: int) -> Marked:
    """The marks after so many hints: each takes HINT_COST of the score, and none the verdict."""
    return replace(marked, score=marked.score * max(0.0, 1 - HINT_COST * taken))


def mark_open(guide: Guide, said: SaidPoints) -> Marked:
    """Mark an open answer by the points of its guide that were said.

    The score is the share of the points that it must make. A bonus makes up for BONUS_WORTH of a missed one, a red flag
    takes one away. Raises Invalid for a point that the guide does not have.
    """
    of_each = ((said.points, guide.must), (said.bonus, guide.bonus), (said.red_flags, guide.red_flags))
    if not all(0 <= number < most for numbers, most in of_each for number in numbers):
        raise Invalid("That point is not in the guide any more. Reload the page and mark again.")
    points, bonus, flags = (len(set(numbers)) for numbers, _ in of_each)
    made = points + BONUS_WORTH * bonus - flags
    score = min(1.0, max(0.0, made / guide.must)) if guide.must else 0.0
    return Marked(verdict=Verdict.PASS if score >= PASS_SCORE else Verdict.FAIL, score=score)
