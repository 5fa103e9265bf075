"""Several notes at once: files, zip files, and what of them is refused or left out."""

from collections.abc import Callable
from io import BytesIO
from zipfile import ZipFile

from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker

from tests.web.admin.test_bring_notes import NOTE, TWO, confirmed, counted, previewed, zipped

ClientAs = Callable[..., FlaskClient]


def test_files_and_a_zip_come_together_and_a_bad_one_stops_no_other(
    client_as: ClientAs, sessions: sessionmaker[Session]
) -> None:
    client = client_as("editor")
    files = [
        (BytesIO(NOTE.encode()), "one.md"),
        (BytesIO(b"\xff\xfe"), "two.md"),
        (BytesIO(b"%PDF"), "three.pdf"),
        (BytesIO(b"PK"), "broken.zip"),
        (zipped(a_md=NOTE, b_md=TWO, c_txt="no note"), "all.zip"),
    ]
    page = previewed(client, "", *files)
    assert page.text.count("Not taken.") == 3
    assert confirmed(client, page.text).request.path == "/notes"
    assert counted(sessions) == (3, 4)


def test_a_zip_that_swells_is_refused(client_as: ClientAs) -> None:
    file = BytesIO()
    with ZipFile(file, "w", compression=8) as archive:
        for number in range(4):
            archive.writestr(f"{number}.md", "# A\n" + "x " * 300_000)
    file.seek(0)
    assert "have over 2048 KiB" in previewed(client_as("editor"), "", (file, "all.zip")).text


def test_more_notes_than_fit_are_refused_and_not_cut_off(client_as: ClientAs) -> None:
    files = [(BytesIO(f"# Note {number}\n\nText.\n".encode()), f"{number}.md") for number in range(101)]
    page = previewed(client_as("editor"), "", *files)
    assert page.status_code == 400
    assert "at most 100 fit" in page.text


def test_of_a_zip_that_is_refused_nothing_is_taken(client_as: ClientAs) -> None:
    swollen = zipped(a_md=NOTE, b_md="# B\n" + "x " * 1_100_000)
    page = previewed(client_as("editor"), "", (swollen, "all.zip")).text
    assert "have over 2048 KiB" in page
    assert "notes-0-content" not in page


def test_what_is_left_out_of_a_zip_is_said(client_as: ClientAs) -> None:
    others = {f"sheet{number}_pdf": "x" for number in range(6)}
    page = previewed(client_as("editor"), "", (zipped(a_md=NOTE, c_txt="text", **others), "all.zip")).text
    assert "Of all.zip left out, since they are no notes: c.txt, sheet0.pdf" in page
    assert "and 2 more. A .txt file may be anything: upload it by itself." in page


def test_a_note_whose_path_leads_out_of_the_zip_is_named_and_not_taken(client_as: ClientAs) -> None:
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        for path in ("a.md", "../evil.md", "x/../../worse.md", ".trash/old.md", ".git/config", "__MACOSX/._a.md"):
            archive.writestr(path, NOTE)
    file.seek(0)
    page = previewed(client_as("editor"), "", (file, "all.zip")).text
    assert (
        "left out, since their paths lead out of it or are hidden: ../evil.md, x/../../worse.md, .trash/old.md." in page
    )
    assert 'name="notes-0-path" value="browser:a"' in page
    assert "notes-1-path" not in page
