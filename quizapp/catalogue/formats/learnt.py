"""What a learner has learnt of questions in another program, as the file of that program says it. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class ReviewElsewhere:
    """A review that was made in another program."""

    at_ms: int
    """When, in milliseconds since 1970."""
    rating: int
    """From 1 (again) to 4 (easy), as `review.memory.Rating`."""
    taken_ms: int


@dataclass(frozen=True, kw_only=True)
class LearntElsewhere:
    """What was learnt of one question."""

    key: str
    """The question's id in the file."""
    reviews: tuple[ReviewElsewhere, ...]
    """In the order of time; none for a card that was never seen."""
    suspended: bool
    """Whether the learner had put it away."""
