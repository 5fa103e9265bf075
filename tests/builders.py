"""Rows for tests, made the short way. Each returns a flushed row."""

from datetime import UTC, datetime
from itertools import count
from uuid import UUID

from sqlalchemy.orm import Session

from quizapp.accounts.models import Role, User
from quizapp.catalogue.kinds.expected import read
from quizapp.catalogue.models import Choice, Note, Question, QuestionKind, Section
from quizapp.review import rating as rating_of
from quizapp.review.memory import Rating
from quizapp.review.models import ReviewSource
from quizapp.review.rating import Rated, Review

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)  # a Monday noon
# What is right in a question of each kind that says so, as it is written in a note.
EXPECTED = {
    QuestionKind.SHORT: "nginx | `nginx:latest`",
    QuestionKind.NUMBER: "1450 ± 10 bytes",
    QuestionKind.TRUTH: "false",
    QuestionKind.ORDER: "first\nsecond\nthird",
    QuestionKind.MATCH: "left one → right one\nleft two → right two\n→ decoy",
    QuestionKind.CLOZE: "One is called **docker0** and the other **eth0 | eth1**.",
}
EDITOR = User(id=UUID(int=7), name="Any editor", role=Role.EDITOR, is_limited=False, created_at=NOW)  # in no database
_numbers = count(1)


def a_note(db: Session, *, title: str = "Docker networking") -> Note:
    """A note with one section."""
    number = next(_numbers)
    note = Note(key=f"n-{number}", path=f"{number}.md", title=title, convention="note", source="", imported_at=NOW)
    note.sections.append(Section(position=1, title="Bridges", anchor=f"s-{number}", html="<p>Text</p>", teaches=True))
    db.add(note)
    db.flush()
    return note


def a_question(
    db: Session, kind: QuestionKind = QuestionKind.SINGLE, *, note: Note | None = None, must: tuple[str, ...] = ()
) -> Question:
    """A question; of four options the first, or the first two, are right; see EXPECTED for other kinds."""
    number = next(_numbers)
    question = Question(
        key=f"q-{number}",
        kind=kind,
        note=note,
        section=note.sections[0] if note is not None else None,
        position=number,
        prompt=f"What is number {number}?",
        answer=f"Number {number}.",
        must=list(must),
        fingerprint=f"{number:064}",
        updated_at=NOW,
    )
    if kind in EXPECTED:
        question.expected = read(kind.value, EXPECTED[kind])
    right = {QuestionKind.SINGLE: 1, QuestionKind.MULTIPLE: 2}.get(kind, 0)
    if right:
        question.choices = [
            Choice(position=position, text=f"Option {position}", right=position <= right, why=f"Why {position}")
            for position in range(1, 5)
        ]
    db.add(question)
    db.flush()
    return question


def rate_card(
    db: Session,
    *,
    user: User,
    card_id: UUID,
    review_id: UUID,
    rating: Rating,
    source: ReviewSource,
    now: datetime,
    seen_version: int,
    taken_ms: int | None,
) -> Rated:
    """Rate a card in the session's transaction; the session then reads anew what it has of it."""
    db.flush()
    review = Review(id=review_id, rating=rating, source=source, taken_ms=taken_ms)
    rated = rating_of.rate(
        db.connection(), user=user, card_id=card_id, review=review, seen_version=seen_version, now=now
    )
    db.expire_all()
    return rated
