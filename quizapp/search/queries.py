"""Searches: what a user finds, a page at a time, and which of their cards a search is about. Reads only."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, select
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.catalogue.models import Concept, Note
from quizapp.review.models import Card
from quizapp.search.conditions import Scope, condition_of, narrowed, scope_of, texts_in
from quizapp.search.language import Node, parse
from quizapp.search.models import DocumentKind, SearchDocument
from quizapp.search.search_context import Asking
from quizapp.search.tokens import words_of
from quizapp.search.visible import visible_to

PAGE = 20  # results of a page: on a phone some four screens
TITLED = 60  # results, three pages, among which those with the word in their title come first: to look takes time
BEGINNING_CHARS = 120  # of a document's words: about those of a title or of a question of one line
PAGES_MAX = 500  # further on nobody looks; each page more takes longer


@dataclass(frozen=True, kw_only=True)
class FoundCard:
    """The user's card of a result."""

    id: UUID
    due_day: int | None
    due_at: datetime | None
    is_suspended: bool
    buried_until_day: int | None
    is_leech: bool
    flag: int
    lapses: int


@dataclass(frozen=True, kw_only=True)
class SearchResult:
    """One thing that was found."""

    kind: DocumentKind
    item_id: int
    head: str
    """Its title, term or prompt, in Markdown."""
    anchor: str
    """A section's on its note's page, a concept's section's, or a lab's slug."""
    concept_key: str | None
    """A concept's; None of anything else."""
    note_key: str | None
    note_title: str | None
    question_id: int | None
    card: FoundCard | None
    """None if it is no question, or the user has no card of it."""


@dataclass(frozen=True, kw_only=True)
class SearchResults:
    """A page of what was found."""

    total: int
    """How many there are on all pages."""
    page: int
    pages: int
    results: Sequence[SearchResult]


def search(db: Session, *, user: User, query: str, now: datetime, page: int = 1) -> SearchResults:
    """What the user finds with a query; the first page in place of one after the last. Raises NotUnderstood."""
    page = min(max(page, 1), PAGES_MAX)
    node = parse(query)
    start = (page - 1) * PAGE
    begins, most = (0, TITLED) if start < TITLED else (start, PAGE)  # those of one page, or all that are ordered anew
    hits = _of_node(Asking(db, user, now), node).with_only_columns(*_ORDERED).cte("hits").prefix_with("MATERIALIZED")
    # Not a window's count, which holds the rows of all that was found until it has seen the last.
    all_hits = select(func.count()).select_from(hits).scalar_subquery()
    ordered = select(hits.c.id, all_hits.label("total")).order_by(hits.c.rank, hits.c.length, hits.c.id)
    some = ordered.limit(most).offset(begins).subquery()
    rows = (
        select(SearchDocument, some.c.total, Note.key, Note.title, Card)
        .join(some, some.c.id == SearchDocument.id)
        .outerjoin(Note, and_(Note.id == SearchDocument.note_id, Note.retired_at.is_(None)))
        .outerjoin(Concept, and_(Concept.id == SearchDocument.item_id, SearchDocument.kind == DocumentKind.CONCEPT))
        .outerjoin(Card, _card_of(user))
        .order_by(*_titles_first(node))
        .limit(PAGE)
        .offset(start - begins)
    )
    rows = rows.with_only_columns(*_SHOWN, some.c.total, Concept.key, Note.key, Note.title, *_OF_CARD)
    found = db.execute(rows).all()
    if not found and page > 1:
        return search(db, user=user, query=query, now=now)
    total = found[0].total if found else 0
    results = [_result(*row) for row in found]
    return SearchResults(total=total, page=page, pages=min(-(-total // PAGE), PAGES_MAX), results=results)


def cards_of(db: Session, *, user: User, query: str, now: datetime, most: int) -> Sequence[UUID]:
    """The user's cards that a query finds, in the order of the results, at most so many. Raises NotUnderstood."""
    node = parse(query)
    shown = _of_node(Asking(db, user, now), node, scope=Scope.CARDS)
    return db.scalars(shown.with_only_columns(Card.id).order_by(*_ORDER).limit(most)).all()


def questions_of(db: Session, *, user: User, query: str, now: datetime, most: int) -> Sequence[int]:
    """The questions that a query finds, in the order of the results, at most so many. Raises NotUnderstood."""
    shown = _of_node(Asking(db, user, now), parse(query), scope=Scope.QUESTIONS)
    ids = shown.with_only_columns(SearchDocument.question_id).order_by(*_ORDER).limit(most)
    return [id for id in db.scalars(ids) if id is not None]


def questions_of_cards(db: Session, *, user: User, card_ids: Collection[UUID]) -> Sequence[int]:
    """The questions of the user's cards among these."""
    return db.scalars(select(Card.question_id).where(Card.user_id == user.id, Card.id.in_(card_ids))).all()


def found_cards(db: Session, *, user: User, query: str, now: datetime) -> Select[UUID]:
    """The ids of all the user's cards that a query finds, in no order. Raises NotUnderstood."""
    return _of_node(Asking(db, user, now), parse(query), scope=Scope.CARDS).with_only_columns(Card.id)


_RANKS = {kind: rank for rank, kind in enumerate(DocumentKind)}
_RANK = case(_RANKS, value=SearchDocument.kind, else_=len(_RANKS))
# By kind, then the shortest.
_ORDER: Sequence[Any] = (_RANK, SearchDocument.length, SearchDocument.id)
_ORDERED = (_RANK.label("rank"), SearchDocument.length, SearchDocument.id)
_SHOWN = (
    *(SearchDocument.kind, SearchDocument.item_id, SearchDocument.head, SearchDocument.anchor),
    SearchDocument.question_id,
)
_OF_CARD = (
    *(Card.id, Card.due_day, Card.due_at, Card.suspended, Card.buried_until_day, Card.leech, Card.flag, Card.lapses),
)


def _titles_first(node: Node) -> Sequence[Any]:
    """First what has the first word looked for at its beginning, as titles have; then _ORDER."""
    first = next(texts_in(node), None)
    if first is None:
        return _ORDER
    beginning = func.substr(SearchDocument.words, 1, BEGINNING_CHARS)
    return case((beginning.contains(words_of(first), autoescape=True), 0), else_=1), *_ORDER


def _of_node(asking: Asking, node: Node, *, scope: Scope = Scope.EVERYTHING) -> Select[SearchDocument]:
    """The documents that a query finds, beside them the user's cards if these matter."""
    scope = max(scope, scope_of(node))
    shown = select(SearchDocument).where(visible_to(asking.user))
    if scope is Scope.EVERYTHING:
        return narrowed(shown, node, asking)
    shown = shown.where(condition_of(node, asking))
    if scope is Scope.CARDS:
        return shown.join(Card, _card_of(asking.user))
    return shown.where(SearchDocument.question_id.is_not(None))


def _card_of(user: User) -> ColumnElement[bool]:
    return and_(Card.question_id == SearchDocument.question_id, Card.user_id == user.id)


def _result(
    kind: DocumentKind,
    item_id: int,
    head: str,
    anchor: str,
    question_id: int | None,
    _total: int,
    concept_key: str | None,
    note_key: str | None,
    note_title: str | None,
    *of_card: Any,
) -> SearchResult:
    return SearchResult(
        kind=kind,
        item_id=item_id,
        head=head,
        anchor=anchor,
        concept_key=concept_key,
        note_key=note_key,
        note_title=note_title,
        question_id=question_id,
        card=_card(*of_card) if of_card[0] is not None else None,
    )


def _card(
    id: UUID,
    due_day: int | None,
    due_at: datetime | None,
    is_suspended: bool,
    buried_until_day: int | None,
    is_leech: bool,
    flag: int,
    lapses: int,
) -> FoundCard:
    return FoundCard(
        id=id,
        due_day=due_day,
        due_at=due_at,
        is_suspended=is_suspended,
        buried_until_day=buried_until_day,
        is_leech=is_leech,
        flag=flag,
        lapses=lapses,
    )
