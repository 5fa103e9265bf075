"""Rates one card: reads and locks it, logs the review, changes the card and the day's figures. Knows no session.

It is what people wait for most often, so it takes six statements, each of them prepared, and no model's object.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from quizapp.accounts.models import LeechAction, User
from quizapp.errors import Conflict, NotFound
from quizapp.prepared_statements import AnyConnection
from quizapp.process_figures import MEASURES, Counted
from quizapp.review import due_loads, leeches, schedulers, statements
from quizapp.review.deed_order import FROM_THE_PAGE, after
from quizapp.review.memory import Memory, Phase, Rating
from quizapp.review.models import MATURE_DAYS, Outcome, ReviewSource
from quizapp.review.scheduler import DEFAULT_PARAMETERS, Reviewed, Scheduler, as_found, scheduler_with
from quizapp.study_day import StudyDay, study_day

TAKEN_MAX_MS = 60_000  # Anki's limit: after a minute the learner is taken to be away


@dataclass(frozen=True, kw_only=True)
class Rated:
    """The result of a rating. A review that is sent again has the same result."""

    review_id: UUID
    card_id: UUID
    rating: Rating
    outcome: Outcome
    due_day: StudyDay | None
    """The study day on which the card is due after the rating; None for a new card whose rating was stale."""
    due_at: datetime | None
    """The time at which the card is due, if within the study day; else None."""
    is_hidden: bool
    """Whether the card's question is retired or a draft, so that the card is not shown."""
    is_leech: bool = False
    """Whether this rating made the card a leech. A review that is sent again says False."""
    buries: bool = False
    """Whether this rating buried siblings of the card. A review that is sent again says False."""


@dataclass(frozen=True, kw_only=True)
class Review:
    """What a learner did."""

    id: UUID
    """Made before it is sent, so that a review that is sent twice counts once."""
    rating: Rating
    source: ReviewSource
    taken_ms: int | None
    """Milliseconds from seeing the card to rating it, which count up to TAKEN_MAX_MS; None if not measured."""
    spares_siblings: bool = False
    """Whether the card's siblings stay where they are, as in a sitting over chosen cards, whatever the user has set."""


@dataclass(frozen=True, kw_only=True)
class LockedCard:
    """A card as it was when it was read, in a transaction until whose end nobody else changes it."""

    id: UUID
    hidden: bool
    memory: Memory
    last_review_at: datetime | None
    due_day: StudyDay | None
    due_at: datetime | None
    buried_until_day: StudyDay | None
    version: int
    logged: int
    retention: float | None
    """The desired retention of its note, if that has one of its own; else None."""
    numbers: Sequence[int | None] = ()
    """Of the user's last rating and of their last other deed; None without one."""
    concept_id: int | None = None
    """The concept of its question, if `lock` found siblings there that would come on the same day; else None."""


def rate(
    connection: AnyConnection, *, user: User, card_id: UUID, review: Review, seen_version: int, now: datetime
) -> Rated:
    """Rate a card that was shown at `seen_version`, in the connection's transaction; the caller commits.

    If the log has the review's id already, nothing is written and that review's result returned. If the card was
    changed after it was shown, the review is logged as stale and the card stays as it is; so it does, whatever it was
    shown as, after an answer that is to leave the schedule alone. Raises NotFound for a card that is not the user's,
    Conflict for an id of another card's review.
    """
    day = study_day(now, user.zone, user.rollover_hour)
    card = lock(connection, user=user, card_id=card_id, day=day)
    outcome = Outcome.APPLIED if seen_version == card.version else Outcome.STALE
    if review.source is ReviewSource.APART:
        outcome = Outcome.APART
    return count(connection, card, review, user=user, outcome=outcome, now=now, day=day)


def lock(connection: AnyConnection, *, user: User, card_id: UUID, day: StudyDay) -> LockedCard:
    """The user's card, on the study day `day`. Raises NotFound."""
    row = statements.LOCK_CARD.first(connection, {"the_id": card_id, "user_id": user.id, "day": day})
    if row is None:
        raise no_card()
    return _card(*row)


def lock_of_question(connection: AnyConnection, *, user: User, question_id: int) -> LockedCard | None:
    """The user's card of a question; None if there is none."""
    row = statements.LOCK_CARD_OF_QUESTION.first(connection, {"question_id": question_id, "user_id": user.id})
    return None if row is None else _card(*row)


def count(
    connection: AnyConnection,
    card: LockedCard,
    review: Review,
    *,
    user: User,
    outcome: Outcome,
    now: datetime,
    day: StudyDay,
) -> Rated:
    """Log a review of the user's card and, if it is applied, change the card. `day` is the user's study day of `now`.

    If the log has the review's id already, nothing is written and that review's result returned. Raises Conflict for
    an id of another card's review.
    """
    reviewed_at, day = _moment(card, user=user, now=now, day=day)
    is_applied, is_leech, buries = outcome is Outcome.APPLIED, False, False
    memory = as_found(card.memory, on=day, at=reviewed_at, last_review_at=card.last_review_at)
    reviewed = _scheduler_of(connection, user, card).review(memory, review.rating, day=day)
    after = _state(card)
    if is_applied:
        after = _state_after(reviewed, now, due_day=due_loads.due_day(connection, reviewed, user=user))
    log = {
        **_as_sent(review, card, user=user),
        "outcome": outcome,
        "reviewed_at": reviewed_at,
        "day": day,
        "weights_number": user.weights_number or None,
        **_before(card, reviewed),
        "stability_after": after["stability"],
        "difficulty_after": after["difficulty"],
        "due_day_after": after["due_day"],
        "due_at_after": after["due_at"],
    }
    if not statements.add_review(connection.dialect.name).change(connection, log):
        return _counted_before(connection, review.id, card)
    MEASURES.count(Counted.REVIEW)
    if is_applied:
        statements.CHANGE_CARD.change(connection, {**after, **_also(card, reviewed_at, day), "logged": log["sequence"]})
        is_leech = _marked(connection, card, log, lapses=reviewed.memory.lapses, user=user)
        if user.bury_siblings and review.source is ReviewSource.REVIEW and not review.spares_siblings:
            buries = _bury_siblings(connection, card, log)
    else:
        statements.COUNT_LOGGED.change(connection, {"the_id": card.id, "logged": log["sequence"]})
    _add_to_day(connection, log)
    if is_applied:
        _move_load(connection, card, log)
    told = {"is_leech": is_leech, "buries": buries}
    return _rated(card, review.id, review.rating, outcome, after["due_day"], after["due_at"], **told)


def figures_of(
    *,
    outcome: Outcome,
    rating: Rating,
    phase_before: Phase,
    retrievability_before: float | None,
    interval_before: int | None,
    taken_ms: int | None,
) -> dict[str, int]:
    """What a review with these columns adds to each of FIGURES when it is logged."""
    applied = outcome is Outcome.APPLIED
    # The chance is 1 for a repeat on the same study day.
    known = applied and phase_before is Phase.REVIEW and retrievability_before is not None and retrievability_before < 1
    mature = known and interval_before is not None and interval_before >= MATURE_DAYS
    return {
        "reviews": 1,
        "introduced": int(applied and phase_before is Phase.NEW),
        "known": int(known),
        "passed": int(known and rating is not Rating.AGAIN),
        "mature": int(mature),
        "mature_passed": int(mature and rating is not Rating.AGAIN),
        "timed": int(taken_ms is not None),
        "taken_ms": taken_ms or 0,
    }


def _scheduler_of(connection: AnyConnection, user: User, card: LockedCard) -> Scheduler:
    """The user's scheduler. Most have the default weights, for which nothing is to be looked up."""
    if not user.weights_number:
        retention = user.desired_retention if card.retention is None else card.retention
        return scheduler_with(DEFAULT_PARAMETERS, retention)
    return schedulers.in_force(connection, user, retention=card.retention)


def no_card() -> NotFound:
    """The error for a card that is not there, or is somebody else's."""
    return NotFound("There is no such card. It may have been removed; go on with the next one.")


def _card(
    id: UUID,
    hidden: bool,
    phase: Any,
    stability: float | None,
    difficulty: float | None,
    last_day: StudyDay | None,
    reps: int,
    lapses: int,
    *rest: Any,
) -> LockedCard:
    """A card from what `statements.READ` names, in that order, its note's retention, and its concept if looked for."""
    memory = Memory(
        phase=phase, stability=stability, difficulty=difficulty, last_day=last_day, reps=reps, lapses=lapses
    )
    last_review_at, due_day, due_at, buried_until_day, version, logged, retention, *more = rest
    concept_id, *numbers = more or (None,)
    return LockedCard(
        id=id,
        hidden=hidden,
        memory=memory,
        last_review_at=last_review_at,
        due_day=due_day,
        due_at=due_at,
        buried_until_day=buried_until_day,
        version=version,
        logged=logged,
        retention=retention,
        numbers=numbers,
        concept_id=concept_id,
    )


def _moment(card: LockedCard, *, user: User, now: datetime, day: StudyDay) -> tuple[datetime, StudyDay]:
    """The time and study day of a review: never before the card's last one, even if the clock or the zone went back."""
    reviewed_at = now
    if card.last_review_at is not None and card.last_review_at > now:
        reviewed_at, day = card.last_review_at, study_day(card.last_review_at, user.zone, user.rollover_hour)
    return reviewed_at, day if card.memory.last_day is None else max(day, card.memory.last_day)


def _as_sent(review: Review, card: LockedCard, *, user: User) -> dict[str, Any]:
    """The columns of the log that say what was done, to which card and by whom."""
    taken_ms = review.taken_ms
    return {
        "id": review.id,
        "user_id": user.id,
        "card_id": card.id,
        "sequence": card.logged + 1,
        "rating": review.rating,
        "source": review.source,
        "zone": user.zone,
        "taken_ms": None if taken_ms is None else min(max(taken_ms, 0), TAKEN_MAX_MS),
        "deed_number": after(*card.numbers) if review.source in FROM_THE_PAGE else None,
    }


def _before(card: LockedCard, reviewed: Reviewed) -> dict[str, Any]:
    memory = card.memory
    interval = None if card.due_day is None or memory.last_day is None else card.due_day - memory.last_day
    return {
        "interval_before": interval,
        "phase_before": memory.phase,
        "stability_before": memory.stability,
        "difficulty_before": memory.difficulty,
        "retrievability_before": reviewed.retrievability,
    }


def _state_after(reviewed: Reviewed, now: datetime, *, due_day: StudyDay) -> dict[str, Any]:
    """What the card is after it. It waits from now on, also if the clock was put back and the review is dated later."""
    due_at = None if reviewed.comes_back_in is None else now + reviewed.comes_back_in
    return {**vars(reviewed.memory), "due_day": due_day, "due_at": due_at}


def _also(card: LockedCard, reviewed_at: datetime, day: StudyDay) -> dict[str, Any]:
    """What an applied review changes beside the memory. A card that is buried still, as in another tab, stays so."""
    until = card.buried_until_day
    return {
        "the_id": card.id,
        "last_review_at": reviewed_at,
        "buried_until_day": until if until is not None and until > day else None,
        "version": card.version + 1,
    }


def _marked(connection: AnyConnection, card: LockedCard, log: dict[str, Any], *, lapses: int, user: User) -> bool:
    """Whether the review made the card a leech; if so, it is marked, and suspended if the user wants that."""
    if lapses == card.memory.lapses or not leeches.is_marked_at(lapses, threshold=user.leech_threshold):
        return False
    statements.mark_leech(connection, log, suspends=user.leech_action is LeechAction.SUSPEND)
    return True


def _bury_siblings(connection: AnyConnection, card: LockedCard, log: dict[str, Any]) -> bool:
    """Keep the cards of the same concept away until the next study day: what was just seen would be known by itself.

    Returns whether there is any.
    """
    if card.concept_id is None:
        return False
    siblings = {"the_id": card.id, "user_id": log["user_id"], "concept_id": card.concept_id}
    until = {"day": log["day"], "until": log["day"] + 1, "by": log["id"]}
    return statements.BURY_SIBLINGS.change(connection, {**siblings, **until}) > 0


def _state(card: LockedCard) -> dict[str, Any]:
    return {**vars(card.memory), "due_day": card.due_day, "due_at": card.due_at}


def _add_to_day(connection: AnyConnection, log: dict[str, Any]) -> None:
    figures = figures_of(
        outcome=log["outcome"],
        rating=log["rating"],
        phase_before=log["phase_before"],
        retrievability_before=log["retrievability_before"],
        interval_before=log["interval_before"],
        taken_ms=log["taken_ms"],
    )
    add = statements.add_to_day(connection.dialect.name)
    add.change(connection, {"user_id": log["user_id"], "day": log["day"], **figures})


def _move_load(connection: AnyConnection, card: LockedCard, log: dict[str, Any]) -> None:
    """Keep how many cards come back on the days to come. A card that was due is on none of them yet."""
    moved = []
    if card.due_at is None and card.due_day is not None and card.due_day > log["day"]:
        moved.append((card.due_day, -1))
    if log["due_at_after"] is None:
        moved.append((log["due_day_after"], 1))
    due_loads.move(connection, user_id=log["user_id"], cards=sorted(moved))


def _counted_before(connection: AnyConnection, review_id: UUID, card: LockedCard) -> Rated:
    """The result of a review that is in the log. Raises Conflict if it is another card's."""
    row = statements.FIND_REVIEW.first(connection, {"the_id": review_id})
    assert row is not None  # an id that the log does not have would have been added
    card_id, *found = row
    if card_id != card.id:
        raise Conflict("This answer was already counted for another card. Reload the page and rate again.")
    return _rated(card, review_id, *found)


def _rated(
    card: LockedCard,
    review_id: UUID,
    rating: Rating,
    outcome: Outcome,
    due_day: StudyDay | None,
    due_at: datetime | None,
    *,
    is_leech: bool = False,
    buries: bool = False,
) -> Rated:
    return Rated(
        review_id=review_id,
        card_id=card.id,
        rating=rating,
        outcome=outcome,
        due_day=due_day,
        due_at=due_at,
        is_hidden=card.hidden,
        is_leech=is_leech,
        buries=buries,
    )
