"""What a quiz is drawn from on real databases: several notes and tags, concepts, what is due, minutes."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise
from random import Random
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from quizapp.accounts import service as accounts
from quizapp.accounts.models import Role, User
from quizapp.catalogue.models import Concept, Note, QuestionKind, Tag
from quizapp.quiz import service
from quizapp.quiz.draw import answer_times, question_filter
from quizapp.quiz.draw.selection import Length
from quizapp.quiz.draw.wish import Narrowed, Only, Wish
from quizapp.quiz.given_answer import Given
from quizapp.quiz.models import QuestionDifficulty, QuizSession
from quizapp.review import service as review
from quizapp.review.memory import Rating
from quizapp.review.models import ReviewSource
from tests.builders import NOW, a_note, a_question


def opened(db: Session, user: User, **wished: object) -> QuizSession:
    return service.open_quiz(db, user=user, wish=Wish(**wished), rng=Random(1), now=NOW)  # type: ignore[arg-type]


def drawn(db: Session, user: User, **narrowed: object) -> Sequence[int]:
    quiz = opened(db, user, narrowed=Narrowed(**narrowed))  # type: ignore[arg-type]
    return sorted(attempt.question_id for attempt in quiz.attempts)


def a_concept(db: Session, note: Note, key: str) -> Concept:
    concept = Concept(key=key, position=1, term=key.title(), text="", fingerprint="0" * 64)
    note.sections[0].concepts.append(concept)
    db.flush()
    return concept


def test_of_several_notes_and_tags_each_that_has_one(db: Session, learner: User) -> None:
    notes = [a_note(db) for _ in range(3)]
    ids = [a_question(db, note=note).id for note in notes]
    assert drawn(db, learner, notes=(notes[0].key, notes[2].key)) == [ids[0], ids[2]]
    tagged = [a_question(db) for _ in range(3)]
    for question, name in zip(tagged, ("nat", "dns", "other"), strict=True):
        question.tags = [Tag(name=name)]
    db.flush()
    assert drawn(db, learner, tags=("dns", "nat")) == [tagged[0].id, tagged[1].id]


def test_on_a_concept_are_its_questions_and_other_forms_of_them(db: Session, learner: User) -> None:
    note = a_note(db)
    own, listed, _ = (a_question(db, note=note) for _ in range(3))
    card = a_question(db, QuestionKind.FLASHCARD, note=note)
    own.concept = card.concept = a_concept(db, note, "chains")
    card.same_as = listed.key
    db.flush()
    assert drawn(db, learner, concepts=("chains",)) == [own.id, listed.id]
    assert question_filter.words(db, narrowed=Narrowed(concepts=("chains",))) == "All notes, Chains"
    offered = question_filter.concepts(db, user=learner, notes=[note.key], chosen=[], now=NOW)
    assert [one.term for one in offered] == ["Chains"]


def test_due_are_those_whose_card_waits(db: Session, learner: User) -> None:
    due, known, _ = (a_question(db) for _ in range(3))
    for question, rating in ((due, Rating.AGAIN), (known, Rating.GOOD)):
        review.rate_question(
            db, user=learner, question_id=question.id, review_id=uuid4(),
            rating=rating, source=ReviewSource.QUIZ, now=NOW - timedelta(hours=1), is_begun=True,
        )  # fmt: skip
    db.flush()
    assert drawn(db, learner, only=Only.DUE) == [due.id]


def test_concepts_are_parted(db: Session, learner: User) -> None:
    note = a_note(db)
    concepts = [a_concept(db, note, key) for key in ("one", "two")]
    about = {}
    for number in range(8):
        question = a_question(db, note=note)
        question.concept = concepts[number % 2]
        about[question.id] = number % 2
    db.flush()
    asked = [about[attempt.question_id] for attempt in opened(db, learner).attempts]
    assert all(one != other for one, other in pairwise(asked))


def test_minutes_hold_as_many_as_one_answers_at_ones_own_pace(db: Session, learner: User) -> None:
    for _ in range(30):
        a_question(db)
    assert not answer_times.pace_of(db, user=learner).own
    quiz = opened(db, learner, length=Length(minutes=2))
    assert len(quiz.attempts) == 3  # at the usual 40 seconds
    quiz = opened(db, learner)
    for number, attempt in enumerate(quiz.attempts[:6]):
        at = NOW + timedelta(seconds=12 * (number + 1), hours=number // 5)  # the last one after an hour away
        service.answer(db, user=learner, attempt=attempt, given=Given(is_unknown=True), now=at)
    pace = answer_times.pace_of(db, user=learner)
    assert (pace.own, pace.seconds[QuestionKind.SINGLE]) == ({QuestionKind.SINGLE}, 12.0)
    assert len(opened(db, learner, length=Length(minutes=2)).attempts) == 10


def test_the_pace_is_that_of_the_newest_quizzes(db: Session, learner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(10):
        a_question(db)
    for day, seconds in ((0, 12), (1, 20)):
        quiz = opened(db, learner)
        quiz.started_at = NOW + timedelta(days=day)
        for number, attempt in enumerate(quiz.attempts, 1):
            at = quiz.started_at + timedelta(seconds=seconds * number)
            service.answer(db, user=learner, attempt=attempt, given=Given(is_unknown=True), now=at)
    assert answer_times.pace_of(db, user=learner).seconds[QuestionKind.SINGLE] == 16.0
    monkeypatch.setattr(answer_times, "QUIZZES_READ_MAX", 1)
    assert answer_times.pace_of(db, user=learner).seconds[QuestionKind.SINGLE] == 20.0


@pytest.mark.parametrize(
    ("taken_s", "pace_s"),
    [
        ((30, 10, 20, 50, 40), 30.0),
        ((30, 10, 20, 60, 50, 40), 35.0),
        ((0, 30, 10, 901, 20, 900, 50), 30.0),
        ((1, 2, 3, 4), None),
    ],
    ids=["odd", "even", "none, and away", "too few"],
)
def test_the_pace_is_a_median_of_each_kind(
    db: Session, learner: User, taken_s: Sequence[int], pace_s: float | None
) -> None:
    for kind in (QuestionKind.SINGLE, QuestionKind.OPEN):
        for _ in range(len(taken_s) * 2):
            a_question(db, kind)
    quiz, at = opened(db, learner, length=Length(questions=len(taken_s) * 4)), NOW
    of_kind = [one for one in quiz.attempts if one.question.kind is QuestionKind.SINGLE]
    others = [one for one in quiz.attempts if one.question.kind is QuestionKind.OPEN]
    for attempt, seconds in zip(of_kind, taken_s, strict=False):
        at += timedelta(seconds=seconds)
        attempt.answered_at = at
    for attempt in others[:5]:
        at += timedelta(seconds=77)
        attempt.answered_at = at
    db.flush()
    pace = answer_times.pace_of(db, user=learner)
    wanted = {QuestionKind.OPEN: 77.0, QuestionKind.SINGLE: pace_s}
    assert pace.own == {kind for kind, seconds in wanted.items() if seconds is not None}
    assert {kind: pace.seconds[kind] for kind in pace.own} == {kind: wanted[kind] for kind in pace.own}


def test_of_each_kind_is_counted_what_one_learns_from(db: Session, learner: User) -> None:
    other = accounts.add_user(db, name="Bob", role=Role.LEARNER, now=NOW)
    for owner in (None, learner, other):
        note = a_note(db)
        note.owner_id = None if owner is None else owner.id
        for kind in (QuestionKind.SINGLE, QuestionKind.OPEN, QuestionKind.FLASHCARD):
            a_question(db, kind, note=note)
    a_question(db)
    a_question(db).draft = True
    db.flush()
    counted = question_filter.kinds(db, user=learner, narrowed=Narrowed(), now=NOW)
    assert counted == {QuestionKind.SINGLE: 3, QuestionKind.OPEN: 2}
    asked = db.scalars(question_filter.drawn_from(db, user=learner, narrowed=Narrowed(), now=NOW)).all()
    assert len(asked) == sum(counted.values())


def test_a_wish_is_stored_and_asked_for_again(db: Session, learner: User) -> None:
    note = a_note(db)
    for _ in range(4):
        a_question(db, note=note)
    wish = Wish(narrowed=Narrowed(notes=(note.key,), only=Only.UNSEEN), length=Length(questions=2), suits=True)
    quiz = service.open_quiz(db, user=learner, wish=wish, rng=Random(1), now=NOW)
    db.flush()
    db.expire_all()
    assert (quiz.wish, quiz.title) == (wish, "Docker networking, Only unseen")
    for attempt in quiz.attempts:
        service.answer(db, user=learner, attempt=attempt, given=Given(is_unknown=True), now=NOW)
    again = service.again(db, quiz=quiz, user=learner, rng=Random(1), now=NOW)
    assert again.wish == wish
    assert not {one.question_id for one in again.attempts} & {one.question_id for one in quiz.attempts}
    misses = service.again_with_misses(db, quiz=quiz, user=learner, rng=Random(1), now=NOW)
    assert {one.question_id for one in misses.attempts} == {one.question_id for one in quiz.attempts}
    assert service.again(db, quiz=misses, user=learner, rng=Random(1), now=NOW).wish == wish


@pytest.mark.parametrize("suits", [False, True])
def test_a_quiz_that_suits_asks_what_is_neither_too_easy_nor_too_hard(db: Session, learner: User, suits: bool) -> None:
    ids = [a_question(db, QuestionKind.SHORT).id for _ in range(40)]
    for number, each in enumerate(ids):
        db.add(QuestionDifficulty(question_id=each, value=-6.0 + 0.3 * number, answers=50))
    db.flush()
    hard = {each for number, each in enumerate(ids) if number >= 24}
    asked = {attempt.question_id for attempt in opened(db, learner, suits=suits).attempts}
    assert (len(asked & hard) <= 2) is suits
