"""Questions that say what is right: imported, recognised after an edit, found, edited in the browser, given back."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp import clock
from quizapp.accounts import service as accounts
from quizapp.accounts.models import Role, User
from quizapp.catalogue.articles.queries import question_view
from quizapp.catalogue.editing.authoring import Unfit, save, wording_of
from quizapp.catalogue.editing.taking_back import take_back
from quizapp.catalogue.kinds.expected import read
from quizapp.catalogue.models import EXPECTING_KINDS, Question, QuestionEdit, QuestionKind
from quizapp.search.index import settle
from quizapp.search.models import SearchDocument
from quizapp.search.tokens import words_of
from tests.integration.catalogue.test_import import NOON, by_prompt
from tests.integration.catalogue.test_markdown_out import given_back, imported

NOTE = """\
# Day 4: Kinds

## Questions

1.  **Q: Which image serves web pages here?**
    *   *Accept:* nginx | `nginx:latest`   *Level:* 2
    *   *A:* It listens on port 80.
    *   *Hint:* It is no Apache.
2.  **Q: How long is the frame?** <!-- id: q-frame -->
    *   *Number:*  1450 +/- 10 bytes
3.  **Q: A network that was made by its user has no name server.**
    *   *True/False:* false
    *   *A:* It is the default bridge that has none.
4.  **Q: In which order is it done?**
    *   *Order:*
        1. build the image
        2. push it to the registry
        3. run it
5.  **Q: Which driver is for what?**
    *   *Match:*
        - bridge → one host
        - overlay -> many hosts
6.  **Q: Fill the gaps.**
    *   *Gaps:* The first bridge is called **docker0 | docker 0**.
"""


@pytest.fixture
def editor(db: Session) -> User:
    return accounts.add_user(db, name="Eve", role=Role.EDITOR, now=clock.now())


def edited(db: Session, question: Question, editor: User, **changed: object) -> None:
    wording = replace(wording_of(question), **changed)
    save(db, question=question, wording=wording, rev=question.rev, editor=editor, now=NOON)


def test_each_label_makes_a_question_of_its_kind_that_can_be_asked(db: Session, tmp_path: Path) -> None:
    imported(db, tmp_path, NOTE.encode())
    asked = db.scalars(select(Question).order_by(Question.position)).all()
    assert [one.kind for one in asked] == list(EXPECTING_KINDS)
    assert not any(one.hidden for one in asked)
    assert all(one.expected is not None and one.expected.kind == one.kind for one in asked)


def test_an_unchanged_import_is_the_file_byte_for_byte_and_another_import_changes_nothing(
    db: Session, tmp_path: Path
) -> None:
    imported(db, tmp_path, NOTE.encode())
    assert given_back(db).decode() == NOTE
    imported(db, tmp_path, f"{NOTE}\n".encode())
    assert set(db.scalars(select(Question.rev))) == {1}


def test_a_longer_explanation_keeps_the_question_and_another_number_does_not(db: Session, tmp_path: Path) -> None:
    imported(db, tmp_path, NOTE.replace(" <!-- id: q-frame -->", "").encode())
    image, frame = by_prompt(db, "Which image").id, by_prompt(db, "How long").id
    changed = NOTE.replace("port 80.", "port 80, and on 443 if told to.").replace("1450", "1500")
    imported(db, tmp_path, changed.replace(" <!-- id: q-frame -->", "").encode())
    assert by_prompt(db, "Which image").id == image
    live = select(Question.id).where(Question.prompt.startswith("How long"), Question.retired_at.is_(None))
    assert db.scalars(live).one() != frame


def test_what_is_right_is_taken_from_the_file_by_the_same_question(db: Session, tmp_path: Path) -> None:
    imported(db, tmp_path, NOTE.encode())
    before = by_prompt(db, "How long").id
    imported(db, tmp_path, NOTE.replace("1450", "1500").encode())
    question = by_prompt(db, "How long")
    assert (question.id, question.expected) == (before, read("number", "1500 ± 10 bytes"))


def test_what_is_right_is_found_by_a_search(db: Session, tmp_path: Path) -> None:
    imported(db, tmp_path, NOTE.encode())
    settle(db)
    texts = db.scalars(select(SearchDocument.words).join(Question, Question.id == SearchDocument.question_id))
    assert sum(words_of("overlay").strip() in words for words in texts) == 1


def test_an_edit_of_what_is_right_changes_its_line_alone(db: Session, tmp_path: Path, editor: User) -> None:
    imported(db, tmp_path, NOTE.encode())
    edited(db, by_prompt(db, "Which image"), editor, expected="nginx | caddy")
    edited(db, by_prompt(db, "How long"), editor, expected="1500 bytes")
    wanted = NOTE.replace("nginx | `nginx:latest`", "nginx | caddy").replace("1450 +/- 10 bytes", "1500 bytes")
    assert given_back(db).decode() == wanted


def test_an_edit_of_an_order_or_of_pairs_changes_their_lines_alone(db: Session, tmp_path: Path, editor: User) -> None:
    imported(db, tmp_path, NOTE.encode())
    order = "build the image\nscan it\npush it to the registry\nrun it"
    edited(db, by_prompt(db, "In which order"), editor, expected=order)
    edited(db, by_prompt(db, "Which driver"), editor, expected="bridge → one host\noverlay → several hosts")
    steps = "        2. push it to the registry\n        3. run it\n"
    more = "        2. scan it\n        3. push it to the registry\n        4. run it\n"
    wanted = NOTE.replace(steps, more).replace("overlay -> many hosts", "overlay → several hosts")
    assert given_back(db).decode() == wanted


def test_an_edit_of_hints_changes_their_lines_alone(db: Session, tmp_path: Path, editor: User) -> None:
    imported(db, tmp_path, NOTE.encode())
    edited(db, by_prompt(db, "Which image"), editor, hints=("It is not Apache.", "It is Russian."))
    wanted = "    *   *Hint:* It is not Apache.\n    *   *Hint:* It is Russian.\n"
    assert given_back(db).decode() == NOTE.replace("    *   *Hint:* It is no Apache.\n", wanted)


def test_an_edit_can_be_taken_back(db: Session, tmp_path: Path, editor: User) -> None:
    imported(db, tmp_path, NOTE.encode())
    question = by_prompt(db, "In which order")
    before = question.expected
    edited(db, question, editor, expected="run it\nbuild the image")
    assert question.expected == read("order", "run it\nbuild the image")
    edit = db.scalars(select(QuestionEdit.id)).one()
    assert take_back(db, edit_id=edit, editor=editor, now=NOON)
    assert (question.expected, question.edited) == (before, False)


def test_what_says_nothing_that_is_right_is_not_saved(db: Session, tmp_path: Path, editor: User) -> None:
    imported(db, tmp_path, NOTE.encode())
    with pytest.raises(Unfit, match="Write a number"):
        edited(db, by_prompt(db, "How long"), editor, expected="long")


def test_a_card_shows_what_is_to_be_done_and_what_is_right(db: Session, tmp_path: Path) -> None:
    imported(db, tmp_path, NOTE.encode())
    order = question_view(db, question_id=by_prompt(db, "In which order").id)
    assert order.task_html.index("push it") < order.task_html.index("run it")
    assert "<ol>" in order.solution_html
    gaps = question_view(db, question_id=by_prompt(db, "Fill").id)
    assert "docker0" not in gaps.task_html
    assert "docker0" in gaps.solution_html


def test_a_kind_may_change_in_the_file(db: Session, tmp_path: Path) -> None:
    imported(db, tmp_path, NOTE.encode())
    imported(db, tmp_path, NOTE.replace("*Number:*  1450 +/- 10 bytes", "*A:* 1450 bytes").encode())
    question = by_prompt(db, "How long")
    assert (question.kind, question.expected, question.hidden) == (QuestionKind.OPEN, None, False)
