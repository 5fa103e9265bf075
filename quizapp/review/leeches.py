"""Which cards are leeches: those that lapse so often that something else than another review would help. Pure.

Counted as Anki 26.9 does: a lapse is Again in the REVIEW phase, so any number of Agains before the card is relearnt
are one. A card is marked at the threshold and then after each further half of it: at 8, 12 and 16 lapses, or at 5, 8
and 11.
"""


def is_marked_at(lapses: int, *, threshold: int) -> bool:
    """Whether a card becomes a leech with its lapse number `lapses`; with a threshold of 0 none ever does."""
    if threshold == 0 or lapses < threshold:
        return False
    return (lapses - threshold) % _half(threshold) == 0


def _half(threshold: int) -> int:
    """Half of a threshold, rounded up."""
    return -(-threshold // 2)
