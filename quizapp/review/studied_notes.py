"""Which questions of a note are in a learner's reviews: added, taken out, brought back; what an import adds is offered.

Each function runs in the caller's transaction; the caller commits.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, and_, delete, exists, false, func, select, true
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.catalogue.models import Note, Question
from quizapp.catalogue.same_thing import is_shared, things_of
from quizapp.catalogue.visibility import learnt_by
from quizapp.review import deeds, service
from quizapp.review.deed_order import next_number
from quizapp.review.models import Card, Outcome, ReviewLog, StudiedNote

OFFERS_MAX = 5  # notes offered at once: more would push what is due from the first page


@dataclass(frozen=True, kw_only=True)
class TakenOut:
    """What became of the cards that were taken out of the reviews."""

    suspended: int
    """Those with reviews, or a flag or a due day of their own: they come back with their memory."""
    removed: int
    """New ones, of which nothing would be lost."""


@dataclass(frozen=True, kw_only=True)
class CardsOffered:
    """Questions that came into a note after its cards were added, and are no cards yet."""

    note_key: str
    note_title: str
    count: int
    """How many cards they would be: questions that test the same thing are learnt by one."""


def add(db: Session, *, user: User, note_id: int, question_ids: Collection[int], now: datetime) -> int:
    """Make a new card of each question that is none yet; what an import adds to the note later is offered."""
    _remember(db, user=user, note_id=note_id)
    return service.add_cards(db, user=user, question_ids=question_ids, now=now, wanted=True)


def take_out(
    db: Session, *, user: User, question_ids: Collection[int], now: datetime, whole: int | None = None
) -> TakenOut:
    """Take cards out of the reviews, any number in one step, without losing what is remembered of them.

    `whole`: the note all of whose cards these are, of which nothing more is offered then.
    """
    cards = deeds.locked(db, user=user, card_ids=_card_ids(db, Card.user_id == user.id, question_ids=question_ids))
    fresh = _fresh(db, cards)
    removed = {card.id for card in fresh}
    others = [card.id for card in cards if card.id not in removed]
    step, number = uuid4(), next_number(db, user=user)
    suspended = deeds.suspend(db, user=user, card_ids=others, now=now, step=step)
    studied = None if whole is None else db.get(StudiedNote, (user.id, whole))
    newest = {} if studied is None else {card.question_id: studied.newest_question_id for card in fresh}
    deeds.note_removed(db, user=user, step=step, number=number, cards=fresh, newest=newest, now=now)
    if whole is not None:
        forget(db, user=user, note_id=whole)
    return TakenOut(suspended=suspended, removed=_remove_fresh(db, fresh))


def put_back(db: Session, *, user: User, newest: Mapping[int, int | None], now: datetime) -> int:
    """Make new cards again that were taken out; returns how many. What was kept of a whole note is offered again.

    `newest` has what `CardDeed.after` keeps, by question.
    """
    made = service.add_cards(db, user=user, question_ids=newest, now=now)
    deeds.note_back(db, user=user, question_ids=newest)
    whole = {question_id: last for question_id, last in newest.items() if last is not None}
    if whole:
        of_note = select(Question.note_id).where(Question.id == next(iter(whole)))
        note_id = db.scalar(of_note)
        if note_id is not None and db.get(StudiedNote, (user.id, note_id)) is None:
            last = next(iter(whole.values()))
            db.add(StudiedNote(user_id=user.id, note_id=note_id, newest_question_id=last))
            db.flush()
    return made


def remove_fresh(db: Session, *, user: User, cards: Collection[Card]) -> int:
    """Remove cards that were added of which nothing is remembered; returns how many.

    Of a note of which no card is left nothing more is offered.
    """
    ids = [card.question_id for card in cards]
    notes = [
        note_id
        for some in service.batches(ids)
        for note_id in db.scalars(select(Question.note_id).where(Question.id.in_(some)).distinct())
    ]
    removed = _remove_fresh(db, cards)
    for note_id in dict.fromkeys(notes):
        of_note = select(Card.id).join(Question).where(Card.user_id == user.id, Question.note_id == note_id)
        if note_id is not None and db.scalar(of_note.limit(1)) is None:
            forget(db, user=user, note_id=note_id)
    return removed


def count_not_added(db: Session, *, user: User) -> int:
    """How many questions of the notes that the user learns from are no cards of theirs, suspended ones included."""
    has_card = exists().where(Card.question_id == Question.id, Card.user_id == user.id)
    of_notes = select(func.count()).select_from(Question).join(Note, Note.id == Question.note_id)
    live = (Question.hidden == false(), Note.retired_at.is_(None), learnt_by(user.id))
    return db.execute(of_notes.where(*live, ~has_card)).scalar_one()


def forget(db: Session, *, user: User, note_id: int) -> None:
    """Offer nothing more that comes into a note, until cards of it are added again."""
    db.execute(delete(StudiedNote).where(StudiedNote.user_id == user.id, StudiedNote.note_id == note_id))


def bring_back(db: Session, *, user: User, question_ids: Collection[int], now: datetime) -> int:
    """Let the suspended cards of these questions come back with their memory; returns how many do."""
    mine = Card.user_id == user.id, Card.suspended == true()
    return deeds.unsuspend(db, user=user, card_ids=_card_ids(db, *mine, question_ids=question_ids), now=now)


def decline(db: Session, *, user: User, note_id: int) -> None:
    """Offer nothing of what is in a note by now."""
    if db.get(StudiedNote, (user.id, note_id)) is not None:
        _remember(db, user=user, note_id=note_id)


def offered(db: Session, *, user: User) -> Sequence[CardsOffered]:
    """What came into the notes that the learner studies and is no card yet, of at most OFFERS_MAX notes."""
    questions = (
        select(Note.id, Note.key, Note.title, func.count())
        .select_from(StudiedNote)
        .join(Note, Note.id == StudiedNote.note_id)
        .join(Question, and_(Question.note_id == Note.id, Question.hidden == false(), _is_offered(user)))
        .where(StudiedNote.user_id == user.id, Note.retired_at.is_(None), learnt_by(user.id))
        .group_by(Note.id, Note.key, Note.title)
        .order_by(Note.title, Note.id)
        .limit(OFFERS_MAX)
    )
    rows = db.execute(questions).all()
    if not rows:
        return []
    twice = _asked_twice(db, user=user, note_ids=[row[0] for row in rows])
    return [CardsOffered(note_key=key, note_title=title, count=count - twice[id]) for id, key, title, count in rows]


def _asked_twice(db: Session, *, user: User, note_ids: Collection[int]) -> Counter[int]:
    """How many of the questions that are offered of each note another one of them asks in another form."""
    studied = and_(StudiedNote.note_id == Question.note_id, StudiedNote.user_id == user.id)
    shared = (
        select(Question.note_id, Question.id)
        .join(StudiedNote, studied)
        .where(Question.note_id.in_(note_ids), Question.hidden == false(), _is_offered(user), is_shared(Question))
    )
    rows = [(note_id, id) for note_id, id in db.execute(shared) if note_id is not None]
    things = things_of(db, question_ids=[id for _, id in rows])
    asked = Counter(note_id for note_id, _ in rows)
    return asked - Counter(note_id for note_id, _ in {(note_id, things[id]) for note_id, id in rows})


def offered_questions(db: Session, *, user: User, note_id: int) -> Sequence[int]:
    """The ids of the questions of one note that `offered` counts, in the note's order."""
    studied = and_(StudiedNote.note_id == Question.note_id, StudiedNote.user_id == user.id)
    asked = select(Question.id).join(StudiedNote, studied).where(Question.note_id == note_id)
    shown = asked.where(Question.hidden == false(), _is_offered(user))
    return db.scalars(shown.order_by(Question.position, Question.id)).all()


def _fresh(db: Session, cards: Collection[Card]) -> Sequence[Card]:
    """Those of the cards with which nothing would be lost: an answer that was taken back is nothing."""
    new = [card for card in cards if card.due_day is None and not card.flag]
    stands = select(ReviewLog.card_id).where(ReviewLog.outcome != Outcome.UNDONE)
    parts = service.batches([card.id for card in new if card.logged])
    answered = {id for some in parts for id in db.scalars(stands.where(ReviewLog.card_id.in_(some)))}
    return [card for card in new if card.id not in answered]


def _remove_fresh(db: Session, cards: Collection[Card]) -> int:
    fresh = _fresh(db, cards)
    for card in fresh:
        db.delete(card)
    db.flush()
    return len(fresh)


def _card_ids(db: Session, *which: ColumnElement[bool], question_ids: Collection[int]) -> Sequence[UUID]:
    """The ids of such cards of these questions."""
    such = select(Card.id).where(*which)
    parts = service.batches(sorted(question_ids))
    return [id for some in parts for id in db.scalars(such.where(Card.question_id.in_(some)))]


def _is_offered(user: User) -> ColumnElement[bool]:
    has_card = exists().where(Card.question_id == Question.id, Card.user_id == user.id)
    return and_(Question.id > StudiedNote.newest_question_id, ~has_card)


def _remember(db: Session, *, user: User, note_id: int) -> None:
    """Keep which question of a note is its newest now: those after it are offered. Ids grow with each import."""
    newest = db.scalar(select(func.max(Question.id)).where(Question.note_id == note_id)) or 0
    studied = db.get(StudiedNote, (user.id, note_id))
    if studied is None:
        db.add(StudiedNote(user_id=user.id, note_id=note_id, newest_question_id=newest))
    else:
        studied.newest_question_id = newest
    db.flush()
