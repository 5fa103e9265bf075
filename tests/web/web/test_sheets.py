"""Which style sheets pages load beside the one of all pages."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from quizapp.web.assets import asset_name

ROOT = Path(__file__).resolve().parents[3]
CSS, TEMPLATES = ROOT / "assets" / "css", ROOT / "quizapp" / "templates"
# Each sheet's places, and the beginnings of the names of the templates that are drawn there alone.
PLACES = {
    "content": ("content", "owner", "classes"),
    "notes": ("notes",),
    "practice": ("practice",),
    "progress": ("progress",),
}
DRAWN_THERE = {
    "content": ("admin/", "classes/", "reports/own.html", "macros/editing.html"),
    "notes": ("admin/", "study/note", "study/concept", "study/_", "macros/note.html", "components.html"),
    "practice": ("quiz/",),
    "progress": ("study/progress.html", "study/plan.html", "macros/charts.html"),
}


def sheets_of(entry: str) -> Iterator[str]:
    """The text of each of our sheets that an entry imports."""
    for name in re.findall(r'@import "(\./[^"]+)"', (CSS / entry).read_text()):
        yield (CSS / name).read_text()


def classes_of(entry: str) -> set[str]:
    """The classes with which a rule of an entry begins."""
    return {name for text in sheets_of(entry) for name in re.findall(r"^\.([a-z][\w-]*)", text, re.MULTILINE)}


@pytest.mark.parametrize(("sheet", "place"), [(sheet, place) for sheet, places in PLACES.items() for place in places])
def test_a_place_has_a_sheet_which_no_other_page_loads(
    client_as: Callable[..., FlaskClient], sheet: str, place: str
) -> None:
    client, name = client_as("owner"), asset_name(f"{sheet}.css")
    assert name in client.get(f"/{place}").text
    assert name not in client.get("/review").text


@pytest.mark.parametrize("sheet", PLACES)
def test_no_other_page_has_a_class_of_such_a_sheet(sheet: str) -> None:
    own = classes_of(f"{sheet}.css") - classes_of("main.css")
    if sheet == "content":  # which has that of notes in it
        own -= classes_of("notes.css")
    assert own
    found = {
        f"{name}: {each}"
        for path in TEMPLATES.rglob("*.html")
        if not (name := path.relative_to(TEMPLATES).as_posix()).startswith(DRAWN_THERE[sheet])
        for said in re.findall(r'class="([^"]*)"', path.read_text())
        for each in own.intersection(said.split())
    }
    assert found == set(), "its page does not load that sheet"
