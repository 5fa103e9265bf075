"""A mistake is reported from quiz, review and lab, reaches the inbox, and its learner reads what became of it."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from quizapp.admin.questions.queries import Filters, content_list
from quizapp.catalogue.models import ContentDeed, DeedOf, Lab, Question, QuestionEdit, QuestionKind
from quizapp.catalogue.reports.models import ProblemReport, ReportState
from quizapp.catalogue.reports.service import OPEN_MAX
from quizapp.review.service import add_cards
from tests.builders import EDITOR, NOW, a_note, a_question
from tests.web.pages import send, shown_after, token_in

TODAY = date(2026, 11, 29)
ClientAs = Callable[..., FlaskClient]


@pytest.fixture
def question(sessions: sessionmaker[Session]) -> Question:
    """A flashcard of a note for all, detached."""
    return stored(sessions, QuestionKind.FLASHCARD)


def stored(sessions: sessionmaker[Session], kind: QuestionKind) -> Question:
    with sessions() as db:
        made = a_question(db, kind, note=a_note(db))
        db.commit()
        db.refresh(made)
        db.expunge(made)
    return made


def answered(client: FlaskClient, line: str) -> str:
    """Answer the only question of a quiz; its address."""
    at = str(send(client, "/practice", "/practice", note="", length="1").location)
    send(client, at, f"{at}/answer", line=line)
    return at


def reports(sessions: sessionmaker[Session]) -> list[ProblemReport]:
    with sessions() as db:
        return list(db.scalars(select(ProblemReport).order_by(ProblemReport.id)))


def suggested(client: FlaskClient, question: Question, **texts: str) -> None:
    """Report a question with texts to be written anew."""
    page = f"/reports/new?question={question.key}&came_from=review"
    said = {"prompt": question.prompt, "answer": question.answer, "rev": question.rev, "kind": "typo", **texts}
    assert send(client, page, "/reports", question=question.key, came_from="review", **said).status_code == 302


def inbox_of(client: FlaskClient) -> str:
    return " ".join(unescape(client.get("/content/reports").text).split())


def test_from_a_quiz_it_reaches_the_editor_with_what_was_answered(
    client_as: ClientAs, sessions: sessionmaker[Session]
) -> None:
    question, client = stored(sessions, QuestionKind.SHORT), client_as("learner", "Ada")
    at = answered(client, "my very own words")
    page = client.get(at).text
    assert "Report a mistake" in page
    said = {
        "question": question.key,
        "came_from": "quiz",
        "back": at,
        "kind": "wrong",
        "words": "It is not.",
    }
    answer = client.post("/reports", data={"csrf_token": token_in(page), **said})
    assert answer.location == at
    assert "Thanks. An editor reads it" in client.get(at).text
    inbox = inbox_of(client_as("editor", "Grace"))
    assert all(words in inbox for words in ("It is wrong", "It is not.", "my very own words", "Ada, in a quiz"))


def test_who_comes_to_suggest_a_text_finds_what_was_typed_before(
    client_as: ClientAs, sessions: sessionmaker[Session]
) -> None:
    question, client = stored(sessions, QuestionKind.SHORT), client_as("learner")
    at = answered(client, "my very own words")
    page = client.get(at).text
    assert 'formaction="/reports/suggest"' in page
    typed = {"question": question.key, "came_from": "quiz", "back": at, "kind": "outdated", "words": "Since <b>28</b>"}
    form = client.post("/reports/suggest", data={"csrf_token": token_in(page), **typed})
    assert form.status_code == 200
    assert "Since &lt;b&gt;28&lt;/b&gt;</textarea>" in form.text
    assert re.search(r'value="outdated"[^>]* checked', form.text)
    assert question.prompt in unescape(form.text)
    assert "(counted as missed)" in form.text
    assert f'value="{at}"' in form.text
    with sessions() as db:
        assert db.scalars(select(ProblemReport)).all() == [], "it is not sent yet"


def test_the_result_of_a_quiz_leads_to_the_report_of_each_miss(
    client_as: ClientAs, sessions: sessionmaker[Session]
) -> None:
    question, client = stored(sessions, QuestionKind.SHORT), client_as("learner")
    result = client.get(answered(client, "wrong").rsplit("/", 1)[0] + "/result").text
    link = re.search(r'href="(/reports/new\?question=[^"]+)"', result)
    assert link is not None
    assert f'value="{question.key}"' in client.get(unescape(link[1])).text


def test_a_card_leads_to_it_by_a_key_and_with_a_line_only(
    client_as: ClientAs, sessions: sessionmaker[Session], question: Question
) -> None:
    client = client_as("learner")
    with sessions() as db:
        add_cards(db, user=client.user, question_ids=[question.id], now=NOW)  # type: ignore[attr-defined]
        db.commit()
    page = client.get("/review?shown=1").text
    link = re.search(r'<a href="(/reports/new[^"]+)" data-key="r"[^>]+data-needs-line="Reporting a mistake"', page)
    assert link is not None
    form = client.get(unescape(link[1])).text
    back = re.search(r'name="back"[^>]+value="([^"]+)"', form)
    assert back is not None
    assert "Thanks." in shown_after(
        client, unescape(link[1]), "/reports", question=question.key, kind="unclear", back=unescape(back[1])
    )


def test_a_lab_is_reported_by_its_page(client_as: ClientAs, sessions: sessionmaker[Session]) -> None:
    question, client = stored(sessions, QuestionKind.LAB), client_as("learner")
    with sessions() as db:
        facts = {"title": "A bridge", "summary": "", "minutes": 3, "definition": {}, "fingerprint": ""}
        db.add(Lab(slug="bridge", question_id=question.id, **facts))
        db.commit()
    page = client.get("/reports/new?lab=bridge&came_from=lab").text
    assert "A bridge" in page
    assert "Suggest a text" not in page
    said = {"lab": "bridge", "came_from": "lab", "kind": "outdated", "words": "Docker 29 differs."}
    thanks = shown_after(client, "/account", "/reports", **said)
    assert "Thanks. An editor reads it." in thanks  # nothing was answered
    assert [(one.question_id, one.came_from) for one in reports(sessions)] == [(question.id, "lab")]
    inbox = inbox_of(client_as("editor"))
    assert "/labs/bridge" in inbox
    assert "<h2>It is out of date: A bridge</h2>" in inbox  # its task has the names of what each host draws
    assert "<h2>A bridge</h2>" in client.get("/reports").text
    assert "It is out of date" in client.get("/reports").text


def test_a_suggested_text_is_taken_by_one_press_and_its_learner_reads_that(
    client_as: ClientAs, sessions: sessionmaker[Session], question: Question
) -> None:
    learner, editor = client_as("learner", "Ada"), client_as("editor", "Grace")
    suggested(learner, question, answer="Number eleven.")
    inbox = inbox_of(editor)
    assert "<ins> eleven.</ins>" in inbox
    assert "Reports (1)" in editor.get("/content").text
    assert "report waits" in editor.get("/").text
    assert "report waits" not in learner.get("/").text
    shown = shown_after(editor, "/content/reports", f"/content/reports/{reports(sessions)[0].id}/take")
    assert "learners see the suggested text" in shown
    with sessions() as db:
        assert db.get_one(Question, question.id).answer == "Number eleven."
        assert [edit.after["answer"] for edit in db.scalars(select(QuestionEdit))] == ["Number eleven."]
        assert [deed.what for deed in db.scalars(select(ContentDeed))] == [DeedOf.TAKE_REPORT]
    assert "It is mended." in learner.get("/reports").text
    assert "It is mended." in learner.get(f"/reports/new?question={question.key}").text


def test_a_suggestion_for_a_text_that_was_changed_since_overwrites_nothing(
    client_as: ClientAs, sessions: sessionmaker[Session], question: Question
) -> None:
    suggested(client_as("learner"), question, answer="Number eleven.")
    editor = client_as("editor")
    with sessions() as db:
        db.get_one(Question, question.id).answer = "Another one."
        db.commit()
    assert "Take it" not in inbox_of(editor)
    answer = send(editor, "/content/reports", f"/content/reports/{reports(sessions)[0].id}/take")
    assert (answer.status_code, "was changed since" in answer.text) == (409, True)
    with sessions() as db:
        assert db.get_one(Question, question.id).answer == "Another one."
    assert [one.state for one in reports(sessions)] == [ReportState.OPEN]


def test_an_editor_declines_with_a_word_that_the_learner_reads(
    client_as: ClientAs, sessions: sessionmaker[Session], question: Question
) -> None:
    learner, editor = client_as("learner"), client_as("editor")
    suggested(learner, question, words="It is 12.")
    address = f"/content/reports/{reports(sessions)[0].id}/settle"
    refused = send(editor, "/content/reports", address, state="declined", reply=" ")
    assert refused.status_code == 400
    assert "Say in a few words why nothing changes" in refused.text
    assert 'aria-invalid="true"' in refused.text, "the list stays, with the field to fill in"
    assert ">Your report<" not in learner.get("/").text
    assert "Declined." in shown_after(
        editor, "/content/reports", address, state="declined", reply="It is 11 since 2024."
    )
    assert "It is 11 since 2024." in learner.get("/reports").text
    assert re.search(r">Your report<.*Answered", learner.get("/").text, re.DOTALL), "Today says so"
    with sessions() as db:
        for one in db.scalars(select(ProblemReport)):
            one.decided_at = one.decided_at and one.decided_at - timedelta(days=4)
        db.commit()
    assert ">Your report<" not in learner.get("/").text
    late = send(editor, "/content", address, state="taken")
    assert (late.status_code, "Go to the reports" in late.text) == (409, True)


def test_options_are_suggested_and_taken_with_what_is_right(
    client_as: ClientAs, sessions: sessionmaker[Session]
) -> None:
    question, learner, editor = stored(sessions, QuestionKind.SINGLE), client_as("learner"), client_as("editor")
    with sessions() as db:
        right, wrong = [(one.id, one.text) for one in db.get_one(Question, question.id).choices[:2]]
    page = learner.get(f"/reports/new?question={question.key}").text
    assert f'name="option-{right[0]}"' in page
    options = {f"option-{right[0]}": right[1], f"option-{wrong[0]}": "A better one", f"right-{wrong[0]}": "y"}
    both = {**options, f"right-{right[0]}": "y"}
    said = {"question": question.key, "came_from": "review", "kind": "wrong", "rev": question.rev}
    refused = send(learner, f"/reports/new?question={question.key}", "/reports", **said, **both)
    assert refused.status_code == 400
    assert "A better one" in refused.text, "what was typed is there again"
    assert send(learner, f"/reports/new?question={question.key}", "/reports", **said, **options).status_code == 302
    inbox = inbox_of(editor)
    assert "Suggested: option 2" in inbox
    send(editor, "/content/reports", f"/content/reports/{reports(sessions)[0].id}/take")
    with sessions() as db:
        now = [(one.text, one.right) for one in db.get_one(Question, question.id).choices[:2]]
    assert now == [(right[1], False), ("A better one", True)]


def test_a_report_is_a_finding_of_its_question_until_it_is_decided(
    client_as: ClientAs, sessions: sessionmaker[Session], question: Question
) -> None:
    stored(sessions, QuestionKind.FLASHCARD)
    suggested(client_as("learner"), question)
    with sessions() as db:
        listed = content_list(db, filters=Filters(health="reported"), page=1, today=TODAY, editor=EDITOR).rows
        assert [row.key for row in listed] == [question.key]
        assert "reported by a learner" in [mark.word for mark in listed[0].marks]
        assert (
            content_list(db, filters=Filters(sort="needs"), page=1, today=TODAY, editor=EDITOR).rows[0].key
            == question.key
        )
    address = f"/content/reports/{reports(sessions)[0].id}/settle"
    send(client_as("editor"), "/content/reports", address, state="taken")
    with sessions() as db:
        assert content_list(db, filters=Filters(health="reported"), page=1, today=TODAY, editor=EDITOR).found == 0


def test_what_says_nothing_is_asked_for_again_with_what_was_typed(client_as: ClientAs, question: Question) -> None:
    client, page = client_as("learner"), f"/reports/new?question={question.key}"
    for said, sentence in (
        ({"words": "Kept words"}, "Choose what is the matter."),
        ({"kind": "other"}, "Say what is the matter"),
        ({"kind": "typo", "answer": "Mine", "rev": 0}, "was changed while you were writing"),
        ({"kind": "typo", "words": "x" * 2001}, "at most 2000 characters"),
    ):
        answer = send(client, page, "/reports", question=question.key, **said)
        assert (answer.status_code, sentence in answer.text) == (400, True), sentence
        assert said.get("words", "") in answer.text


def test_own_notes_and_drafts_are_not_reported(
    client_as: ClientAs, sessions: sessionmaker[Session], question: Question
) -> None:
    client, draft = client_as("learner"), stored(sessions, QuestionKind.OPEN)
    with sessions() as db:
        own = a_note(db)
        own.owner_id = client.user.id  # type: ignore[attr-defined]
        db.get_one(Question, question.id).note_id = own.id
        db.get_one(Question, draft.id).draft = True
        db.commit()
    for key in (question.key, draft.key, "nowhere", ""):
        assert client.get("/reports/new", query_string={"question": key}).status_code == 404
        assert send(client, "/account", "/reports", question=key, kind="typo").status_code == 404
    assert reports(sessions) == []


def test_a_learner_has_so_many_open_reports_and_one_sent_twice_is_one(
    client_as: ClientAs, sessions: sessionmaker[Session], question: Question
) -> None:
    client = client_as("learner")
    for number in (*range(OPEN_MAX), OPEN_MAX - 1):
        suggested(client, question, words=f"{number}")
    answer = send(client, "/account", "/reports", question=question.key, kind="typo", words="one more")
    assert (answer.status_code, len(reports(sessions))) == (409, OPEN_MAX)
    assert "wait for an editor" in answer.text


def test_no_text_of_a_report_is_markup(
    client_as: ClientAs, sessions: sessionmaker[Session], question: Question
) -> None:
    bad, learner, editor = "<img src=x onerror=alert(1)>", client_as("learner"), client_as("editor")
    suggested(learner, question, words=bad, answer=bad)
    assert bad not in editor.get("/content/reports").text
    address = f"/content/reports/{reports(sessions)[0].id}/settle"
    send(editor, "/content/reports", address, state="declined", reply=bad)
    assert not any(
        bad in client.get(page).text for client, page in ((learner, "/reports"), (editor, "/content/reports"))
    )


def test_enter_behind_a_word_to_the_learner_declines_and_takes_nothing(
    client_as: ClientAs, sessions: sessionmaker[Session], question: Question
) -> None:
    suggested(client_as("learner"), question, answer="Number eleven.")
    (form,) = re.findall(r"<form[^>]+/settle.*?</form>", client_as("editor").get("/content/reports").text, re.DOTALL)
    assert re.findall(r'name="state" value="(\w+)"', form) == ["declined", "taken"]
    assert "/take" not in form
