"""What first answers say on a question's page in Content, and the list by what most needs an editor."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker

from quizapp.accounts.models import Role, User
from quizapp.catalogue.models import Question
from quizapp.labs.runs.events import Checked, CheckResult
from quizapp.labs.runs.models import LabRun
from quizapp.quiz.models import Attempt, QuizSession
from quizapp.review.models import Card
from quizapp.verdicts import Verdict
from tests.builders import NOW, a_note, a_question
from tests.lab_builders import add_lab

Sessions = sessionmaker[Session]


def answered(db: Session, question: Question, *, by: int, first: bool = True, share: float = 1.0) -> None:
    """Answers of so many learners, of whom that share is right."""
    for number in range(by):
        user = User(name=f"{question.key}-{number}-{first}", role=Role.LEARNER, created_at=NOW)
        db.add(user)
        db.flush()
        right = number < share * by
        quiz = QuizSession(user_id=user.id, seed=1, started_at=NOW)
        quiz.attempts.append(
            Attempt(
                question=question,
                position=1,
                answer={"choices": [question.choices[0 if right else 1].id]},
                score=float(right),
                verdict=Verdict.PASS if right else Verdict.FAIL,
                answered_at=NOW,
                is_first=first,
            )
        )
        db.add(quiz)
    db.flush()


@pytest.mark.parametrize(("learners", "said"), [(9, "Figures are shown from 10 on"), (10, "Facility 50 %")])
def test_figures_are_shown_from_ten_learners_on_and_later_answers_do_not_count(
    client_as: Callable[..., FlaskClient], sessions: Sessions, learners: int, said: str
) -> None:
    with sessions() as db:
        question = a_question(db, note=a_note(db))
        answered(db, question, by=learners, share=0.5)
        answered(db, question, by=3, first=False)
        key = question.key
        db.commit()
    page = client_as("editor").get(f"/content/questions/{key}").text
    words = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert said in words
    assert ("3 later answers of the same learners count in none of this" in words) is (learners == 10)


def test_what_most_needs_an_editor_comes_first(client_as: Callable[..., FlaskClient], sessions: Sessions) -> None:
    with sessions() as db:
        fine, too_easy, _, draft = questions = [a_question(db, note=a_note(db)) for _ in range(4)]
        for question in (fine, too_easy, draft):
            question.source_url, question.as_of = "https://docs.example", "2026-11"
        draft.draft = True
        answered(db, too_easy, by=30)
        keys = [question.key for question in questions]
        db.commit()
    page = client_as("editor").get("/content?sort=needs").text
    listed = [key for key in re.findall(r'href="/content/questions/(q-\d+)[?"]', page) if key in keys]
    assert list(dict.fromkeys(listed)) == [keys[3], keys[1], keys[2], keys[0]]
    assert "nearly everybody is right" in page


def test_a_lab_that_cannot_be_trusted_and_a_card_that_is_forgotten_come_before_what_is_fine(
    client_as: Callable[..., FlaskClient], sessions: Sessions
) -> None:
    with sessions() as db:
        fine, forgotten = (a_question(db, note=a_note(db)) for _ in range(2))
        for question in (fine, forgotten):
            question.source_url, question.as_of = "https://docs.example", "2026-11"
        learner = User(name="Ada", role=Role.LEARNER, created_at=NOW)
        db.add(learner)
        db.flush()
        db.add(Card(user_id=learner.id, question_id=forgotten.id, reps=20, leech=True, created_at=NOW))
        lab = add_lab(db)
        run = LabRun(user_id=learner.id, lab_id=lab.id, started_at=NOW, finished_at=NOW)
        for verdict in (Verdict.FAIL, Verdict.PASS):
            check = CheckResult(name="runs", verdict=verdict)
            run.note(Checked(verdict=verdict, said="", typed="", checks=(check,)), now=NOW)
        db.add(run)
        wanted = [lab.question.key, forgotten.key, fine.key]
        db.commit()
    page = client_as("editor").get("/content?sort=needs").text
    listed = [key for key in re.findall(r'href="/content/questions/([\w-]+)[?"]', page) if key in wanted]
    assert list(dict.fromkeys(listed)) == wanted
    assert "a check cannot be trusted" in page
    assert "forgotten again and again" in page
