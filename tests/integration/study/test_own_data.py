"""A learner's export of everything: no table of theirs is forgotten, and nothing in it signs anybody in."""

import json
from uuid import uuid4

from sqlalchemy.orm import Session

from quizapp.accounts.models import Role, User
from quizapp.catalogue.models import QuestionKind
from quizapp.db import Base
from quizapp.quiz.models import Attempt, QuizSession, as_asked
from quizapp.study.personal_data import LISTS, SECRET, everything
from quizapp.study.personal_files import TextForm, file_name
from quizapp.verdicts import Verdict
from tests.belonging import ACCOUNT, tables_of_a_person
from tests.builders import NOW, a_note, a_question

# Tables that belong to a person, or hang on something of a person's, and are not in the export.
LEFT_OUT = {
    "assignment": "it is of a class, and names notes for all alone",
    "day_load": "it is counted from the cards, which are in the export",
    "section": "it is made of the text of its note, which is in the export",
    "concept": "it is made of the text of its note, which is in the export",
    "conflict": "no own note has one: both sides of it are questions of files",
    "section_change": "only of notes for all it is kept what their sections said before",
    "stale_question": "only questions for all wait for an editor",
    "lab": "it is a file of the content folder, and nobody's own",
    "lab_source": "it is the text of a lab, which is nobody's own",
    "lab_verification": "it is what a lab's text came to on hosts, and nobody's own",
    "question_difficulty": "it is an estimate from the answers of everybody, and nobody's own",
    "note_edit": "it says what a note for all was before a change; that its person changed it is in content_deeds",
    "note_import": "it says which files need not be read again, and no own note is a file",
    "note_here": "only notes that are files have one, and no own note is a file",
    "second_factor": "it is a key for sign-ins and says nothing of what its person did",
    "recovery_code": "it is a key for one sign-in and says nothing of what its person did",
    "sign_in_link": "it is a key for one sign-in and says nothing of what its person did",
}


def said_of(db: Session, user: User) -> dict[str, list[dict[str, object]]]:
    db.flush()
    said: dict[str, list[dict[str, object]]] = json.loads("".join(everything(db, user=user)))
    return said


def test_every_table_of_a_person_is_exported_or_left_out_with_a_reason() -> None:
    exported = {table for one in LISTS for table in one.tables}
    assert tables_of_a_person(Base.metadata) - {ACCOUNT} == exported | set(LEFT_OUT)
    assert not exported & set(LEFT_OUT)


def test_a_quiz_answer_is_in_it_with_what_was_asked(db: Session, learner: User) -> None:
    question = a_question(db)
    quiz = QuizSession(user_id=learner.id, seed=1, started_at=NOW)
    answer = {"choices": [question.choices[0].id]}
    quiz.attempts.append(
        Attempt(
            question=question,
            position=1,
            asked=as_asked(question),
            choice_order=[1],
            answer=answer,
            verdict=Verdict.PASS,
            score=1.0,
        )
    )
    db.add(quiz)
    (said,) = said_of(db, learner)["quiz_answers"]
    assert (said["answer"], said["verdict"], said["question"]) == (answer, "pass", question.key)
    assert question.prompt in json.dumps(said["asked"])


def test_the_text_of_own_notes_is_in_it_and_nobody_elses(db: Session, learner: User) -> None:
    own, other = a_note(db), a_note(db)
    own.owner_id, own.source, other.owner_id = learner.id, "# Größe", uuid4()
    asked = a_question(db, note=own)
    said = said_of(db, learner)
    assert [note["source"] for note in said["notes"]] == ["# Größe"]
    assert [row["key"] for row in said["note_questions"]] == [asked.key]
    assert [row["text"] for row in said["note_options"]] == [choice.text for choice in asked.choices]


def test_what_is_right_in_an_own_question_is_in_it_by_its_parts(db: Session, learner: User) -> None:
    note = a_note(db)
    note.owner_id = learner.id
    a_question(db, QuestionKind.NUMBER, note=note)
    (said,) = said_of(db, learner)["note_questions"]
    assert said["expected"] == {"kind": "number", "value": "1450", "tolerance": "10", "unit": "bytes"}


def test_all_settings_are_in_it_but_nothing_that_signs_in(db: Session, learner: User) -> None:
    learner.interview_day, learner.new_per_day, learner.password_hash = 20_500, 7, "hash"
    said = json.loads("".join(everything(db, user=learner)))["learner"]
    assert (said["interview_day"], said["new_per_day"], said["new_order"]) == (20_500, 7, "mixed")
    assert set(said) == {column.key for column in User.__table__.columns} - SECRET


def test_the_file_is_named_after_its_learner(db: Session) -> None:
    stranger = User(name="Eve / ../x", role=Role.LEARNER, created_at=NOW)
    assert file_name(stranger, TextForm.CSV) == "reviews-eve------x.csv"
    assert file_name(stranger, None) == "notes-eve------x.zip"
