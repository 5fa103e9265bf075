"""The page of a quiz session's result: what is told of each miss, where it leads, and the last time."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker

from quizapp.accounts.models import User
from quizapp.catalogue.models import Concept, Note, Question, QuestionKind, Section
from quizapp.catalogue.patches.concept_lines import element_of
from tests.builders import NOW, a_note, a_question
from tests.lab_builders import add_lab
from tests.web.pages import send

Sessions = sessionmaker[Session]
Miss = Callable[..., str]


@pytest.fixture
def learner(client_as: Callable[..., FlaskClient]) -> FlaskClient:
    return client_as("learner")


@pytest.fixture
def miss(learner: FlaskClient) -> Miss:
    """`miss(note_key)` answers a quiz of one question, wrongly unless told otherwise; the page of its result."""

    def miss(note_key: str, **answer: object) -> str:
        url = send(learner, "/practice", "/practice", note=note_key, length=1).location
        send(learner, url, f"{url}/answer", **(answer or {"unknown": "1"}))
        return learner.get(f"{url.rsplit('/', 1)[0]}/result").text

    return miss


def words(page: str) -> str:
    """What the list of misses says, without its marks."""
    told = page[page.index('class="result-list"') : page.index("</ol>")]
    return " ".join(re.sub(r"<[^>]+>", " ", told).split())


def listed(db: Session) -> tuple[Note, Question, Concept]:
    """A note with a section that explains a concept, and a question in a list at its end."""
    note = a_note(db)
    note.sections.append(Section(position=2, title="Interview", anchor="s-list", html="", teaches=False))
    db.flush()
    concept = Concept(key=f"c-{note.key}", position=1, term="Chain", text="", fingerprint="0" * 64)
    note.sections[0].concepts.append(concept)
    question = a_question(db, note=note)
    question.section = note.sections[1]
    db.flush()
    return note, question, concept


def test_a_concepts_marks_of_markdown_are_no_words(miss: Miss, sessions: Sessions, learner: FlaskClient) -> None:
    with sessions() as db:
        note, question, concept = listed(db)
        concept.term, question.concept = "`-P` and **EXPOSE**", concept
        note_key, key = note.key, concept.key
        db.commit()
    assert learner.get("/practice?only=due").status_code == 200
    chosen = learner.get(f"/practice?note={note_key}&concept={key}").text
    assert chosen.count("-P and EXPOSE") == 2, "what there is to tick, and what is chosen"
    assert "-P and EXPOSE</a>" in miss(note_key)


def test_it_says_how_and_when_it_was_run(miss: Miss, sessions: Sessions) -> None:
    with sessions() as db:
        note = a_note(db)
        a_question(db, note=note)
        key = note.key
        db.commit()
    assert re.search(r"Practice, \d+ \w+ \d{4}[^<]*, less than a minute<", miss(key))


def test_a_miss_says_what_was_given_what_is_right_and_why(miss: Miss, sessions: Sessions) -> None:
    with sessions() as db:
        question = a_question(db, note=a_note(db))
        question.prompt = "Does [this](https://example.org) use `nat`?"
        key, wrong = question.note.key, question.choices[2].id  # type: ignore[union-attr]
        db.commit()
    page = miss(key, choices=[str(wrong)])
    assert re.search(r'<h3><a href="/practice/[^"]+/1">Does this use <code>nat</code>\?</a></h3>', page)
    said = words(page)
    assert "You said Option 3 Right is Option 1" in said
    assert "Why 1" in said
    assert "Why 3" in said
    assert "Why 2" not in said


@pytest.mark.parametrize(
    ("kind", "answer", "said"),
    [
        (QuestionKind.SHORT, {"line": "<b>apache"}, "You said &lt;b&gt;apache Right is nginx"),
        (QuestionKind.NUMBER, {"line": "1500 bytes"}, "You said 1500 bytes Right is 1450"),
        (QuestionKind.TRUTH, {"parts": ["true"], "line": "I think"}, "You said True: I think Right is False"),
        (QuestionKind.MATCH, {"parts": ["2", "2"]}, "left two: right one Right is left two: right two Why Number"),
        (QuestionKind.CLOZE, {"parts": ["docker0", "lo"]}, "You said Gap 2: lo Right is Gap 2: eth0"),
        (QuestionKind.SINGLE, {}, "You said That you do not know. Right is Option 1"),
    ],
)
def test_a_miss_of_each_kind(
    miss: Miss, sessions: Sessions, kind: QuestionKind, answer: dict[str, object], said: str
) -> None:
    with sessions() as db:
        key = a_question(db, kind, note=a_note(db)).note.key  # type: ignore[union-attr]
        db.commit()
    assert said in words(miss(key, **answer))


def test_a_missed_order_is_told_in_its_order(miss: Miss, sessions: Sessions) -> None:
    with sessions() as db:
        note = a_note(db)
        a_question(db, QuestionKind.ORDER, note=note)
        note_key = note.key
        db.commit()
    page = words(miss(note_key))
    right = page[page.index("Right is") :]
    assert right.index("first: 1") < right.index("second: 2") < right.index("third: 3")


def test_a_miss_of_an_open_question_says_which_points_it_lacks(learner: FlaskClient, sessions: Sessions) -> None:
    with sessions() as db:
        question = a_question(db, QuestionKind.OPEN, note=a_note(db), must=("one", "two", "three"))
        question.red_flags = ["a flag"]
        key = question.note.key  # type: ignore[union-attr]
        db.commit()
    url = send(learner, "/practice", "/practice", note=key, length=1).location
    send(learner, url, f"{url}/answer", text="My words")
    send(learner, url, f"{url}/mark", points=["1"], red_flags=["0"])
    said = words(learner.get(f"{url.rsplit('/', 1)[0]}/result").text)
    assert "You said My words" in said
    assert "Not said: one Not said: three Said, and wrong: a flag" in said


def test_a_question_of_several_blocks_is_named_by_its_first_words(miss: Miss, sessions: Sessions) -> None:
    with sessions() as db:
        question = a_question(db, note=a_note(db))
        question.prompt = "What does it print?\n\n```\nip -br link\n```\n" + "And so on. " * 40
        key = question.note.key  # type: ignore[union-attr]
        db.commit()
    link = re.search(r"<h3><a [^>]+>([^<]+)</a></h3>", miss(key))
    assert link
    assert link[1].startswith("What does it print? ip -br link And so on.")
    assert len(link[1]) <= 200


def test_the_note_opens_where_another_form_of_the_question_is_explained(
    miss: Miss, learner: FlaskClient, sessions: Sessions
) -> None:
    with sessions() as db:
        note, question, concept = listed(db)
        card = a_question(db, QuestionKind.FLASHCARD, note=note)
        card.concept, card.same_as = concept, question.key
        key, element = note.key, element_of(concept.key)
        db.commit()
    link = re.search(r'href="(/notes/about/\d+)">Read it in the note', miss(key))
    assert link
    assert learner.get(link[1]).location == f"/notes/{key}#{element}"


def test_the_note_opens_where_the_concept_of_its_lab_is_explained(learner: FlaskClient, sessions: Sessions) -> None:
    with sessions() as db:
        note, question, concept = listed(db)
        add_lab(db, slug="a-lab", concepts=["c-nowhere", concept.key])
        question.lab_slug = "a-lab"
        key, element, question_id = note.key, element_of(concept.key), question.id
        db.commit()
    assert learner.get(f"/notes/about/{question_id}").location == f"/notes/{key}#{element}"


def test_the_note_opens_at_that_of_a_labs_concepts_which_is_the_nearest(
    learner: FlaskClient, sessions: Sessions
) -> None:
    with sessions() as db:
        note, question, concept = listed(db)
        near = Concept(key="c-near", position=2, term="Rules", text="They go into DOCKER-USER.", fingerprint="1" * 64)
        note.sections[0].concepts.append(near)
        add_lab(db, slug="a-lab", concepts=[concept.key, near.key])
        question.lab_slug, question.answer = "a-lab", "Into the chain `DOCKER-USER`."
        key, question_id = note.key, question.id
        db.commit()
    assert learner.get(f"/notes/about/{question_id}").location == f"/notes/{key}#concept-c-near"


@pytest.mark.parametrize("has_concept", [True, False])
def test_the_note_opens_where_the_words_of_a_question_are_that_names_nothing(
    learner: FlaskClient, sessions: Sessions, has_concept: bool
) -> None:
    with sessions() as db:
        note, question, concept = listed(db)
        if has_concept:
            concept.term, concept.text = "Masquerade", "It rewrites the source."
        else:
            db.delete(concept)
            note.sections[0].html = "<p>Masquerade rewrites the source.</p>"
        question.prompt, question.answer = "What does masquerade rewrite?", "The source address."
        element = element_of(concept.key) if has_concept else note.sections[0].anchor
        key, question_id = note.key, question.id
        db.commit()
    assert learner.get(f"/notes/about/{question_id}").location == f"/notes/{key}#{element}"


def test_the_note_opens_at_its_beginning_rather_than_at_a_list_of_questions(
    learner: FlaskClient, sessions: Sessions
) -> None:
    with sessions() as db:
        note, question, _ = listed(db)
        key, question_id = note.key, question.id
        db.commit()
    assert learner.get(f"/notes/about/{question_id}").location == f"/notes/{key}"


def test_what_explains_a_question_of_somebody_elses_own_note_is_not_found(
    learner: FlaskClient, client_as: Callable[..., FlaskClient], sessions: Sessions
) -> None:
    other: User = client_as("owner").user  # type: ignore[attr-defined]
    with sessions() as db:
        note, question, _ = listed(db)
        theirs, its_question, _ = listed(db)
        theirs.owner_id, its_question.concept, its_question.same_as = (
            other.id,
            theirs.sections[0].concepts[0],
            question.key,
        )
        key, ids = note.key, (question.id, its_question.id)
        db.commit()
    assert learner.get(f"/notes/about/{ids[0]}").location == f"/notes/{key}"
    assert learner.get(f"/notes/about/{ids[1]}").status_code == 404


def test_a_miss_is_proved_in_the_easiest_lab_on_its_concept(miss: Miss, sessions: Sessions) -> None:
    with sessions() as db:
        note, question, concept = listed(db)
        question.concept = concept
        add_lab(db, slug="harder", concepts=[concept.key]).question.level = 3
        add_lab(db, slug="easier", concepts=[concept.key])
        add_lab(db, slug="gone", concepts=[concept.key]).retired_at = NOW
        add_lab(db, slug="elsewhere", concepts=["c-other"])
        key = note.key
        db.commit()
    page = miss(key)
    assert re.findall(r'href="/labs/([\w-]+)\?[^>]*>\s*Prove it, 4 min', page) == ["easier"]


def test_the_result_is_compared_with_the_last_one_of_the_same_choice(
    learner: FlaskClient, miss: Miss, sessions: Sessions
) -> None:
    with sessions() as db:
        question = a_question(db, note=a_note(db))
        other = a_question(db, note=a_note(db))
        key, right, elsewhere = question.note.key, question.choices[0].id, other.note.key  # type: ignore[union-attr]
        db.commit()
    miss(elsewhere)
    assert "in the last quiz" not in miss(key)
    left = send(learner, "/practice", "/practice", note=key, length=1).location.rsplit("/", 1)[0]
    assert "As many as in the last quiz of 1 question on Docker networking, when 0 of 1 were right." in miss(key)
    send(learner, "/practice", f"{left}/discard")
    assert "1 more than in the last quiz of 1 question on Docker networking, when 0 of 1 were right." in miss(
        key, choices=[str(right)]
    )
    assert "1 fewer than in the last quiz of 1 question on Docker networking, when 1 of 1 were right." in miss(key)
