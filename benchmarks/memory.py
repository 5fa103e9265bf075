"""The memory model and Progress: previews, a rebuild of all cards, a refit, and the page over a million reviews.

Each beside what does the same alone: py-fsrs, fsrs-rs, or Anki's own graphs as they were measured. Medians of the
processor's time in this process, but for the refit, which takes a process of its own: that is by the wall clock.
"""

import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from random import Random

import fsrs
from sqlalchemy import text
from sqlalchemy.orm import Session

from benchmarks.big_learner import Opened, opened
from benchmarks.flat import signed_in
from benchmarks.rows import Row, beside
from quizapp import clock
from quizapp.accounts.models import User
from quizapp.review.fitting import fits
from quizapp.review.fitting.history import Answer, histories_of
from quizapp.review.log import rebuilding, study_day_figures
from quizapp.review.memory import Memory, Rating
from quizapp.review.scheduler import DEFAULT_PARAMETERS, USUAL

ROUNDS = 15
PREVIEWS = 2_000
FITTED_REVIEWS = 12_580  # as many as a real log of two years has
CARDS, REVIEWS_EACH = 100_000, 10
ANKI_GRAPHS_S = 2.4  # Anki 26.9.3: its graphs of 31 days at 100,000 cards, measured once on two cores
# The first reviews of the big learner's cards, ten times: as after ten reviews of each on days before.
MORE_REVIEWS = """
    WITH RECURSIVE times (t) AS (SELECT 1 UNION ALL SELECT t + 1 FROM times WHERE t < :more)
    INSERT INTO review_log (id, user_id, card_id, sequence, rating, source, outcome, reviewed_at, day, zone, taken_ms,
                            interval_before, phase_before, stability_before, difficulty_before, retrievability_before,
                            stability_after, difficulty_after, due_day_after, due_at_after)
    SELECT randomblob(16), user_id, card_id, :more + 1 - t, iif(abs(random()) % 10, 3, 1), 'r', 'a',
           reviewed_at - t * 86400000000 * 60, day - t * 60, zone, taken_ms, abs(random()) % 60, 'r', stability_before,
           difficulty_before, retrievability_before, stability_after, difficulty_after, due_day_after, due_at_after
    FROM review_log CROSS JOIN times
"""


def interval_preview() -> list[Row]:
    """The four intervals on the buttons of a card, beside the four calls of py-fsrs that give them."""
    memory = USUAL.review(Memory(), Rating.GOOD, day=20_000).memory
    plain = fsrs.Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
    card, now = fsrs.Card(card_id=1), clock.now()
    card, _ = plain.review_card(card, fsrs.Rating.Good, now)
    later = now + timedelta(days=3)
    ours = _each_ms(lambda: USUAL.preview(memory, day=20_003))
    theirs = _each_ms(lambda: [plain.review_card(card, rating, later) for rating in fsrs.Rating])
    return [beside("interval-preview", value=ours, baseline=theirs, unit="ms", note="aim: at most 0.3 ms")]


def rebuild_100k() -> list[Row]:
    """All cards of a learner with 100,000 reviews, beside the aim."""
    with opened(CARDS // REVIEWS_EACH) as big, Session(big.app.extensions["engine"]) as db:
        _review_more(big)
        user = db.get_one(User, big.learner_id)
        began = time.process_time()
        ids = rebuilding.cards_of(db, user=user)
        for start in range(0, len(ids), rebuilding.CARDS_AT_ONCE):
            some = ids[start : start + rebuilding.CARDS_AT_ONCE]
            rebuilding.rebuild_cards(db, user=user, card_ids=some)
            db.commit()
        study_day_figures.recount(db, user_id=user.id)
        db.commit()
        taken = time.process_time() - began
    return [beside("rebuild-100k", value=taken, baseline=5.0, unit="s", note="baseline: the aim; fsrs alone")]


def refit_12k() -> list[Row]:
    """The weights that 12,580 reviews give, items built included, beside the library's fit alone."""
    import fsrs_rs_python as rs  # optional, so that the other rows run without it

    answers = _drawn(FITTED_REVIEWS)
    histories = histories_of(answers)
    reviews = [[rs.FSRSReview(int(step.rating), step.gap) for step in card] for card in histories.cards]
    items = [rs.FSRSItem(reviews[item.card][: item.place + 1]) for item in histories.items]
    alone = _median_s(lambda: rs.FSRS(list(DEFAULT_PARAMETERS)).compute_parameters(items))
    ours = _median_s(lambda: _fit(answers))
    note = f"{len(items)} items; a process of its own"
    return [beside("refit-12k", value=1000 * ours, baseline=1000 * alone, unit="ms", note=note)]


def progress_1m() -> list[Row]:
    """The page over a million reviews of 100,000 cards: the first time in a process, and again."""
    with opened(CARDS) as big:
        _review_more(big)
        client = signed_in(big)
        cold = _wall_s(partial(client.get, "/progress"))
        warm = statistics.median(_wall_s(partial(client.get, "/progress")) for _ in range(ROUNDS))
    return [
        beside(f"progress-1m-{name}", value=taken, baseline=ANKI_GRAPHS_S, unit="s", note=aim)
        for name, taken, aim in (("cold", cold, "aim: 0.5"), ("warm", warm, "aim: 0.15"))
    ]


def _review_more(big: Opened) -> None:
    with Session(big.app.extensions["engine"]) as db:
        db.execute(text("UPDATE review_log SET sequence = :each"), {"each": REVIEWS_EACH})
        db.execute(text(MORE_REVIEWS), {"more": REVIEWS_EACH - 1})
        study_day_figures.recount(db, user_id=big.learner_id)
        db.commit()


def _fit(answers: list[Answer]) -> None:
    histories = histories_of(answers)
    fits.fit(histories, ends=[len(histories.items)])


def _drawn(count: int) -> list[Answer]:
    """Reviews of a twelfth as many cards, about one in two on a later day than the one before."""
    rng, made = Random(1), []
    for number in range(count // 10):
        day = rng.randrange(300)
        for _ in range(10):
            made.append(
                Answer(card=str(number), rating=Rating(rng.choices((1, 2, 3, 4), (25, 10, 55, 10))[0]), day=day)
            )
            day += rng.choice((0, 0, 1, 3, 9))
    return sorted(made, key=lambda answer: answer.day)


def _each_ms(work: Callable[[], object]) -> float:
    began = time.process_time()
    for _ in range(PREVIEWS):
        work()
    return 1000 * (time.process_time() - began) / PREVIEWS


def _median_s(work: Callable[[], object]) -> float:
    return statistics.median(_wall_s(work) for _ in range(ROUNDS))


def _wall_s(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
