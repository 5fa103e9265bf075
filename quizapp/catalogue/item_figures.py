"""What answers, reviews and runs tell the author of a question: facility, discrimination, options, flags.

Knows no database.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

SHOWN_FROM = 10  # first answers; the figures of fewer change with each answer
FLAGGED_FROM = 30  # first answers; below, a figure that looks bad is as likely chance
TOO_EASY, TOO_HARD = 0.95, 0.20  # of the facility: beyond, a question tells nobody from anybody; 0.3 to 0.7 tells most
TELLS_LITTLE = 0.15  # of the discrimination; 0.25 is usable, 0.35 good (Moodle's quiz statistics)
NEVER_CHOSEN = 0.02  # the share of learners; an option that fewer choose could be left out
# The share of those who review it for whom it is a leech. Each of them has forgotten it several times: even of one
# learner that is no chance.
FORGOTTEN_BY = 0.1


class Flag(StrEnum):
    """What an editor should look at, the worst first."""

    NEGATIVE = "negative"  # those who know more answer it worse: the key may be wrong
    DISTRACTS_THE_GOOD = "distracts-the-good"  # a wrong option is chosen more by those who know more
    FLAKY = "flaky"  # a check of a lab said something that no learner did anything for
    TOO_HARD = "too-hard"
    FORGOTTEN = "forgotten"  # known and forgotten again and again
    TELLS_LITTLE = "tells-little"
    TOO_EASY = "too-easy"
    UNUSED_OPTION = "unused-option"


@dataclass(frozen=True, kw_only=True)
class Sums:
    """Sums over the first answers to a question: x is the score of each, from 0 to 1, y how its learner does else."""

    answers: int
    score: float
    """The sum of x over all answers."""
    pairs: int = 0
    """The answers of learners who have answered others, of which the sums below are."""
    x: float = 0.0
    y: float = 0.0
    xx: float = 0.0
    yy: float = 0.0
    xy: float = 0.0

    @property
    def facility(self) -> float | None:
        """The mean score; None of fewer than SHOWN_FROM answers."""
        return self.score / self.answers if self.answers >= SHOWN_FROM else None

    @property
    def discrimination(self) -> float | None:
        """The correlation of x and y; None of fewer than SHOWN_FROM pairs, or if all of either are the same."""
        if self.pairs < SHOWN_FROM:
            return None
        spread_x, spread_y = self.pairs * self.xx - self.x**2, self.pairs * self.yy - self.y**2
        if spread_x < 1e-9 or spread_y < 1e-9:
            return None
        return max(-1.0, min(1.0, (self.pairs * self.xy - self.x * self.y) / sqrt(spread_x * spread_y)))


@dataclass(frozen=True, kw_only=True)
class OptionFigures:
    """How often an option was chosen."""

    text: str
    right: bool
    chosen: int
    of_good: float | None
    """The share of the better half of the learners who chose it; None of fewer than SHOWN_FROM."""
    of_poor: float | None
    """The same of the other half."""


@dataclass(frozen=True, kw_only=True)
class ReviewFigures:
    """What the reviews of a question's cards tell its author."""

    learners: int
    """Who has reviewed it at least once."""
    reviews: int
    lapses: int
    """How often it was forgotten after it had been known."""
    leeches: int
    """For how many learners that was so often that another review would not help."""


@dataclass(frozen=True, kw_only=True)
class AuthorFigures:
    """The figures of one question."""

    answers: int
    """First answers; nothing else is told of fewer than SHOWN_FROM."""
    facility: float | None
    discrimination: float | None
    difficulty: float | None
    """By Elo, in logits; 0 is the middle of all questions."""
    repeated: int
    """Later answers of the same learners, which count in none of this."""
    chosen: int
    """How many of the first answers are of quizzes on chosen notes, concepts or tags, or of what suits the learner."""
    options: Sequence[OptionFigures]
    flags: Sequence[Flag]
    reviews: ReviewFigures


def flags_of(sums: Sums, options: Sequence[OptionFigures] = ()) -> Sequence[Flag]:
    """What an editor should look at, the worst first; nothing below FLAGGED_FROM answers."""
    return flags_by(answers=sums.answers, score=sums.score, tells=sums.discrimination, options=options)


def flags_by(
    *, answers: int, score: float, tells: float | None, options: Sequence[OptionFigures] = ()
) -> Sequence[Flag]:
    """The same by the number of answers, the sum of their scores and the discrimination; those of answers alone."""
    if answers < FLAGGED_FROM:
        return ()
    facility = score / answers
    wrong = [option for option in options if not option.right]
    misled = [one for one in wrong if one.of_good is not None and one.of_poor is not None and one.of_good > one.of_poor]
    holding = {
        Flag.NEGATIVE: tells is not None and tells < 0,
        Flag.DISTRACTS_THE_GOOD: any((one.of_good or 0) - (one.of_poor or 0) >= 0.1 for one in misled),
        Flag.TOO_HARD: facility < TOO_HARD,
        Flag.TELLS_LITTLE: tells is not None and 0 <= tells < TELLS_LITTLE,
        Flag.TOO_EASY: facility > TOO_EASY,
        Flag.UNUSED_OPTION: any(one.chosen < NEVER_CHOSEN * answers for one in wrong),
    }
    return [flag for flag in Flag if holding.get(flag, False)]


def by_options(
    options: Sequence[tuple[int, str, bool]], answers: Sequence[tuple[Sequence[int], float | None]]
) -> Sequence[OptionFigures]:
    """The figures of each option, given as id, text and whether it is right.

    Each answer is the ids of what was chosen, and how its learner does else; those of whom that is not known are in
    neither half.
    """
    known = sorted((y, chosen) for chosen, y in answers if y is not None)
    poor, good = known[: len(known) // 2], known[len(known) - len(known) // 2 :]

    def share(of: Sequence[tuple[float, Sequence[int]]], option: int) -> float | None:
        return sum(option in chosen for _, chosen in of) / len(of) if len(known) >= SHOWN_FROM else None

    return [
        OptionFigures(
            text=text,
            right=right,
            chosen=sum(option in chosen for chosen, _ in answers),
            of_good=share(good, option),
            of_poor=share(poor, option),
        )
        for option, text, right in options
    ]
