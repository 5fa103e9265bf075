"""What is assigned, and what learners have done of it: read from their cards, quizzes and runs."""

import csv
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from quizapp.accounts.models import Role, User
from quizapp.accounts.service import add_user
from quizapp.catalogue.models import Note, Question, QuestionKind
from quizapp.classes import assigning, progress_file
from quizapp.classes.assigned_page import OwnItem, assigned_to, assigned_today, item_of, own_items
from quizapp.classes.assignment_progress import AssignedState
from quizapp.classes.models import Assignment, ClassMember, StudyClass
from quizapp.classes.progress_page import class_progress, learner_progress
from quizapp.errors import Conflict
from quizapp.labs.runs.models import LabRun
from quizapp.quiz.models import Attempt, QuizSession, as_asked
from quizapp.review import service as review
from quizapp.review.memory import Rating
from quizapp.review.models import ReviewSource
from quizapp.verdicts import Verdict
from tests.builders import NOW, a_note, a_question
from tests.lab_builders import add_lab

TODAY = NOW.date()
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def teacher(db: Session) -> User:
    return add_user(db, name="Tess", role=Role.LEARNER, now=NOW)


@pytest.fixture
def ada(db: Session) -> User:
    return add_user(db, name="Ada", role=Role.LEARNER, now=NOW)


@pytest.fixture
def taught(db: Session, teacher: User, ada: User) -> StudyClass:
    """A class of Tess with Ada in it."""
    made = StudyClass(name="Containers", zone="Europe/Berlin", made_at=NOW)
    db.add(made)
    db.flush()
    db.add(ClassMember(class_id=made.id, user_id=teacher.id, is_teacher=True, joined_at=NOW))
    db.add(ClassMember(class_id=made.id, user_id=ada.id, joined_at=NOW))
    db.flush()
    return made


def assign(
    db: Session, taught: StudyClass, teacher: User, value: str, *, first: date = TODAY, last: date | None = None
) -> None:
    assigning.assign(db, class_id=taught.id, value=value, first=first, last=last, teacher=teacher, now=NOW)
    db.flush()


def standing(db: Session, taught: StudyClass, learner: User, *, now: datetime = NOW) -> OwnItem:
    """How the learner stands with the one thing that is assigned."""
    assigned = assigned_to(db, class_id=taught.id)
    (one,) = own_items(db, assigned=assigned, learner=learner, now=now)
    return one


def rate(db: Session, user: User, question: Question, at: datetime, rating: Rating = Rating.GOOD) -> None:
    given = {"question_id": question.id, "review_id": uuid4(), "rating": rating, "source": ReviewSource.REVIEW}
    review.rate_question(db, user=user, now=at, **given)  # type: ignore[arg-type]


def quizzed(db: Session, user: User, note: Note, right: list[bool | None], *, at: datetime, first: bool = True) -> None:
    """A quiz that was finished at `at`, an hour after it was begun; a question with None was never answered."""
    quiz = QuizSession(user_id=user.id, note_id=note.id, seed=1, started_at=at - HOUR, finished_at=at)
    questions = [a_question(db) for _ in right]
    for place, (question, is_right) in enumerate(zip(questions, right, strict=True), start=1):
        verdict = None if is_right is None else Verdict.PASS if is_right else Verdict.FAIL
        attempt = Attempt(question=question, position=place, asked=as_asked(question), verdict=verdict)
        attempt.score, attempt.is_first = None if is_right is None else float(is_right), first
        quiz.attempts.append(attempt)
    db.add(quiz)
    db.flush()


def test_a_note_is_done_once_each_of_its_questions_was_answered(
    db: Session, taught: StudyClass, teacher: User, ada: User
) -> None:
    note = a_note(db)
    card, asked, form = (
        a_question(db, kind, note=note) for kind in (QuestionKind.FLASHCARD, *[QuestionKind.SINGLE] * 2)
    )
    form.same_as = card.key
    assign(db, taught, teacher, f"note:{note.key}", last=TODAY)
    assert (standing(db, taught, ada).words, standing(db, taught, ada).is_pressing) == (
        "0 of 2 questions answered",
        True,
    )
    rate(db, ada, card, NOW + HOUR)
    quiz = QuizSession(user_id=ada.id, seed=1, started_at=NOW)
    answered = Attempt(question=asked, position=1, asked=as_asked(asked), verdict=Verdict.FAIL, score=0.0)
    answered.is_first, answered.answered_at = True, NOW + DAY
    quiz.attempts.append(answered)
    db.add(quiz)
    db.flush()
    done = standing(db, taught, ada, now=NOW + 2 * DAY)
    assert (done.words, done.state) == ("2 of 2 questions answered", AssignedState.DONE_LATE)
    assign(db, taught, teacher, f"note:{note.key}", last=TODAY + DAY)  # the same again has other days
    assert standing(db, taught, ada, now=NOW + 2 * DAY).state is AssignedState.DONE
    assert done.done_day == TODAY + DAY


def test_another_notes_form_of_a_question_counts(db: Session, taught: StudyClass, teacher: User, ada: User) -> None:
    note, other = a_note(db), a_note(db)
    here, there = a_question(db, note=note), a_question(db, note=other)
    here.same_as = there.key
    db.flush()
    assign(db, taught, teacher, f"note:{note.key}")
    rate(db, ada, there, NOW)
    assert standing(db, taught, ada).state is AssignedState.DONE


def test_a_quiz_counts_from_the_first_day_on_and_if_it_was_whole(
    db: Session, taught: StudyClass, teacher: User, ada: User
) -> None:
    note = a_note(db)
    for _ in range(6):
        a_question(db, note=note)
    assign(db, taught, teacher, f"quiz:{note.key}", last=TODAY + DAY)
    quizzed(db, ada, note, [True] * 5, at=NOW - DAY)
    assert standing(db, taught, ada).words == "not begun"
    quizzed(db, ada, note, [True] * 4, at=NOW, first=False)
    quizzed(db, ada, note, [True] * 4 + [None], at=NOW, first=False)  # discarded
    assert standing(db, taught, ada).words == "begun"
    quizzed(db, ada, note, [True] * 4 + [False], at=NOW + HOUR, first=False)
    done = standing(db, taught, ada)
    assert (done.words, done.state) == ("finished, 80 % at best", AssignedState.DONE)


def test_a_lab_is_done_once_it_is_passed(db: Session, taught: StudyClass, teacher: User, ada: User) -> None:
    lab = add_lab(db)
    assign(db, taught, teacher, f"lab:{lab.slug}", first=TODAY + DAY, last=TODAY + DAY)
    run = LabRun(user_id=ada.id, lab_id=lab.id, started_at=NOW)
    db.add(run)
    db.flush()
    assert (standing(db, taught, ada).words, standing(db, taught, ada).state) == ("begun", AssignedState.AHEAD)
    assert standing(db, taught, ada, now=NOW + 2 * DAY).state is AssignedState.LATE
    run.verdict, run.finished_at = Verdict.PASS, NOW
    db.flush()
    assert (standing(db, taught, ada).words, standing(db, taught, ada).state) == ("passed", AssignedState.DONE)


@pytest.mark.parametrize(
    ("zone", "day", "begins"),
    [
        ("Europe/Berlin", date(2026, 3, 29), datetime(2026, 3, 28, 23, tzinfo=UTC)),
        ("Africa/Cairo", date(2026, 4, 24), datetime(2026, 4, 23, 22, tzinfo=UTC)),  # its clock has no midnight then
        ("Pacific/Apia", date(2026, 4, 5), datetime(2026, 4, 4, 11, tzinfo=UTC)),
    ],
)
def test_a_day_is_one_of_the_classs_zone(
    db: Session, taught: StudyClass, teacher: User, zone: str, day: date, begins: datetime
) -> None:
    taught.zone = zone
    assign(db, taught, teacher, f"lab:{add_lab(db).slug}", first=day, last=day)
    (made,) = assigned_to(db, class_id=taught.id)
    assert made.from_at == begins
    item = item_of(db, [made])[made.id]
    assert (item.first_day, item.last_day) == (day, day)


def test_whoever_lives_by_another_clock_is_told_the_end_by_it(
    db: Session, taught: StudyClass, teacher: User, ada: User
) -> None:
    assign(db, taught, teacher, f"lab:{add_lab(db).slug}", last=date(2026, 3, 3))
    ada.zone = "America/New_York"
    assert standing(db, taught, ada).until == "Tue 3 Mar, 18:00"
    ada.zone = "Europe/Paris"
    assert standing(db, taught, ada).until is None


def test_only_what_is_for_all_and_there_is_assigned(db: Session, taught: StudyClass, teacher: User, ada: User) -> None:
    own, gone, good = a_note(db, title="Own"), a_note(db, title="Gone"), a_note(db, title="Good")
    for note in (own, gone, good):
        a_question(db, note=note)
    own.owner_id, gone.retired_at = teacher.id, NOW
    db.flush()
    assert [one.value for one in assigning.assignable(db)] == [f"note:{good.key}", f"quiz:{good.key}"]
    for value in (f"note:{own.key}", f"note:{gone.key}", f"lab:{good.key}", "note:\0", "", "x" * 9_000):
        with pytest.raises(assigning.BadAssignment):
            assign(db, taught, teacher, value)
    for first, last in ((TODAY, TODAY - DAY), (date(1, 1, 1), None), (TODAY, date(9999, 12, 31))):
        with pytest.raises(assigning.BadAssignment):
            assign(db, taught, teacher, f"note:{good.key}", first=first, last=last)
    assign(db, taught, teacher, f"note:{good.key}")
    assert [one.item.title for one in assigned_today(db, learner=ada, now=NOW)] == ["Good"]
    good.retired_at = NOW
    db.flush()
    assert assigned_today(db, learner=ada, now=NOW) == []
    assert not class_progress(db, study_class=taught, now=NOW).items[0].item.is_offered


def test_a_class_has_so_many_things_and_no_more(
    db: Session, taught: StudyClass, teacher: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assigning, "ASSIGNED_MAX", 1)
    lab = add_lab(db)
    assign(db, taught, teacher, f"lab:{lab.slug}")
    assign(db, taught, teacher, f"lab:{lab.slug}", last=TODAY)
    with pytest.raises(Conflict):
        assign(db, taught, teacher, f"lab:{add_lab(db, slug='other').slug}")
    (made,) = assigned_to(db, class_id=taught.id)
    assigning.take_back(db, class_id=taught.id, assigned_id=made.id, teacher=teacher, now=NOW)
    assert assigned_to(db, class_id=taught.id) == []


def test_a_teacher_sees_of_a_learner_what_is_assigned_and_no_more(
    db: Session, taught: StudyClass, teacher: User, ada: User
) -> None:
    bob = add_user(db, name="Bob", role=Role.LEARNER, now=NOW)
    db.add(ClassMember(class_id=taught.id, user_id=bob.id))  # invited, and has not joined
    note, other = a_note(db, title="=Docker"), a_note(db)
    card, elsewhere = a_question(db, note=note), a_question(db, note=other)
    assign(db, taught, teacher, f"note:{note.key}", last=TODAY)
    for question, ratings in ((card, (Rating.EASY, Rating.AGAIN)), (elsewhere, (Rating.EASY, Rating.GOOD))):
        for number, rating in enumerate(ratings):
            rate(db, ada, question, NOW + number * 30 * DAY, rating)
    rate(db, ada, elsewhere, NOW + 50 * DAY)
    now = NOW + 51 * DAY
    (row,) = class_progress(db, study_class=taught, now=now).learners
    assert (row.name, row.done, row.late, row.last_day) == ("Ada", 1, 0, (NOW + 30 * DAY).date())
    assert row.retention is not None
    assert (row.retention.passed, row.retention.total) == (0, 1)
    own = learner_progress(db, study_class=taught, learner=ada, zone=ada.zone, now=now)
    (item,) = own.learner.items
    assert item.until == "Mon 2 Mar, 23:00"  # on the learner's own clock; the class has its own
    assert replace(own.learner, items=[replace(item, until=None)]) == row
    assert [(one.title, one.cards, one.due) for one in own.notes] == [("=Docker", 1, 1)]
    lines = list(csv.reader("".join(progress_file.text(class_progress(db, study_class=taught, now=now))).splitlines()))
    day = TODAY.isoformat()
    words = "1 of 1 questions answered"
    last = (NOW + 30 * DAY).date().isoformat()
    assert lines[1:] == [["Ada", "note", "'=Docker", day, day, "done", words, day, "0", last]]


def test_what_is_assigned_goes_with_its_note(db: Session, taught: StudyClass, teacher: User, ada: User) -> None:
    note = a_note(db)
    assign(db, taught, teacher, f"note:{note.key}")
    db.delete(note)
    db.flush()
    db.expire_all()
    assert db.query(Assignment).count() == 0
    assert learner_progress(db, study_class=taught, learner=ada, zone=ada.zone, now=NOW).notes == []


def test_a_larger_class_takes_no_more_statements(db: Session, taught: StudyClass, teacher: User, ada: User) -> None:
    statements: list[str] = []

    def keep(_connection: object, _cursor: object, statement: str, *_others: object) -> None:
        statements.append(statement)

    def taken() -> int:
        db.flush()
        db.expire_all()
        event.listen(db.get_bind(), "before_cursor_execute", keep)
        rows = class_progress(db, study_class=taught, now=NOW + DAY).learners
        event.remove(db.get_bind(), "before_cursor_execute", keep)
        assert {row.items[0].words for row in rows} == {f"{len(questions)} of {len(questions)} questions answered"}
        count = len(statements)
        statements.clear()
        return count

    note = a_note(db)
    questions = [a_question(db, note=note) for _ in range(2)]
    assign(db, taught, teacher, f"note:{note.key}")
    for question in questions:
        rate(db, ada, question, NOW)
    few = taken()
    questions += [a_question(db, note=note) for _ in range(4)]
    learners = [ada, *(add_user(db, name=f"Learner {number}", role=Role.LEARNER, now=NOW) for number in range(4))]
    db.add_all(ClassMember(class_id=taught.id, user_id=one.id, joined_at=NOW) for one in learners[1:])
    for learner in learners:
        for question in questions[2:] if learner is ada else questions:
            rate(db, learner, question, NOW)
    assert taken() == few
