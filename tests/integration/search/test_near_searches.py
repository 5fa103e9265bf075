"""Searches near those played with Anki 26.9.3, over one day's cards; each with its opposite finds all."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.catalogue.models import Concept
from quizapp.review import deeds, queries, undoing
from quizapp.review.memory import Rating
from quizapp.review.models import Card, ReviewLog, ReviewSource
from tests.builders import a_note, rate_card
from tests.integration.search.conftest import NOON, Search

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
AGAIN, HARD, GOOD, EASY = Rating
MakeCard = Callable[..., Card]


@pytest.fixture
def day(db: Session, learner: User, card: MakeCard) -> None:
    """A learner's cards in the middle of a day, each named after what has happened to it."""
    learner.bury_siblings = False

    def rate(one: Card, rating: Rating, at: datetime) -> None:
        rate_card(
            db, user=learner, card_id=one.id, review_id=uuid4(), rating=rating, source=ReviewSource.REVIEW, now=at,
            seen_version=one.version, taken_ms=None,
        )  # fmt: skip

    def known(prompt: str, *, due: int) -> Card:
        """Reviewed ten days ago, and due in so many days."""
        one = card(prompt, at=NOON - 40 * DAY)
        rate(one, EASY, NOON - 30 * DAY)
        rate(one, GOOD, NOON - 10 * DAY)
        do(deeds.reschedule, one, NOON - 10 * DAY, days=10 + due)
        return one

    def do(what: Callable[..., int], one: Card, at: datetime = NOON, **more: object) -> None:
        what(db, user=learner, card_ids=[one.id], now=at, **more)

    card("new", at=NOON - 2 * DAY)
    do(deeds.suspend, card("away"))
    rate(card("steps"), AGAIN, NOON - 5 * MINUTE)
    later, over, _, buried = (
        known(name, due=due) for name, due in (("later", 5), ("over", -3), ("today", 0), ("buried", 0))
    )
    do(deeds.bury, buried)
    do(deeds.flag, later, flag=2)
    do(deeds.flag, over, flag=7)
    rate(known("hard", due=0), HARD, NOON)
    undone = known("undone", due=0)
    rate(undone, GOOD, NOON - MINUTE)
    undoing.undo_one(db, user=learner, card_id=undone.id, done=last_review(db, undone), now=NOON)
    failed = known("failed", due=-1)
    rate(failed, AGAIN, NOON - DAY)
    rate(failed, GOOD, NOON - DAY + 12 * MINUTE)
    do(deeds.reset, known("anew", due=2))
    do(deeds.reschedule, card("set"), days=9)
    db.expire_all()


def last_review(db: Session, card: Card) -> UUID:
    reviews = select(ReviewLog.id).where(ReviewLog.card_id == card.id).order_by(ReviewLog.sequence.desc())
    return db.scalars(reviews).first() or uuid4()


FOUND = {
    # Anki calls a card that was set due by hand a review. Here it is new until it is answered, and comes on its day.
    "is:new": "anew away new set",
    "is:learn": "steps",
    "is:review": "buried failed hard later over today undone",
    # Not as Anki, whose is:due has what is in its steps and comes in ten minutes: that is in prop:due<=0.
    "is:due": "over today undone",
    "is:buried": "buried",
    "is:buried-manually": "buried",
    "is:buried-sibling": "",
    "is:suspended": "away",
    "is:new -is:suspended": "anew new set",
    "is:review -is:due": "buried failed hard later",
    "prop:due<0": "over",
    # As Anki: what is in its steps is due today. What is buried is not, here as in is:due; prop:comes has its day.
    "prop:due=0": "steps today undone",
    "prop:due=5": "later",
    "prop:due>0": "failed hard later set",
    "prop:due=9": "set",
    "prop:comes=1": "buried",
    "prop:due!=0": "failed hard later over set",
    "prop:ivl=0": "anew away new set steps",
    "prop:ivl>=15": "hard later",
    "prop:lapses=1": "failed",
    "prop:lapses!=0": "failed",
    "prop:reps=0": "anew away new set",
    "prop:reps=2": "buried later over today undone",
    "prop:reps>2": "failed hard",
    "prop:s>0": "buried failed hard later over steps today undone",
    "prop:d<=10": "buried failed hard later over steps today undone",
    "prop:r<1": "buried failed later over today undone",
    "prop:r<0": "",
    # A chance of recall is compared by its first digit at least: 1 is not a half.
    "prop:r=1": "buried failed hard later over steps today undone",
    "prop:r=0": "",
    "prop:retrievability>=1 prop:stability>1 prop:difficulty>1": "hard",
    "prop:rated=0": "hard steps",
    "prop:rated=-1": "failed",
    "prop:rated>-2": "failed hard steps",
    "prop:rated>0": "",
    "prop:rated<-1": "anew buried failed hard later over today undone",
    "prop:rated<=-10": "anew buried failed hard later over today undone",
    "prop:rated!=0": "anew buried failed hard later over today undone",
    "prop:resched=0": "set",
    "prop:resched>=-10": "anew buried failed hard later over set today undone",
    "prop:resched<-9": "anew buried failed hard later over today undone",
    # As Anki: an answer that was taken back is none.
    "rated:1": "hard steps",
    "rated:1:1": "steps",
    "rated:1:2": "hard",
    "rated:1:3": "",
    "rated:2:1": "failed steps",
    "rated:2": "failed hard steps",
    "rated:11": "anew buried failed hard later over steps today undone",
    "introduced:1": "steps",
    # A card that begins anew was introduced when it was first rated.
    "introduced:31": "anew buried failed hard later over steps today undone",
    "added:1": "away set steps",
    "added:3": "away new set steps",
    "resched:1": "set",
    "resched:11": "anew buried failed hard later over set today undone",
    "flag:0": "anew away buried failed hard new set steps today undone",
    "flag:2": "later",
    "flag:2 or flag:7": "later over",
    "-flag:0": "later over",
    "is:due or is:learn": "over steps today undone",
    "prop:due<=0": "over steps today undone",
    "(is:due or is:learn) -flag:7": "steps today undone",
    "is:due -prop:due<0": "today undone",
}


@pytest.mark.usefixtures("day")
def test_what_each_search_finds_of_a_days_cards(find: Search) -> None:
    assert {query: " ".join(find(query)) for query in FOUND} == FOUND


def test_what_the_answer_to_a_sibling_has_buried_is_told_from_what_was_buried_by_hand(
    db: Session, learner: User, card: MakeCard, find: Search
) -> None:
    answered, sibling, by_hand = card("answered"), card("sibling"), card("by hand")
    section = a_note(db).sections[0]
    concept = Concept(key="c-1", section=section, position=1, term="t", text="", fingerprint="0" * 64)
    db.add(concept)
    answered.question.concept = sibling.question.concept = concept
    rate_card(
        db, user=learner, card_id=answered.id, review_id=uuid4(), rating=EASY, source=ReviewSource.REVIEW, now=NOON,
        seen_version=answered.version, taken_ms=None,
    )  # fmt: skip
    deeds.bury(db, user=learner, card_ids=[by_hand.id], now=NOON)
    assert [find("is:buried-sibling"), find("is:buried-manually")] == [["sibling"], ["by hand"]]
    assert find("is:buried-sibling", at=NOON + DAY) == []


@pytest.mark.usefixtures("day")
def test_each_search_and_its_opposite_find_every_card_once(find: Search) -> None:
    """In Anki a card without memory is found neither by prop:r<0.9 nor by -prop:r<0.9."""
    every = find("kind:card")
    for query in FOUND:
        assert sorted(find(f"kind:card ({query})") + find(f"kind:card -({query})")) == every, query


@pytest.mark.usefixtures("day")
def test_a_search_for_what_is_due_finds_what_every_page_counts_as_due(db: Session, learner: User, find: Search) -> None:
    for minutes in (0, 9, 10, 60 * 24):
        now = NOON + minutes * MINUTE
        counts = queries.counts(db, user=learner, now=now)
        assert len(find("is:due", at=now)) == counts.learning + counts.due + counts.held_back


# Plays of Anki 26.9.3 with one card each: what it finds of these, by what was done with the card.
AFTER = {
    "easy-on-new": (
        [EASY],
        "introduced:1 rated:1 rated:1:4 -rated:1:3 is:review -is:new prop:reps=1 prop:ivl>0 prop:lapses=0 -is:due",
    ),
    # Not as Anki, where a card in its steps is due: it comes in ten minutes.
    "again-on-new": (
        [AGAIN],
        "introduced:1 is:learn -is:review -is:new -is:due prop:due=0 prop:ivl=0 prop:s>0 prop:r>0.9 rated:1:1",
    ),
    "easy-then-good-undone": ([EASY, None], "is:new -rated:1 -introduced:1 prop:reps=0 flag:0 -is:buried -is:learn"),
}


@pytest.mark.parametrize("name", AFTER)
def test_what_is_found_of_a_card_after_what_was_done_with_it(
    db: Session, learner: User, card: MakeCard, find: Search, name: str
) -> None:
    one, (done, found) = card("card"), AFTER[name]
    for rating in done:
        if rating is None:
            undoing.undo(db, user=learner, now=NOON)
            db.expire_all()
        else:
            rate_card(
                db, user=learner, card_id=one.id, review_id=uuid4(), rating=rating, source=ReviewSource.REVIEW,
                now=NOON, seen_version=one.version, taken_ms=None,
            )  # fmt: skip
    assert {query: find(query) for query in found.split()} == {query: ["card"] for query in found.split()}


def test_both_ratings_of_a_day_find_a_card_and_one_taken_back_does_not(
    db: Session, learner: User, card: MakeCard, find: Search
) -> None:
    one = card("card")
    for minutes, rating in ((0, AGAIN), (11, GOOD), (12, EASY)):
        rate_card(
            db, user=learner, card_id=one.id, review_id=uuid4(), rating=rating, source=ReviewSource.REVIEW,
            now=NOON + minutes * MINUTE, seen_version=one.version, taken_ms=None,
        )  # fmt: skip
    undoing.undo(db, user=learner, now=NOON + 13 * MINUTE)
    asked = ("rated:1:1", "rated:1:3", "rated:1:1 rated:1:3", "rated:1:4", "-rated:1:1", "introduced:1")
    assert [find(query, at=NOON + 13 * MINUTE) for query in asked] == [["card"], ["card"], ["card"], [], [], ["card"]]


def test_an_answer_apart_is_found_as_rated(db: Session, learner: User, card: MakeCard, find: Search) -> None:
    one = card("card")
    rate_card(
        db, user=learner, card_id=one.id, review_id=uuid4(), rating=GOOD, source=ReviewSource.APART, now=NOON,
        seen_version=one.version, taken_ms=None,
    )  # fmt: skip
    assert [find(query) for query in ("rated:1", "rated:1:3", "prop:rated=0", "is:new")] == [["card"]] * 4
    assert find("introduced:1") == []
