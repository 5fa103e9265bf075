"""Reads an Anki package (.apkg, .colpkg) of any age as a note."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from quizapp.catalogue.formats.bank import BankItem, note_of
from quizapp.catalogue.formats.cards import cards_of
from quizapp.catalogue.formats.learnt import LearntElsewhere, ReviewElsewhere, StateElsewhere, fsrs_state, sm2_state
from quizapp.catalogue.formats.parsed import NoteWarning, ParsedNote, Unreadable
from quizapp.catalogue.packages.anki_database import AnkiCard, AnkiCollection, AnkiNote, AnkiReview, read_collection
from quizapp.catalogue.packages.archive import opened, unpack

CONVENTION = "Anki package"
# Newest first: beside a newer database the oldest holds one note only, which asks to update Anki.
DATABASES = (("collection.anki21b", True), ("collection.anki21", False), ("collection.anki2", False))
_RATINGS, _REVIEWED = range(1, 5), (0, 1, 2)  # Anki's kinds: learning, review, relearning
_FILTERED, _BY_HAND = (
    3,
    4,
)  # of a filtered deck, whose factor is 0 where it left the schedule alone; forgotten, or set due
_SCHEDULED = (2, 3)  # Anki's kinds of cards: review, relearning
_SECONDS_FROM = 1_000_000  # a due number from here on is no day, but a second since 1970
_TO_NOON = timedelta(hours=8)  # from 4 o'clock, when Anki's days begin: its date is then the same in all zones to +12
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SUSPENDED, _BURIED = (-1,), (-2, -3)


def read(data: bytes, name: str) -> ParsedNote:
    """A package as a note called `name`, a section for each deck. Raises Unreadable."""
    collection = read_package(data)
    made = list(_items(collection))
    items = (item for item, _ in made)
    note = note_of(items, title=name, convention=CONVENTION, warnings=list(_not_kept(collection)))
    return replace(note, learnt=tuple(_learnt(collection, made)))


def read_package(data: bytes) -> AnkiCollection:
    """What the database of a package says. Raises Unreadable."""
    with opened(data) as archive, TemporaryDirectory(prefix="quizapp-anki-") as folder:
        names = set(archive.namelist())
        found = next(((name, zstd) for name, zstd in DATABASES if name in names), None)
        if found is None:
            raise Unreadable("The package has no collection: it is none of Anki's.")
        path = Path(folder) / "collection"
        unpack(archive, found[0], path, zstd=found[1])
        return read_collection(path)


def _learnt(collection: AnkiCollection, made: Sequence[tuple[BankItem, AnkiCard]]) -> Iterator[LearntElsewhere]:
    """What was learnt of each card: its reviews since it last began anew, or its state. Nothing that only crammed.

    A due day that was set by hand after the last review comes along.
    """
    rows: dict[int, list[AnkiReview]] = defaultdict(list)
    for one in sorted(collection.reviews, key=lambda review: review.at_ms):
        if _is_forgotten(one):
            rows[one.card_id].clear()
        else:
            rows[one.card_id].append(one)
    for item, card in made:
        if item.key is not None:
            kept = tuple(
                ReviewElsewhere(at_ms=one.at_ms, rating=one.rating, taken_ms=max(0, one.duration_ms))
                for one in rows[card.id]
                if _counts(one)
            )
            is_set = bool(kept) and rows[card.id][-1].kind == _BY_HAND and card.kind in _SCHEDULED
            yield LearntElsewhere(
                key=item.key,
                reviews=kept,
                suspended=card.queue in _SUSPENDED,
                state=None if kept else _state(card, created_s=collection.created_s),
                due=_due(card, created_s=collection.created_s) if is_set else None,
                flag=card.flag,
            )


def _is_forgotten(row: AnkiReview) -> bool:
    """Whether a row says that its card began anew; Anki's FSRS leaves out what was answered before, too."""
    return row.kind == _BY_HAND and row.rating == 0 and row.factor == 0


def _counts(row: AnkiReview) -> bool:
    """Whether a row is a review that moved the schedule: also an early one, in a filtered deck."""
    return row.rating in _RATINGS and (row.kind in _REVIEWED or (row.kind == _FILTERED and row.factor != 0))


def _due(card: AnkiCard, *, created_s: int) -> date | None:
    """The day on which a card is due; None for one that is due within minutes, and for no day."""
    if not 0 <= card.due < _SECONDS_FROM:
        return None
    return (_EPOCH + timedelta(seconds=created_s, days=card.due) + _TO_NOON).date()


def _state(card: AnkiCard, *, created_s: int) -> StateElsewhere | None:
    """The schedule of a card whose log is not in the package; None for a new card, and for one that is learnt today."""
    due = _due(card, created_s=created_s)
    if card.kind not in _SCHEDULED or card.interval <= 0 or due is None:
        return None
    if card.stability is not None and card.difficulty is not None:
        state = fsrs_state(due=due, interval=card.interval, stability=card.stability, difficulty=card.difficulty)
        if state is not None:
            return state
    return sm2_state(due=due, interval=card.interval, ease=card.ease / 1000)


def _items(collection: AnkiCollection) -> Iterator[tuple[BankItem, AnkiCard]]:
    by_note: dict[int, list[AnkiCard]] = defaultdict(list)
    for card in collection.cards:
        by_note[card.note_id].append(card)
    for number, note in enumerate(collection.notes, start=1):
        yield from _cards_of_note(note, by_note.get(note.id, []), number)


def _cards_of_note(note: AnkiNote, cards: list[AnkiCard], number: int) -> Iterator[tuple[BankItem, AnkiCard]]:
    """The cards that a note has in the package: what a learner deleted or never made is none."""
    places = {card.place: card for card in cards}
    optional = " optional" if "optional" in note.notetype.lower() else ""
    both = f"reversed{optional}" if 1 in places else optional
    made = list(cards_of(note.fields, notetype=both, guid=note.guid, deck="", tags=note.tags, html=True, line=number))
    gaps = {item.key: int((item.key or "").rpartition("-")[2]) - 1 for item in made[1:]}
    taken = 0
    for at, item in enumerate(made):
        place = gaps.get(item.key, at) if at else min(places, default=0)
        card = places.get(place)
        if card is not None:
            taken += 1
            said = _with_left_over(item, note, cards, made, at)
            yield replace(item, section=card.deck.replace("::", " / "), warnings=said), card


def _with_left_over(
    item: BankItem, note: AnkiNote, cards: list[AnkiCard], made: list[BankItem], at: int
) -> tuple[str, ...]:
    """The warnings of a note's card; with the first one, of cards that other templates of the note make."""
    left = len(cards) - len(made)
    if at or left <= 0:
        return item.warnings
    return (*item.warnings, f"{left} more cards that the note type {note.notetype} makes are not imported.")


def _not_kept(collection: AnkiCollection) -> Iterator[NoteWarning]:
    """What a package says of the learner that is not stored."""
    seen = sum(card.kind != 0 for card in collection.cards)
    if collection.reviews or seen:
        message = (
            f"The package has the schedule of {seen} cards and {len(collection.reviews)} reviews. "
            "Who brings it in the browser can keep them, and on the command line --memory-for NAME; "
            "for everybody else its cards are new."
        )
        yield NoteWarning(line=1, message=message)
    marked = sum("marked" in map(str.lower, note.tags) for note in collection.notes)
    if marked:
        message = f"{marked} notes were marked in Anki, which is not kept. Give their cards a flag instead."
        yield NoteWarning(line=1, message=message)
    forgotten = {one.card_id for one in collection.reviews if _is_forgotten(one)}
    if forgotten:
        message = f"{len(forgotten)} cards began anew in Anki; of their reviews only those since then are kept."
        yield NoteWarning(line=1, message=message)
    queues = Counter(card.queue for card in collection.cards)
    away = {"suspended": _SUSPENDED, "buried": _BURIED}
    for word, numbers in away.items():
        if count := sum(queues[number] for number in numbers):
            message = f"{count} cards were {word} in Anki; here they are asked, unless what was learnt is kept."
            yield NoteWarning(line=1, message=message)
