"""Draw the questions of a quiz session, and put them in order. Knows ids, kinds and figures, and no learner."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from quizapp.errors import Invalid

SHORTEST = 1
LONGEST = 50  # they take about an hour
SHORTEST_MINUTES, LONGEST_MINUTES = 1, 120  # nobody sits longer at one go
TARGET = 0.75  # the score that is expected of a whole quiz that suits a learner
CALIBRATION = 0.2  # the share of such a quiz that is drawn to learn how hard questions are, whomever that suits
EASIEST = 0.9  # no question is looked for of which more is expected, however hard those of the calibration are
AS_GOOD = 0.05  # expectations that far apart are alike: estimates are no better, and the same few would come up
# By RESTS a question suits less for each of the learner's last LATELY quizzes that asked it. Else the best of its kind
# would come every time, as each quiz is to have one of every kind.
RESTS, LATELY = 0.1, 10


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A question that could be asked. `kind` is any label; questions of one kind are interchangeable in a draw."""

    question_id: int
    kind: str
    expected: float = 0.5
    """The score, from 0 to 1, that is expected of the learner."""
    answers: int = 0
    """From how many answers it is known how hard it is."""
    lately: int = 0
    """How many of the learner's last LATELY quizzes asked it."""
    seconds: float = 60.0
    """How long the learner is likely to take."""


@dataclass(frozen=True, kw_only=True)
class Length:
    """How long a quiz is to be: so many questions, or so many minutes."""

    questions: int | None = None
    minutes: int | None = None

    def of(self, candidates: Sequence[Candidate]) -> int:
        """How many questions of these that is, if there are enough. Raises Invalid if it is out of bounds."""
        return self.number(each_s=sum(one.seconds for one in candidates) / max(1, len(candidates)))

    def number(self, *, each_s: float) -> int:
        """How many questions that is, if one takes `each_s` seconds. Raises Invalid if it is out of bounds."""
        if self.minutes is not None:
            if not SHORTEST_MINUTES <= self.minutes <= LONGEST_MINUTES:
                raise Invalid(f"A quiz takes {SHORTEST_MINUTES} to {LONGEST_MINUTES} minutes.")
            return max(SHORTEST, min(LONGEST, round(self.minutes * 60 / max(1.0, each_s))))
        if self.questions is None or not SHORTEST <= self.questions <= LONGEST:
            raise Invalid(f"A quiz has {SHORTEST} to {LONGEST} questions.")
        return self.questions


def draw(candidates: Sequence[Candidate], *, length: Length, suits: bool = False, rng: Random) -> list[int]:
    """Question ids in random order, each once, with at least one of every kind if `length` allows.

    Kinds are mixed because interleaved practice is remembered better than blocks (Dunlosky et al. 2013). With `suits`,
    questions are chosen of which the learner is expected to get about TARGET right, else by chance. Raises Invalid if
    there are no candidates or `length` is out of bounds.
    """
    number = length.of(candidates)
    if not candidates:
        raise Invalid("There is no question to ask here yet. Choose another note, or import one that has questions.")
    pool = list(candidates)
    rng.shuffle(pool)
    ranked = _by_suit(pool, number=number) if suits else pool
    one_of_each = list({candidate.kind: candidate for candidate in reversed(ranked)}.values())[:number]
    chosen = {candidate.question_id for candidate in one_of_each}
    others = [candidate for candidate in ranked if candidate.question_id not in chosen]
    drawn = _within(length, one_of_each + others[: number - len(one_of_each)])
    rng.shuffle(drawn)
    return [candidate.question_id for candidate in drawn]


def interleaved(drawn: Sequence[int], *, concepts: Mapping[int, str]) -> list[int]:
    """The same questions, never two of a concept in a row where there is one of another, and else in their order.

    `concepts` says what each is about; one that it does not name is about something of its own. A concept of which more
    than half of what is left are comes first: later there would be too few to part them.
    """
    left, ordered = list(drawn), list[int]()
    while left:
        last = concepts.get(ordered[-1]) if ordered else None
        apart = [one for one in left if concepts.get(one) is None or concepts[one] != last] or left
        counts = Counter(concepts[one] for one in left if one in concepts)
        many = [one for one in apart if one in concepts and 2 * counts[concepts[one]] > len(left)]
        ordered.append((many or apart)[0])
        left.remove(ordered[-1])
    return ordered


def _by_suit(pool: Sequence[Candidate], *, number: int) -> list[Candidate]:
    """The candidates, those first that a quiz of `number` that suits the learner has; ties as they are in `pool`.

    Some are those of which it is least known how hard they are. The others make up for what is expected of them.
    """
    calibrating = sorted(pool, key=lambda one: one.answers)[: round(CALIBRATION * number)]
    others = max(1, number - len(calibrating))
    sought = (TARGET * number - sum(one.expected for one in calibrating)) / others
    ids = {one.question_id for one in calibrating}
    rest = [one for one in pool if one.question_id not in ids]
    rest.sort(key=lambda one: max(AS_GOOD, abs(one.expected - min(EASIEST, sought))) + RESTS * one.lately)
    return [*calibrating, *rest]


def _within(length: Length, drawn: list[Candidate]) -> list[Candidate]:
    """Those that fit into the minutes, from the first on; at least one."""
    if length.minutes is None:
        return drawn
    kept, seconds = drawn[:1], drawn[0].seconds
    for one in drawn[1:]:
        seconds += one.seconds
        if seconds <= length.minutes * 60 + one.seconds / 2:
            kept.append(one)
    return kept
