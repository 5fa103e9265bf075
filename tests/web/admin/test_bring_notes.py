"""Bringing notes in the browser: a preview that stores nothing, then the import."""

import re
from collections.abc import Callable, Sequence
from html import unescape
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from quizapp.catalogue.importing.sent_notes import SENT_MAX_BYTES
from quizapp.catalogue.models import Note, Question
from quizapp.review.models import Card
from quizapp.web.whole_requests import MAX_BODY_BYTES
from tests.unit.catalogue.packages.test_anki_package import old as anki_package
from tests.web.pages import send, token_in

ClientAs = Callable[..., FlaskClient]
URL = "/content/import"
NOTE = """\
# Ports
## Questions
1.  **Q: What does `-p 80:8080` publish?**
    *   *A:* Port 8080 of the container, on the host's port 80.
"""
TWO = NOTE + "2.  **Q: And `-P`?**\n    *   *A:* Every exposed port, each on a free one.\n"


def zipped(**notes: str) -> BytesIO:
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        for name, text in notes.items():
            archive.writestr(name.replace("_", "."), text)
    file.seek(0)
    return file


def closed(answer: TestResponse) -> TestResponse:
    """The answer. Werkzeug 3.1's client keeps a form of over 500 KiB in a file, which it leaves open."""
    for each in (*answer.history, answer):
        each.request.environ["wsgi.input"].close()
    return answer


def previewed(client: FlaskClient, text: str = "", *files: tuple[BytesIO, str], name: str = "") -> TestResponse:
    sent = {"text": text.replace("\n", "\r\n"), "name": name, "files": list(files)}
    return closed(send(client, URL, f"{URL}/preview", **sent))


def confirmed(client: FlaskClient, page: str, *, agreed: bool = False, ticked: Sequence[str] = ()) -> TestResponse:
    """What a browser gets for the preview's one button."""
    paths = re.findall(r'name="notes-\d+-path" value="([^"]*)"', page)
    texts = re.findall(r'name="notes-\d+-content" value="([^"]*)"', page)
    assert len(paths) == len(texts) > 0
    sent = {f"notes-{number}-path": unescape(path) for number, path in enumerate(paths)}
    sent |= {f"notes-{number}-content": unescape(text) for number, text in enumerate(texts)}
    sent |= {"may_retire": "y"} if agreed else {}
    data = {"csrf_token": token_in(page), "keep": list(ticked), **sent}
    return closed(client.post(URL, data=data, follow_redirects=True))


def counted(sessions: sessionmaker[Session]) -> tuple[int, int]:
    """Notes and questions that are asked."""
    with sessions() as db:
        notes = db.scalar(select(func.count()).select_from(Note).where(Note.retired_at.is_(None)))
        questions = db.scalar(select(func.count()).select_from(Question).where(Question.retired_at.is_(None)))
        return notes or 0, questions or 0


def test_a_preview_shows_what_was_understood_and_stores_nothing(
    client_as: ClientAs, sessions: sessionmaker[Session]
) -> None:
    page = previewed(client_as("editor"), NOTE)
    assert page.status_code == 200
    assert "1 question, 1 answered" in page.text
    assert "<code>-p 80:8080</code>" in page.text
    assert counted(sessions) == (0, 0)


def test_one_press_later_it_is_a_note_that_can_be_read(client_as: ClientAs, sessions: sessionmaker[Session]) -> None:
    client = client_as("editor")
    page = confirmed(client, previewed(client, NOTE).text)
    assert '<h1 dir="auto">Ports</h1>' in page.text
    assert page.request.path.startswith("/notes/")
    assert "Imported: “Ports” with 1 question." in page.text
    with sessions() as db:
        assert db.scalars(select(Note.source)).one() == NOTE, "byte for byte, without the browser's line ends"


def test_a_note_without_a_title_has_the_same_one_before_and_after(
    client_as: ClientAs, sessions: sessionmaker[Session]
) -> None:
    client, text = client_as("learner"), "Kubernetes interview prep\n\nQ: What is a pod?\nA: A group.\n"
    for _ in range(2):  # the second time it takes its own place
        page = previewed(client, text).text
        assert "<h3>Kubernetes interview prep</h3>" in page
        assert '<h1 dir="auto">Kubernetes interview prep</h1>' in confirmed(client, page).text
    assert counted(sessions) == (1, 1)


def test_a_note_that_is_brought_again_takes_its_own_place(client_as: ClientAs, sessions: sessionmaker[Session]) -> None:
    client = client_as("editor")
    confirmed(client, previewed(client, TWO).text)
    page = previewed(client, NOTE.replace("container,", "container"))
    assert "changed, schedules stay" in page.text
    assert "asked no more" in page.text
    assert "1 question of the note as it was will be asked no more" in page.text
    assert 'name="may_retire"' in page.text
    held = confirmed(client, page.text)
    assert held.status_code == 409
    assert "nothing of it was stored" in held.text
    assert counted(sessions) == (1, 2)
    confirmed(client, held.text, agreed=True)
    assert counted(sessions) == (1, 1)


@pytest.mark.parametrize("is_edit", [True, False])
def test_what_may_be_an_edit_or_another_fact_is_asked_by_a_tick(
    client_as: ClientAs, sessions: sessionmaker[Session], is_edit: bool
) -> None:
    client = client_as("editor")
    one = "# Ports\n## Questions\n1.  **Q: Which port does PostgreSQL use?**\n    *   *A:* 5432\n"
    confirmed(client, previewed(client, one).text)
    page = previewed(client, one.replace("PostgreSQL", "MySQL").replace("5432", "3306")).text
    tokens = [unescape(token) for token in re.findall(r'name="keep" value="([^"]+)"', page)]
    assert len(tokens) == 1
    assert "is an edit of “Which port does PostgreSQL use? → 5432”" in page
    assert 'name="may_retire"' not in page
    confirmed(client, page, ticked=tokens if is_edit else [])
    with sessions() as db:
        assert db.scalar(select(func.count()).select_from(Question)) == (1 if is_edit else 2)
    assert counted(sessions) == (1, 1)


def test_a_note_keeps_its_place_when_its_title_is_changed(client_as: ClientAs, sessions: sessionmaker[Session]) -> None:
    client = client_as("editor")
    note = confirmed(client, previewed(client, NOTE).text).request.path
    form = client.get(URL, query_string={"note": note.removeprefix("/notes/")}).text
    (name,) = re.findall(r'name="name" type="hidden" value="([^"]+)"', form)
    confirmed(client, previewed(client, NOTE.replace("# Ports", "# Published ports"), name=name).text)
    assert counted(sessions) == (1, 1)


def test_an_import_of_the_content_folder_leaves_it_alone(client_as: ClientAs, sessions: sessionmaker[Session]) -> None:
    client = client_as("editor")
    confirmed(client, previewed(client, NOTE).text)
    folder = client.application.extensions["settings"].content_dir
    folder.mkdir(exist_ok=True)
    result = client.application.test_cli_runner().invoke(args=["content", "import", str(folder)])
    assert result.exit_code == 0, result.output
    assert counted(sessions) == (1, 1)


def test_a_text_file_that_is_no_bank_is_read_as_if_it_were_pasted(
    client_as: ClientAs, sessions: sessionmaker[Session]
) -> None:
    client, text = client_as("learner"), "Web servers\n\nQ1. What is a proxy?\nAns: It speaks for another.\n"
    page = previewed(client, "", (BytesIO(text.encode()), "found.txt")).text
    assert "It speaks for another." in page
    assert "1 question, 1 answered" in page
    assert confirmed(client, page).request.path.startswith("/notes/")
    assert counted(sessions) == (1, 1)
    page = previewed(client, "", (BytesIO(b"Which port?\nA. 80\nB. 443\nANSWER: B\n"), "bank.txt")).text
    assert "read as Aiken" in page, "a bank is one still"
    page = previewed(client, "", (BytesIO(b"<p>A page.</p>"), "page.html")).text
    assert "Save its text as Markdown (.md), or paste it into Bring notes." in page


def test_nothing_sent_is_said_in_the_form(client_as: ClientAs) -> None:
    page = previewed(client_as("editor"), "  ")
    assert page.status_code == 400
    assert "There is nothing to import yet" in page.text


@pytest.mark.parametrize("title", ["<script>alert(1)</script>", "../../etc/passwd", "browser:browser:x", "..."])
def test_a_hostile_title_is_a_text(client_as: ClientAs, sessions: sessionmaker[Session], title: str) -> None:
    client = client_as("editor")
    page = previewed(client, f"# {title}\n\n</textarea><script>alert(2)</script>\n\n{NOTE[8:]}")
    assert "<script>alert" not in page.text
    assert confirmed(client, page.text).status_code == 200
    with sessions() as db:
        (path,) = db.scalars(select(Note.path))
    assert re.fullmatch(r"browser:[\w-]+", path)


def test_a_bank_of_another_tool_is_brought_like_a_note(client_as: ClientAs, sessions: sessionmaker[Session]) -> None:
    client = client_as("editor")
    page = previewed(client, "", (BytesIO(b"::Ports:: Which flag publishes all? {=-P ~-p}\n"), "bank.gift"))
    assert "one right option" in page.text
    confirmed(client, page.text)
    assert counted(sessions) == (1, 1)
    assert "Change its text" not in client.get(URL).text, "its file is not kept"


def test_each_line_is_shown_with_what_became_of_it(client_as: ClientAs) -> None:
    page = previewed(client_as("editor"), NOTE).text
    uses = re.findall(r'<td class="number">(\d+)</td><td>([^<]*)</td>', page)
    assert uses[:4] == [("1", "title"), ("2", "section"), ("3", "question"), ("4", "answer")]


def test_what_no_preview_made_is_refused(client_as: ClientAs, sessions: sessionmaker[Session]) -> None:
    sent = {"notes-0-path": "browser:x", "notes-0-content": "no base64!"}
    assert send(client_as("editor"), URL, URL, **sent).status_code == 400
    assert counted(sessions) == (0, 0)


def test_as_much_as_is_promised_fits_from_the_paste_to_the_import(
    client_as: ClientAs, sessions: sessionmaker[Session]
) -> None:
    client = client_as("editor")
    long = NOTE + "\n## More\n" + f"{'word ' * 30}\n\n" * 7_000
    assert MAX_BODY_BYTES < len(long) < SENT_MAX_BYTES
    confirmed(client, previewed(client, long).text)
    assert counted(sessions) == (1, 1)
    assert "at most 2048 fit" in previewed(client, long + long).text


def test_two_pastes_without_a_title_are_two_notes(client_as: ClientAs, sessions: sessionmaker[Session]) -> None:
    client = client_as("editor")
    for question in ("What is a bridge?", "What is a veth pair?"):
        confirmed(client, previewed(client, f"Q: {question}\nA: It carries frames.\n").text)
    assert counted(sessions) == (2, 2)


def test_a_note_without_questions_for_a_page_offers_no_quiz(client_as: ClientAs) -> None:
    client = client_as("editor")
    before = previewed(client, "# Only text\n\nNothing is asked.\n").text
    assert "write “Q: What is a pod?” on one line" in before
    page = confirmed(client, before)
    assert "Imported: “Only text” to read, without a question." in page.text
    assert "Be quizzed" not in page.text
    assert "All its cards" not in page.text


def test_drafts_alone_are_not_called_ready_for_a_review(client_as: ClientAs) -> None:
    client = client_as("editor")
    page = confirmed(client, previewed(client, "# Ports\n\nQ: Which?\n\nQ: Whose?\n").text)
    assert "with 2 questions. There is nothing to review until one has an answer." in page.text


def test_what_is_shown_of_two_with_one_name_is_what_is_imported(
    client_as: ClientAs, sessions: sessionmaker[Session]
) -> None:
    client = client_as("editor")
    page = previewed(client, NOTE, (BytesIO(TWO.encode()), "ports.md"), (zipped(ports_md="# Ports\n"), "all.zip"))
    assert page.text.count("has the same name") == 2
    confirmed(client, page.text)
    with sessions() as db:
        assert db.scalars(select(Note.source)).one() == NOTE


def test_a_nul_in_a_paste_is_told_with_its_line_and_the_text_stays(client_as: ClientAs) -> None:
    page = previewed(client_as("editor"), NOTE + "a line with \0 in it\n")
    assert page.status_code == 200
    assert "Line 5: The file holds NUL characters" in page.text
    assert "# Ports\r\n" in page.text or "# Ports\n" in page.text


def test_a_nul_elsewhere_is_told_in_a_sentence(client_as: ClientAs) -> None:
    answer = send(client_as("editor"), "/practice", "/practice", note="a\0b", length=5)
    assert answer.status_code == 400
    assert "holds a NUL character" in answer.text


def test_the_preview_shows_answers_and_which_options_are_right(client_as: ClientAs) -> None:
    options = "2.  **Q: Which publishes?**\n    *   [x] `-p`\n    *   [ ] `-d`\n"
    page = previewed(client_as("editor"), NOTE + options).text
    assert "Port 8080 of the container" in page.split("Line by line")[0]
    assert "✓ <code>-p</code>" in page
    assert "✗ <code>-d</code>" in page


def test_the_preview_shows_what_is_said_of_options_and_no_bullet_beside_their_signs(client_as: ClientAs) -> None:
    exam = "# Exam\n\n1. Which port?\nA. 80\nB. 443\nAnswer: B\nExplanation: It is registered.\n"
    options = "2. **Q: Which publishes?**\n   - [x] `-p` *Why:* it maps\n   - [ ] `-d` *Why:* it detaches\n"
    shown = previewed(client_as("editor"), exam).text.split("Line by line")[0]
    assert "<p>✗ 80<br>\n✓ 443</p>\n<p>It is registered.</p>" in shown
    shown = previewed(client_as("editor"), NOTE + options).text.split("Line by line")[0]
    assert "✓ <code>-p</code>: it maps<br>\n✗ <code>-d</code>: it detaches" in shown


@pytest.mark.parametrize(
    ("note", "counts", "caption"),
    [
        ("#flashcards\n\nA pod :: A group.\nA node :: A host.\n", "<p>2 flashcards; read as", "2 flashcards"),
        (NOTE, "<p>1 question, 1 answered; read as", "1 question"),
        (NOTE + "\n*Card:* A → B\n", "1 question, 1 answered, 1 flashcard; read as", "1 question, 1 flashcard"),
    ],
)
def test_the_preview_counts_cards_as_cards(client_as: ClientAs, note: str, counts: str, caption: str) -> None:
    page = previewed(client_as("editor"), note).text
    assert counts in page
    assert f"<caption>{caption}</caption>" in page


def test_the_preview_says_how_a_question_is_answered(client_as: ClientAs) -> None:
    assert '<td data-label="Kind">in your own words</td>' in previewed(client_as("editor"), NOTE).text


@pytest.mark.parametrize("pasted_first", [True, False])
def test_the_same_title_is_the_same_note_whether_it_is_pasted_or_a_file(
    client_as: ClientAs, sessions: sessionmaker[Session], pasted_first: bool
) -> None:
    client = client_as("editor")
    pages = [lambda: previewed(client, NOTE), lambda: previewed(client, "", (BytesIO(TWO.encode()), "a.md"))]
    for show in pages if pasted_first else reversed(pages):
        confirmed(client, show().text, agreed=True)
    assert counted(sessions) == (1, 2 if pasted_first else 1)


def test_the_same_title_of_somebody_else_is_another_note(client_as: ClientAs, sessions: sessionmaker[Session]) -> None:
    editor = client_as("editor")
    confirmed(editor, previewed(editor, NOTE).text)
    learner = client_as("learner")
    confirmed(learner, previewed(learner, "", (BytesIO(TWO.encode()), "a.md")).text)
    assert counted(sessions) == (2, 3)


def test_two_files_with_one_title_stay_two(client_as: ClientAs, sessions: sessionmaker[Session]) -> None:
    client = client_as("editor")
    files = [(zipped(a_md=NOTE, b_md=TWO), "all.zip")]
    confirmed(client, previewed(client, "", *files).text)
    confirmed(client, previewed(client, "", (zipped(a_md=NOTE, b_md=TWO), "all.zip")).text)
    assert counted(sessions) == (2, 3)


def test_the_titles_of_a_note_without_headings_are_not_doubled(client_as: ClientAs) -> None:
    client = client_as("editor")
    note = confirmed(client, previewed(client, "# Sched\n\nQ: Who picks a node?\nA: The scheduler.\n").text)
    assert note.text.count(">Sched<") == 1
    answer = send(client, note.request.path, "/review/add", note=note.request.path[7:], then="review")
    assert answer.location == "/review?chosen=1"
    assert "Sched · Sched" not in client.get(answer.location).text


def test_once_imported_the_tab_may_forget_the_text(client_as: ClientAs) -> None:
    client = client_as("editor")
    page = previewed(client, NOTE)
    assert client.get_cookie("imported") is None
    confirmed(client, page.text)
    assert client.get_cookie("imported") is not None


def test_a_qti_package_is_one_note(client_as: ClientAs, sessions: sessionmaker[Session]) -> None:
    client = client_as("editor")
    item = "<assessmentItem identifier='i'><itemBody><p>Why?</p></itemBody></assessmentItem>"
    page = previewed(client, "", (zipped(a_xml=item, imsmanifest_xml="<manifest/>"), "Quiz 1.zip")).text
    assert "read as QTI" in page
    confirmed(client, page)
    with sessions() as db:
        assert db.scalars(select(Note.path)).one() == "browser:quiz-1.zip"


@pytest.mark.parametrize("ticked", [True, False])
def test_what_was_learnt_in_anki_is_kept_if_that_is_ticked(
    client_as: ClientAs, sessions: sessionmaker[Session], tmp_path: Path, ticked: bool
) -> None:
    client = client_as("learner")
    page = previewed(client, "", (BytesIO(anki_package(tmp_path)), "deck.apkg")).text
    assert "1 review of another program came along." in page
    (path,), (data,) = (re.findall(rf'name="notes-0-{field}" value="([^"]*)"', page) for field in ("path", "content"))
    sent = {"csrf_token": token_in(page), "notes-0-path": path, "notes-0-content": data}
    sent |= {"keep_learnt": "y"} if ticked else {}
    assert closed(client.post(URL, data=sent)).status_code == 302
    with sessions() as db:
        cards = db.scalars(select(Card).order_by(Card.question_id)).all()
        assert [(card.reps, card.suspended) for card in cards] == ([(1, False), (0, True)] if ticked else [])
        assert {card.user_id for card in cards} <= {client.user.id}
