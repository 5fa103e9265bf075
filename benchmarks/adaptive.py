"""How well quizzes that suit each learner tell how hard questions are, simulated on learners of known ability.

Each learner sits quizzes of ten, drawn as the product draws them, in a random order of all sittings. The abilities and
difficulties are drawn from normal distributions. Chance is seeded: the same figures each time.
"""

from dataclasses import dataclass
from math import log
from random import Random
from statistics import correlation, fmean

from benchmarks.rows import Row, beside
from quizapp.quiz.draw.selection import Candidate, Length, draw
from quizapp.quiz.figures.elo import UNKNOWN, after_answer, expected

LEARNERS, QUESTIONS = 500, 200
SITTINGS, TEN = 3, Length(questions=10)
ABILITIES_SD, DIFFICULTIES_SD = 1.0, 1.3  # logits
SEEDS = range(1, 6)
# Of a simulation as large, with one question chosen at a time by the distance from 75 % and a step of 1 / (1 + 0.05 n).
R_OF_ONE_BY_ONE, LOSS_OF_ONE_BY_ONE = 0.923, 0.5674


@dataclass(frozen=True, kw_only=True)
class Simulated:
    """What came of a simulation."""

    r: float
    """The correlation of the estimated difficulties with the true ones."""
    r_of_shares: float
    """The same of the shares of wrong answers."""
    success: float
    """The share of right answers after each learner's first sitting."""
    loss: float
    """The mean loss, -ln of the probability given to what happened, over the second half of all answers."""


def simulate(seed: int, *, suits: bool = True) -> Simulated:
    """Let all learners sit their quizzes; `suits` as in `draw`."""
    rng = Random(seed)
    able = [rng.gauss(0, ABILITIES_SD) for _ in range(LEARNERS)]
    hard = [rng.gauss(0, DIFFICULTIES_SD) for _ in range(QUESTIONS)]
    learners, questions = [UNKNOWN] * LEARNERS, [UNKNOWN] * QUESTIONS
    unseen = [set(range(QUESTIONS)) for _ in able]
    scores: list[list[float]] = [[] for _ in hard]
    losses, late = list[float](), list[float]()
    for learner in rng.sample([*range(LEARNERS)] * SITTINGS, LEARNERS * SITTINGS):
        knows = learners[learner].value
        candidates = [
            Candidate(
                question_id=one,
                kind="short",
                expected=expected(ability=knows, difficulty=questions[one].value),
                answers=questions[one].answers,
            )
            for one in unseen[learner]
        ]
        for one in draw(candidates, length=TEN, suits=suits, rng=rng):
            score = float(rng.random() < expected(ability=able[learner], difficulty=hard[one]))
            foretold = expected(ability=learners[learner].value, difficulty=questions[one].value)
            losses.append(-log(foretold if score else 1 - foretold))
            if len(unseen[learner]) <= QUESTIONS - (TEN.questions or 0):
                late.append(score)
            learners[learner], questions[one] = after_answer(learners[learner], questions[one], score=score)
            scores[one].append(score)
            unseen[learner].discard(one)
    return Simulated(
        r=correlation([one.value for one in questions], hard),
        r_of_shares=correlation([1 - fmean(each or [0.5]) for each in scores], hard),
        success=fmean(late),
        loss=fmean(losses[len(losses) // 2 :]),
    )


def run() -> list[Row]:
    """The means over SEEDS, beside the simulation in which one question is chosen at a time."""
    found = [simulate(seed) for seed in SEEDS]
    r, loss = fmean(one.r for one in found), fmean(one.loss for one in found)
    shares = fmean(one.r_of_shares for one in found)
    note = f"r of the shares of wrong answers {shares:.3f}, success {fmean(one.success for one in found):.2f}"
    return [
        beside("adaptive-difficulty-r", value=r, baseline=R_OF_ONE_BY_ONE, unit="r", note=note),
        beside("adaptive-loss", value=loss, baseline=LOSS_OF_ONE_BY_ONE, unit="nat"),
    ]
