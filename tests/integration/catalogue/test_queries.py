"""What pages read of the catalogue."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.accounts.models import Role, User
from quizapp.catalogue.articles import lab_links, note_article, queries
from quizapp.catalogue.importing.service import import_content
from quizapp.catalogue.models import Question, QuestionKind
from quizapp.errors import NotFound

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
NOTE = """\
---
id: n-ports
---
# Day {day}: Ports
**Date:** 5th May

## 1. Mapping
* **Publish `-p`:** leads in <!-- id: c-map -->
    * *Card:* Which side of `-p` is the host's? → The first.
* **Expose:** opens nothing

## 2. Questions
1. **Q: Why <i onclick=x>so</i>?** <!-- id: q-why -->
    * *A:* **Because.**
    * *Must:* one; `two`
    * *Source:* https://docs.example.org/   *As of:* 2026-11   *Level:* 2
2. **Q: Which?**
    * *Options:*
        - [x] `a`  *Why:* it *is*
        - [ ] b
3. **Q: No answer yet?**
"""
LAB = """\
id: find-it
title: Find it
summary: Look.
concepts: [c-map]
level: 1
minutes: 3
task: Start `web`.
checks: [{name: runs, run: docker ps, expect: {exit: 0}, hint: No.}]
solutions: [{run: docker run nginx}]
wrong: [{run: 'true', why: Nothing done.}]
reveal: There.
"""


@pytest.fixture(autouse=True)
def content(db: Session, tmp_path: Path) -> None:
    """A note of day 10, one of day 9, and a lab, all imported."""
    folder = tmp_path / "content"
    (folder / "labs" / "find-it").mkdir(parents=True)
    (folder / "labs" / "find-it" / "lab.yaml").write_text(LAB)
    (folder / "a.md").write_text(NOTE.replace("{day}", "10"))
    (folder / "b.md").write_text("# Day 9: Nothing asked\n\n## One\ntext\n")
    import_content(db, folder, now=NOON)


ANYONE = User(id=uuid4(), name="Ada", role=Role.LEARNER)


def question(db: Session, key: str) -> queries.QuestionView:
    return queries.question_view(db, question_id=db.scalars(select(Question.id).where(Question.key == key)).one())


def test_notes_in_the_order_of_their_days(db: Session) -> None:
    nine, ten = queries.list_notes(db, user=ANYONE)
    assert (nine.number, nine.questions, nine.flashcards, nine.sections) == (9, 0, 0, 1)
    assert (ten.key, ten.title, ten.number, ten.date) == ("n-ports", "Ports", 10, "5 May")
    assert (ten.questions, ten.flashcards, ten.labs, ten.sections) == (2, 1, 1, 1)


def test_notes_without_a_day_come_last(db: Session, tmp_path: Path) -> None:
    (tmp_path / "content" / "c.md").write_text("# Above all\n\ntext\n")
    import_content(db, tmp_path / "content", now=NOON)
    assert [note.number for note in queries.list_notes(db, user=ANYONE)] == [9, 10, None]


def test_a_note_to_read(db: Session) -> None:
    article = note_article.note_article(db, user=ANYONE, key="n-ports")
    mapping, asking = article.sections
    assert (mapping.number, mapping.title, mapping.anchor) == ("1", "Mapping", "s-mapping")
    assert [concept.key for concept in mapping.concepts][:1] == ["c-map"]
    assert mapping.concepts[0].term_html == "Publish <code>-p</code>"
    assert "Which side" not in mapping.html
    why, which = asking.questions
    assert (why.key, [choice.right for choice in which.choices]) == ("q-why", [True, False])
    assert [lab.slug for lab in article.labs] == ["find-it"]


def test_what_has_no_answer_is_not_asked(db: Session) -> None:
    article = note_article.note_article(db, user=ANYONE, key="n-ports")
    draft = db.scalars(select(Question.id).where(Question.draft)).one()
    assert draft not in article.to_practise
    assert draft not in article.to_review
    assert len(article.to_practise) == 2


def test_cards_come_in_the_order_of_the_note_with_the_lab_last(db: Session) -> None:
    ids = queries.questions_of_note(db, user=ANYONE, key="n-ports")
    kinds = [db.get_one(Question, one).kind for one in ids]
    assert kinds == [QuestionKind.FLASHCARD, QuestionKind.OPEN, QuestionKind.SINGLE, QuestionKind.LAB]


def test_a_question_with_its_guide(db: Session) -> None:
    view = question(db, "q-why")
    assert view.prompt_html == "<p>Why <i>so</i>?</p>\n"
    assert view.answer_html == "<p><strong>Because.</strong></p>\n"
    assert list(view.must) == ["one", "<code>two</code>"]
    assert (view.level, view.source_url, view.as_of) == (2, "https://docs.example.org/", "2026-11")
    assert view.place is not None
    assert (view.place.note_key, view.place.section, view.place.anchor) == ("n-ports", "Questions", "s-questions")


def test_options_with_their_reasons(db: Session) -> None:
    key = db.scalars(select(Question.key).where(Question.kind == QuestionKind.SINGLE)).one()
    first, second = question(db, key).choices
    assert (first.html, first.right, first.why_html) == ("<code>a</code>", True, "it <em>is</em>")
    assert (second.html, second.right, second.why_html) == ("b", False, "")


def test_labs(db: Session) -> None:
    (lab,) = lab_links.labs(db)
    assert (lab.slug, lab.title, lab.minutes, lab.level) == ("find-it", "Find it", 3, 1)
    assert queries.question_with_lab(db, question_id=lab.question_id)[1] == lab


def test_a_question_that_left_its_file_can_still_be_shown(db: Session, tmp_path: Path) -> None:
    shown = question(db, "q-why")
    (tmp_path / "content" / "a.md").unlink()
    import_content(db, tmp_path / "content", now=NOON)
    db.expire_all()
    assert question(db, "q-why").prompt_html == shown.prompt_html
    with pytest.raises(NotFound):
        note_article.note_article(db, user=ANYONE, key="n-ports")


def test_what_is_not_there(db: Session) -> None:
    with pytest.raises(NotFound):
        note_article.note_article(db, user=ANYONE, key="none")
    with pytest.raises(NotFound):
        queries.questions_of_note(db, user=ANYONE, key="none")
    with pytest.raises(NotFound):
        queries.question_view(db, question_id=0)
