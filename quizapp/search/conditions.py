"""What a search asks for as a condition of SQL, with the same results on SQLite and PostgreSQL."""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, TypeVar, assert_never

from sqlalchemy import ColumnElement, Select, and_, column, false, func, literal_column, not_, or_, select, table
from sqlalchemy import true as sql_true

from quizapp.catalogue.models import Concept, Note, Question, Tag, question_tag
from quizapp.review.memory import Phase
from quizapp.review.models import Card, ReviewLog
from quizapp.review.queue import in_turn, shown_day
from quizapp.search import language as say
from quizapp.search import log_conditions, terms
from quizapp.search.models import INDEX, DocumentKind, SearchDocument
from quizapp.search.patterns import Pattern
from quizapp.search.search_context import Asking
from quizapp.search.terms import Comparison, Property, ResultKind, State
from quizapp.search.text_scan import looked_for
from quizapp.search.tokens import folded, wanted_codes, words_of
from quizapp.study_day import day_of

Condition = ColumnElement[bool]
Found = TypeVar("Found")
_CODES = table(INDEX, column("rowid"), column(INDEX))  # the second is FTS5's own column, which MATCH is said of
_SIMPLE: ColumnElement[str] = literal_column("'simple'")
_LEARNING = (Phase.LEARNING, Phase.RELEARNING)
_REVIEW = (Phase.REVIEW, Phase.RELEARNING)
_KINDS = {
    ResultKind.NOTE: DocumentKind.NOTE,
    ResultKind.SECTION: DocumentKind.SECTION,
    ResultKind.CONCEPT: DocumentKind.CONCEPT,
    ResultKind.QUESTION: DocumentKind.QUESTION,
    ResultKind.LAB: DocumentKind.LAB,
}


class Scope(IntEnum):
    """Among what a search looks: a term that only cards have narrows it, so that x and -x find every card."""

    EVERYTHING = 0
    QUESTIONS = 1
    CARDS = 2


def scope_of(node: say.Node) -> Scope:
    """Among what a query looks."""
    match node:
        case say.All(parts=parts) | say.Either(parts=parts):
            return max((scope_of(part) for part in parts), default=Scope.EVERYTHING)
        case say.Not(part=part):
            return scope_of(part)
        case terms.Is() | terms.Prop() | terms.RatedWithin() | terms.ReviewedOn() | terms.Flagged():
            return Scope.CARDS
        case terms.DoneWithin(what=what):
            return Scope.QUESTIONS if what == "edited" else Scope.CARDS
        case terms.Tagged():
            return Scope.QUESTIONS
        case terms.OfKind(kind=kind):
            return Scope.CARDS if kind is None else Scope.EVERYTHING
        case _:
            return Scope.EVERYTHING


def condition_of(node: say.Node, asking: Asking) -> Condition:
    """The condition for the documents, with the user's cards beside them, that a query finds."""
    match node:
        case say.Text() | say.Phrase():
            return _texts([node], asking)
        case say.AccentsApart() | say.Expression():
            return looked_for(node, asking, among=())
        case say.All(parts=parts):
            return _all(parts, asking)
        case say.Either(parts=parts):
            return or_(*(condition_of(part, asking) for part in parts))
        case say.Not(part=part):
            return not_(condition_of(part, asking))
        case _:
            return func.coalesce(_term(node, asking), false())  # of a card without memory, x and -x are not both NULL


def _all(parts: Sequence[say.Node], asking: Asking) -> Condition:
    """What fulfils every part. What no index finds is looked for last, among what the others find."""
    texts = [part for part in parts if isinstance(part, say.Text | say.Phrase)]
    to_look = [part for part in parts if isinstance(part, say.AccentsApart | say.Expression)]
    others = [part for part in parts if part not in texts and part not in to_look]
    found = {part: condition_of(part, asking) for part in others}
    of_texts = [_texts(texts, asking)] if texts else []
    # Cards are beside the documents in the whole statement alone.
    among = [*of_texts, *(condition for part, condition in found.items() if scope_of(part) < Scope.CARDS)]
    looked = [looked_for(part, asking, among) for part in to_look]
    return and_(sql_true(), *of_texts, *found.values(), *looked)


def narrowed(shown: Select[Found], node: say.Node, asking: Asking) -> Select[Found]:
    """The documents of `shown`, which joins nothing to them, that a query finds.

    One that looks for texts alone joins SQLite's index: each document is read as the index names it. As a condition,
    all that the index names are put into a list first, which takes as long again.
    """
    texts = node.parts if isinstance(node, say.All) else (node,)
    sought = [part for part in texts if isinstance(part, say.Text | say.Phrase)]
    if not sought or len(sought) < len(texts) or not asking.has_fts5:
        return shown.where(condition_of(node, asking))
    wanted = _wanted(sought)
    matched = _CODES.c[INDEX].bool_op("MATCH")(_of_fts5(wanted))
    return shown.join(_CODES, _CODES.c.rowid == SearchDocument.id).where(matched, *_near(wanted))


@dataclass(frozen=True)
class _Wanted:
    """What documents must have."""

    exact: Sequence[str]
    """Codes."""
    prefixes: Sequence[str]
    """The beginnings of codes."""
    phrases: Sequence[str]
    """Parts of their words, as `tokens.words_of` gives them."""


def _wanted(texts: Sequence[say.Text | say.Phrase]) -> _Wanted:
    """What documents that have all these texts must have."""
    exact, prefixes, phrases = list[str](), list[str](), list[str]()
    for one in texts:
        pieces = one.text.split() if isinstance(one, say.Phrase) else [one.piece]
        codes = [code for piece in pieces for code in wanted_codes(piece)]
        if isinstance(one, say.Phrase):
            phrases.append(words_of(one.text))
        elif len(codes) > 1:  # that they follow each other only the words tell
            phrases.append(words_of(one.piece).rstrip("\t") if one.is_prefix else words_of(one.piece))
        if isinstance(one, say.Text) and one.is_prefix:
            prefixes.append(codes.pop())
        exact += codes
    return _Wanted(exact, prefixes, phrases)


def _near(wanted: _Wanted) -> Sequence[Condition]:
    return [SearchDocument.words.contains(phrase, autoescape=True) for phrase in wanted.phrases]


def _texts(texts: Sequence[say.Text | say.Phrase], asking: Asking) -> Condition:
    """Documents that have all these texts."""
    wanted = _wanted(texts)
    return and_(_match(wanted, asking), *_near(wanted))


def _of_fts5(wanted: _Wanted) -> str:
    """All these codes as FTS5 looks for them."""
    return " ".join([*(f'"{code}"' for code in wanted.exact), *(f'"{code}" *' for code in wanted.prefixes)])


def _match(wanted: _Wanted, asking: Asking) -> Condition:
    """Documents with all these codes, and codes that begin so."""
    if asking.is_postgresql:
        asked = " & ".join([*(f"'{code}'" for code in wanted.exact), *(f"'{code}':*" for code in wanted.prefixes)])
        return func.to_tsvector(_SIMPLE, SearchDocument.codes).bool_op("@@")(func.to_tsquery(_SIMPLE, asked))
    if asking.has_fts5:
        matched = _CODES.c[INDEX].bool_op("MATCH")(_of_fts5(wanted))
        return SearchDocument.id.in_(select(_CODES.c.rowid).where(matched))
    parts = [*(f" {code} " for code in wanted.exact), *(f" {code}" for code in wanted.prefixes)]
    return and_(*(SearchDocument.codes.contains(part) for part in parts))


def _term(term: terms.Term, asking: Asking) -> Condition:
    match term:
        case terms.Is(state=state):
            return _state(state, asking)
        case terms.Prop():
            return _property(term, asking)
        case terms.RatedWithin(days=days, rating=rating):
            return Card.id.in_(log_conditions.rated(asking, days=days, rating=rating))
        case terms.ReviewedOn(first=first, last=last):
            return Card.id.in_(log_conditions.reviewed(asking, first=day_of(first), last=day_of(last)))
        case terms.DoneWithin(what=what, days=days):
            return _within(what, days, asking)
        case terms.Flagged(flag=flag):
            return Card.flag == flag
        case terms.Tagged(pattern=pattern):
            return _tagged(pattern, asking)
        case terms.OfNote(pattern=pattern):
            notes = select(Note.id, Note.key, Note.title).where(Note.retired_at.is_(None))
            return SearchDocument.note_id.in_(_named(notes, pattern, asking))
        case terms.OfConcept(pattern=pattern):
            return _of_concepts(_named(select(Concept.id, Concept.key, Concept.term), pattern, asking))
        case terms.OfKind(kind=kind):
            return Card.id.is_not(None) if kind is None else SearchDocument.kind == _KINDS[kind]
        case _:
            assert_never(term)


def _state(state: State, asking: Asking) -> Condition:
    buried = Card.buried_until_day > asking.today
    match state:
        case State.NEW:
            return Card.phase == Phase.NEW
        case State.LEARN:
            return Card.phase.in_(_LEARNING)
        case State.REVIEW:
            return Card.phase.in_(_REVIEW)
        case State.DUE:
            return in_turn(Card, now=asking.now, today=asking.today)
        case State.SUSPENDED:
            return Card.suspended == sql_true()
        case State.BURIED:
            return buried
        case State.BURIED_SIBLING:
            return and_(buried, _by_sibling())
        case State.BURIED_MANUALLY:
            return and_(buried, not_(_by_sibling()))
        case State.LEECH:
            return Card.leech == sql_true()
        case State.MISJUDGED:
            return Card.misjudged_day.is_not(None)


def _by_sibling() -> Condition:
    """Whether a buried card is so for the answer to a sibling, which was the day before it comes back."""
    answer = ReviewLog.id == Card.buried_by, ReviewLog.day == Card.buried_until_day - 1
    return select(ReviewLog.id).where(*answer).exists()


def _property(term: terms.Prop, asking: Asking) -> Condition:
    match term.name:
        case Property.STABILITY:
            return _compared(Card.stability, term, is_whole=False)
        case Property.DIFFICULTY:
            return _compared(Card.difficulty, term, is_whole=False)
        case Property.RETRIEVABILITY:
            return _recall(term, asking)
        case Property.INTERVAL:
            interval = func.coalesce(Card.due_day - Card.last_day, 0)  # as `review.log.statistics` counts it
            return _compared(interval, term, is_whole=True)
        case Property.DUE:
            waits = and_(Card.suspended == false(), func.coalesce(Card.buried_until_day, 0) <= asking.today)
            return and_(waits, _compared(Card.due_day - asking.today, term, is_whole=True))
        case Property.COMES:
            comes = _compared(shown_day(Card) - asking.today, term, is_whole=True)
            return and_(Card.suspended == false(), comes)
        case Property.REPS:
            return _compared(Card.reps, term, is_whole=True)
        case Property.LAPSES:
            return _compared(Card.lapses, term, is_whole=True)
        case Property.RATED:
            spans = [
                log_conditions.reviewed(asking, first=first, last=last)
                for first, last in log_conditions.spans_of(term, asking.today)
            ]
            return or_(*(Card.id.in_(span) for span in spans))
        case Property.RESCHED:
            return Card.id.in_(log_conditions.set_due(asking, log_conditions.spans_of(term, asking.today)))


def _compared(number: Any, term: terms.Prop, *, is_whole: bool) -> Condition:
    half = 0.0 if is_whole else 0.5 * 10.0**-term.places
    compared: Condition
    match term.comparison:
        case Comparison.LESS:
            compared = number < term.value
        case Comparison.MOST:
            compared = number <= term.value
        case Comparison.MORE:
            compared = number > term.value
        case Comparison.LEAST:
            compared = number >= term.value
        case Comparison.EQUAL:
            compared = number.between(term.value - half, term.value + half)
        case Comparison.OTHER:
            compared = not_(number.between(term.value - half, term.value + half))
    return compared


def _recall(term: terms.Prop, asking: Asking) -> Condition:
    """Compare the chance of recall, which falls with the days since the last review, by those days."""
    days = (asking.today - Card.last_day) * 1.0
    half = 0.5 * 10.0**-term.places
    match term.comparison:
        case Comparison.LESS:
            return days > _days_to(term.value, asking)
        case Comparison.MOST:
            return days >= _days_to(term.value, asking)
        case Comparison.MORE:
            return days < _days_to(term.value, asking)
        case Comparison.LEAST:
            return days <= _days_to(term.value, asking)
        case Comparison.EQUAL:
            return and_(days >= _days_to(term.value + half, asking), days <= _days_to(term.value - half, asking))
        case Comparison.OTHER:
            return or_(days < _days_to(term.value + half, asking), days > _days_to(term.value - half, asking))


def _days_to(chance: float, asking: Asking) -> ColumnElement[float | None]:
    """After how many days a card has this chance of recall."""
    return Card.stability * asking.scheduler.stabilities_to(chance)


def _within(what: str, days: int, asking: Asking) -> Condition:
    since = asking.since(days)
    match what:
        case "added":
            return Card.created_at >= since
        case "edited":
            return SearchDocument.question_id.in_(select(Question.id).where(Question.updated_at >= since))
        case "resched":
            return Card.id.in_(log_conditions.set_due(asking, [(asking.today - days + 1, asking.today)]))
        case _:
            return Card.id.in_(log_conditions.introduced(asking, days=days))


def _tagged(pattern: str, asking: Asking) -> Condition:
    if pattern == "*":
        return sql_true()
    if folded(pattern) == "none":
        return SearchDocument.question_id.not_in(select(question_tag.c.question_id))
    is_wanted = _tag_is(pattern, asking)
    ids = [id for id, name in asking.db.execute(select(Tag.id, Tag.name)) if is_wanted(folded(name))]
    return SearchDocument.question_id.in_(select(question_tag.c.question_id).where(question_tag.c.tag_id.in_(ids)))


def _tag_is(pattern: str, asking: Asking) -> Callable[[str], bool]:
    expression = terms.expression_in(pattern)
    if expression is not None:
        return Pattern(expression, asking.steps).finds
    wanted = re.compile(f"{_as_regex(pattern)}(::.*)?", re.DOTALL)
    return lambda name: wanted.fullmatch(name) is not None


def _of_concepts(ids: Collection[int]) -> Condition:
    """The documents of concepts, and of what asks them."""
    asking_them = select(Question.id).where(Question.concept_id.in_(ids))
    of_them = and_(SearchDocument.kind == DocumentKind.CONCEPT, SearchDocument.item_id.in_(ids))
    return or_(of_them, func.coalesce(SearchDocument.question_id.in_(asking_them), false()))


def _named(rows: Select[int, str, str], pattern: str, asking: Asking) -> Collection[int]:
    """The ids of the rows, with their keys and titles, that a pattern names: by the whole key, or else by title.

    A key goes first, so that it names one row, whatever stands in the titles of others.
    """
    named = [(id, folded(key), folded(title)) for id, key, title in asking.db.execute(rows)]
    expression = terms.expression_in(pattern)
    if expression is not None:
        finds = Pattern(expression, asking.steps).finds
        return [id for id, _, title in named if finds(title)]
    wanted, is_part = re.compile(_as_regex(pattern), re.DOTALL), "*" not in pattern
    by_key = [id for id, key, _ in named if is_part and wanted.fullmatch(key)]
    return by_key or [
        id
        for id, key, title in named
        if wanted.fullmatch(key) or wanted.fullmatch(title) or (is_part and folded(pattern) in title)
    ]


def _as_regex(pattern: str) -> str:
    """A pattern with stars as a regular expression.

    What stands between two stars is taken where it first comes and never tried again further on: trying all places
    would take more than a minute for six stars over a title of 200 equal letters.
    """
    first, *more = (re.escape(part) for part in folded(pattern).split("*"))
    return first + "".join(f"(?>.*?{part})" for part in more[:-1]) + "".join(f".*{part}" for part in more[-1:])


def texts_in(node: say.Node) -> Iterator[str]:
    """The pieces of text that a query looks for, not those that it excludes."""
    match node:
        case say.Text(piece=piece):
            yield piece
        case say.Phrase(text=text):
            yield text
        case say.All(parts=parts) | say.Either(parts=parts):
            for part in parts:
                yield from texts_in(part)
        case _:
            return
