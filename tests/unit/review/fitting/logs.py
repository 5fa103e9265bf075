"""A review log of our own, drawn from a seed: learners of different cards, who come at all hours."""

from datetime import UTC, datetime, timedelta
from random import Random

FIRST = datetime(2026, 1, 5, 12, tzinfo=UTC)


def drawn_log(*, cards: int, seed: int) -> list[tuple[str, int, datetime]]:
    """Reviews as (card, rating, time), card by card: some on one day, most on later ones, with a share of Again."""
    rng, rows = Random(seed), []
    for number in range(cards):
        at, days = FIRST + timedelta(hours=rng.uniform(0, 24 * 60)), 1.0
        for _ in range(rng.randint(1, 9)):
            rating = rng.choices((1, 2, 3, 4), (25, 10, 55, 10))[0]
            rows.append((f"c{number}", rating, at))
            days = 0.02 if rating == 1 else max(days, 1) * rng.uniform(1.2, 3)
            at += timedelta(days=days, hours=rng.uniform(-6, 6) if days > 1 else 0.2)
    return rows


def as_csv(rows: list[tuple[str, int, datetime]]) -> str:
    """The log as a file, in the order that `rows` have."""
    lines = [f"{card},{rating},{at.isoformat()}" for card, rating, at in rows]
    return "\n".join(["card_id,review_rating,review_time", *lines, ""])
