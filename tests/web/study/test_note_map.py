"""A note as the map of what one knows: beside each concept at its line, below each section, and each concept's page."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.orm import Session, sessionmaker

from quizapp import clock
from quizapp.accounts.models import User
from quizapp.catalogue.models import Concept, Lab, Note, Question, QuestionKind
from quizapp.labs.runs.models import LabRun
from quizapp.quiz.models import Attempt, QuizSession
from quizapp.review import service as review
from quizapp.review.memory import Rating
from quizapp.review.models import ReviewSource
from quizapp.verdicts import Verdict
from tests.builders import a_note, a_question
from tests.lab_builders import PREDICTED, RIGHT, add_lab
from tests.web.pages import send

Sessions = sessionmaker[Session]


@pytest.fixture
def learner(client_as: Callable[..., FlaskClient]) -> FlaskClient:
    return client_as("learner")


def a_concept(db: Session, note: Note, term: str, *, cards: int = 1) -> Concept:
    """A concept at a line of the note's first section, with cards and a lab."""
    section = note.sections[0]
    place = len(section.concepts) + 1
    concept = Concept(
        key=f"c-{note.key}-{place}", position=place, term=term, text=f"{term} is it.", fingerprint="0" * 64
    )
    section.concepts.append(concept)
    section.html += f"<ul>\n<li><strong>{term}:</strong> it is\n<ul>\n<li>more</li>\n</ul>\n</li>\n</ul>\n"
    for _ in range(cards):
        a_question(db, QuestionKind.FLASHCARD, note=note).concept = concept
    lab = add_lab(db, slug=f"lab-{concept.key}", concepts=[concept.key], title=f"Lab of {term}")
    lab.question.concept, lab.question.section, lab.question.note = concept, section, note
    db.flush()
    return concept


def rate(db: Session, user_id: object, question_id: int, *, days_ago: int = 0) -> None:
    review.rate_question(
        db,
        user=db.get_one(User, user_id),
        question_id=question_id,
        review_id=uuid4(),
        rating=Rating.GOOD,
        source=ReviewSource.REVIEW,
        now=clock.now() - timedelta(days=days_ago),
    )


def cards_of(db: Session, concept: Concept) -> list[int]:
    """The ids of its flashcards."""
    asked = select(Question.id).where(Question.concept_id == concept.id, Question.kind == QuestionKind.FLASHCARD)
    return list(db.scalars(asked.order_by(Question.id)))


def beside(page: str, term: str) -> str:
    """What the page says beside a concept, without its marks."""
    found = re.search(rf'aria-label="What you know of {term}">(.*?)</div>', page, re.DOTALL)
    assert found, page
    return " ".join(re.sub(r"<svg.*?</svg>|<[^>]+>", " ", found[1]).split())


def done(db: Session, user_id: object, slug: str, *, predicted: dict[str, str], happened: dict[str, str]) -> LabRun:
    """A run of a lab that was passed."""
    lab = db.scalars(select(Lab).where(Lab.slug == slug)).one()
    now = clock.now()
    run = LabRun(user_id=user_id, lab_id=lab.id, values={"PORT": "8000"}, started_at=now, finished_at=now)
    run.predictions, run.happened, run.verdict = predicted, happened, Verdict.PASS
    db.add(run)
    db.flush()
    return run


HAPPENED = {"where": RIGHT["say-where"], "why": RIGHT["say-why"]}


def test_what_one_knows_stands_at_the_line_of_the_concept(learner: FlaskClient, sessions: Sessions) -> None:
    with sessions() as db:
        note = a_note(db)
        known, new = a_concept(db, note, "Bridge", cards=2), a_concept(db, note, "Veth")
        for question_id in cards_of(db, known):
            rate(db, learner.user.id, question_id)  # type: ignore[attr-defined]
        key, element = note.key, known.key
        assert new.key != known.key
        db.commit()
    page = learner.get(f"/notes/{key}").text
    assert re.search(
        rf'<li class="concept-item" id="concept-{element}">.*?</div><div class="concept-beside"', page, re.DOTALL
    )
    assert beside(page, "Bridge").startswith("holds 2 d · 2 cards")
    assert beside(page, "Veth").startswith("new · 1 card : Veth Lab: Lab of Veth new")


def test_a_due_card_outweighs_what_holds(learner: FlaskClient, sessions: Sessions) -> None:
    with sessions() as db:
        note = a_note(db)
        concept = a_concept(db, note, "Bridge", cards=2)
        first, second = cards_of(db, concept)
        rate(db, learner.user.id, first)  # type: ignore[attr-defined]
        rate(db, learner.user.id, second, days_ago=40)  # type: ignore[attr-defined]
        key = note.key
        db.commit()
    assert beside(learner.get(f"/notes/{key}").text, "Bridge").startswith("due · 2 cards")


def test_the_last_prediction_that_came_otherwise_is_told(learner: FlaskClient, sessions: Sessions) -> None:
    with sessions() as db:
        note = a_note(db)
        concept = a_concept(db, note, "Bridge")
        done(db, learner.user.id, f"lab-{concept.key}", predicted=PREDICTED, happened=HAPPENED)  # type: ignore[attr-defined]
        key = note.key
        db.commit()
    assert beside(learner.get(f"/notes/{key}").text, "Bridge").endswith("It came otherwise : you said 80 , it was 8080")


def test_labs_stand_under_their_section_and_its_cards_can_be_added_there(
    learner: FlaskClient, sessions: Sessions
) -> None:
    with sessions() as db:
        note = a_note(db)
        a_concept(db, note, "Bridge", cards=2)
        key, anchor = note.key, note.sections[0].anchor
        db.commit()
    foot = learner.get(f"/notes/{key}").text.partition('class="section-foot"')[2].partition("</footer>")[0]
    assert "Lab of Bridge" in foot
    assert "3 cards in this section, none in your reviews" in foot
    answer = send(learner, f"/notes/{key}", "/review/add", note=key, section=anchor)
    assert answer.location == f"/notes/{key}#{anchor}"
    assert "3 in your reviews" in learner.get(f"/notes/{key}").text


def test_a_concept_whose_line_is_not_found_is_told_at_the_sections_end(
    learner: FlaskClient, sessions: Sessions
) -> None:
    with sessions() as db:
        note = a_note(db)
        concept = a_concept(db, note, "Bridge")
        note.sections[0].html = "<p>Prose alone</p>"
        key, element = note.key, concept.key
        db.commit()
    page = learner.get(f"/notes/{key}").text
    assert f'id="concept-{element}"' in page
    assert beside(page, "Bridge").startswith("new")


@pytest.fixture
def asked(app: Flask) -> Iterator[list[str]]:
    """The statements that the application sends."""
    found: list[str] = []

    def note_down(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        found.append(statement)

    engine = app.extensions["engine"]
    event.listen(engine, "before_cursor_execute", note_down)
    yield found
    event.remove(engine, "before_cursor_execute", note_down)


def test_a_note_of_any_size_takes_as_many_statements(
    learner: FlaskClient, sessions: Sessions, asked: list[str]
) -> None:
    taken = []
    with sessions() as db:
        small, large = a_note(db), a_note(db)
        for note, size in ((small, 2), (large, 12)):
            for number in range(size):
                concept = a_concept(db, note, f"Term {number}", cards=3)
                a_question(db, note=note)
                rate(db, learner.user.id, cards_of(db, concept)[0])  # type: ignore[attr-defined]
                done(db, learner.user.id, f"lab-{concept.key}", predicted=PREDICTED, happened=HAPPENED)  # type: ignore[attr-defined]
        keys = small.key, large.key
        db.commit()
    learner.get("/notes")
    for key in keys:
        asked.clear()
        assert learner.get(f"/notes/{key}").status_code == 200
        taken.append(len(asked))
    assert taken[0] == taken[1], asked


def test_a_concepts_page_has_all_that_is_known_of_it(learner: FlaskClient, sessions: Sessions) -> None:
    user_id = learner.user.id  # type: ignore[attr-defined]
    with sessions() as db:
        note = a_note(db)
        concept, other = a_concept(db, note, "The `docker0` bridge", cards=2), a_concept(db, note, "Veth")
        other.text = "Its end is a port of docker0."
        missed = cards_of(db, concept)[1]
        rate(db, user_id, cards_of(db, concept)[0])
        run = done(db, user_id, f"lab-{concept.key}", predicted=PREDICTED, happened=HAPPENED)
        quiz = QuizSession(user_id=user_id, note_id=note.id, seed=1, started_at=clock.now())
        attempt = Attempt(question_id=missed, position=1, verdict=Verdict.FAIL, score=0, answered_at=clock.now())
        quiz.attempts.append(attempt)
        db.add(quiz)
        key, names, run_id = concept.key, other.key, run.id
        db.commit()
        address = f"/practice/{quiz.id}/1"
    page = learner.get(f"/notes/concepts/{key}").text
    assert "<h1>The <code>docker0</code> bridge</h1>" in page
    assert f"/notes/{note_key(page)}#concept-{key}" in page
    assert "holds 2 d" in page
    assert "not in your reviews" in page
    assert f"/labs/runs/{run_id}" in page
    assert "as predicted" in page
    assert address in page
    assert f'/notes/concepts/{names}">Veth' in page


def note_key(page: str) -> str:
    """The key of the note that the page links to."""
    return re.findall(r'href="/notes/(n-\d+)"', page)[0]


def test_a_concept_has_one_next_step(learner: FlaskClient, sessions: Sessions) -> None:
    user_id = learner.user.id  # type: ignore[attr-defined]
    with sessions() as db:
        note = a_note(db)
        concept = a_concept(db, note, "Bridge")
        (card,) = cards_of(db, concept)
        lab = db.scalars(select(Lab.question_id)).one()
        key = concept.key
        db.commit()

    def step() -> list[str]:
        page = learner.get(f"/notes/concepts/{key}").text
        return [" ".join(text.split()) for text in re.findall(r'button-primary"[^>]*>\s*([^<]+)', page)]

    assert step() == ["Add 1 card to your reviews"]
    added = send(
        learner, f"/notes/concepts/{key}", "/review/add", note=note_key_of(sessions), concept=key, then="concept"
    )
    assert added.location == f"/notes/concepts/{key}"
    assert step() == ["Do the lab, 4 min: Lab of Bridge"]
    with sessions() as db:
        rate(db, user_id, card, days_ago=40)
        db.commit()
    assert step() == ["Review 1 card of it"]
    with sessions() as db:
        rate(db, user_id, card)
        rate(db, user_id, lab)
        db.commit()
    assert step() == ["Read it in the note"]


def note_key_of(sessions: Sessions) -> str:
    """The key of the one note."""
    with sessions() as db:
        return db.scalars(select(Note.key)).one()


def test_a_concept_of_somebody_elses_own_note_is_not_there(
    learner: FlaskClient, client_as: Callable[..., FlaskClient], sessions: Sessions
) -> None:
    owner: User = client_as("learner").user  # type: ignore[attr-defined]
    with sessions() as db:
        note = a_note(db)
        concept = a_concept(db, note, "Bridge")
        note.owner_id = owner.id
        key = concept.key
        db.commit()
    assert learner.get(f"/notes/concepts/{key}").status_code == 404


def test_a_search_leads_to_the_concepts_page(learner: FlaskClient, sessions: Sessions) -> None:
    with sessions() as db:
        key = a_concept(db, a_note(db), "Masquerade").key
        db.commit()
    assert f'href="/notes/concepts/{key}"' in learner.get("/search?q=kind:concept").text


def test_the_note_is_read_alone_until_that_is_left(learner: FlaskClient, sessions: Sessions) -> None:
    with sessions() as db:
        key = a_note(db).key
        db.commit()
    assert "data-reading>" not in learner.get(f"/notes/{key}").text
    assert '<div class="note-page" data-reading>' in learner.get(f"/notes/{key}?reading=on").text
    kept = learner.get(f"/notes/{key}").text
    assert '<div class="note-page" data-reading>' in kept
    assert 'reading=off" data-reading-toggle' in kept
    learner.get(f"/notes/{key}?reading=off")
    assert "data-reading>" not in learner.get(f"/notes/{key}").text


def test_without_a_script_a_note_is_searched_on_the_search_page(learner: FlaskClient, sessions: Sessions) -> None:
    with sessions() as db:
        note = a_note(db)
        a_concept(db, note, "Masquerade")
        a_concept(db, a_note(db), "Masquerade")
        key = note.key
        db.commit()
    answer = learner.get(f"/notes/{key}/find?q=masquerade kind:concept", follow_redirects=True)
    assert answer.request.args["q"] == f'note:"{key}" masquerade kind:concept'
    assert "1 result<" in answer.text
    assert learner.get("/notes/n-nowhere/find?q=x").status_code == 404
