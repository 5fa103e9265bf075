"""How able learners are and how hard questions are, estimated from answers by Elo's rule. Knows no database.

Both stand on one scale, in logits, as in the Rasch model: a learner as able as a question is hard answers it rightly in
half of all cases, if it cannot be guessed. A share of right answers says no such thing once quizzes choose what suits
each learner: then all questions are answered rightly by about as many (Pelánek 2016, "Applications of the Elo rating
system in adaptive educational systems", Computers & Education 98, with this form of the step).
"""

from dataclasses import dataclass
from math import exp

# The step after n answers is 1 / (1 + 0.2 n), the variance that is left of an estimate: at first it is about 1 square
# logit, and each answer of which 75 % is expected tells 0.75 x 0.25, about 0.2.
TOLD_BY_AN_ANSWER = 0.2
LEARNER_STEP_MIN = 0.1  # learners learn, so that old answers must stop to count; questions stay as hard as they are


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """What is known of a learner's ability or of a question's difficulty."""

    value: float = 0.0
    """In logits; 0 is the middle of all."""
    answers: int = 0
    """How many answers it was estimated from."""

    def moved(self, surprise: float, *, step_min: float = 0.0) -> "Estimate":
        """The estimate after one more answer, the score of which differs by `surprise` from what was expected."""
        step = max(step_min, 1 / (1 + TOLD_BY_AN_ANSWER * self.answers))
        return Estimate(value=self.value + step * surprise, answers=self.answers + 1)


UNKNOWN = Estimate()


def expected(*, ability: float, difficulty: float, guess: float = 0.0) -> float:
    """The score, from 0 to 1, that is expected of an answer; `guess` is the share right of who knows nothing."""
    return guess + (1 - guess) / (1 + exp(difficulty - ability))


def after_answer(
    learner: Estimate, question: Estimate, *, score: float, guess: float = 0.0
) -> tuple[Estimate, Estimate]:
    """The two estimates after a learner's first answer to a question, with a score from 0 to 1."""
    surprise = score - expected(ability=learner.value, difficulty=question.value, guess=guess)
    return learner.moved(surprise, step_min=LEARNER_STEP_MIN), question.moved(-surprise)
