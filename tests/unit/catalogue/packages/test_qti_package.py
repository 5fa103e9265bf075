"""QTI packages: one note of all their files, in the manifest's order, and bombs refused."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from quizapp.catalogue.formats.parsed import Unreadable
from quizapp.catalogue.packages import qti_package

MANIFEST = "<manifest><resources><file href='b.xml'/><file href='a.xml'/></resources></manifest>"


def item(name: str) -> str:
    body = "<extendedTextInteraction responseIdentifier='R'/>"
    return f"<assessmentItem identifier='{name}'><itemBody><p>{name}?</p>{body}</itemBody></assessmentItem>"


def package(**files: str) -> bytes:
    kept = BytesIO()
    with ZipFile(kept, "w", ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(f"{name}.xml", text)
    return kept.getvalue()


def test_its_questions_stand_in_the_manifests_order() -> None:
    data = package(a=item("a"), b=item("b"), imsmanifest=MANIFEST, meta="<quiz xmlns='x'/>")
    assert qti_package.is_package(data)
    assert [question.prompt for question in qti_package.read(data, "p").questions] == ["b?", "a?"]


def test_a_zip_of_something_else_is_none() -> None:
    data = package(a="<html/>")
    assert not qti_package.is_package(data)
    assert not qti_package.is_package(b"PK")
    with pytest.raises(Unreadable, match="no questions of QTI"):
        qti_package.read(data, "p")


def test_a_name_that_is_no_utf_8_is_a_broken_zip() -> None:
    data = package(ä="<html/>").replace("ä".encode(), b"\xff\xff")
    assert not qti_package.is_package(data)
    with pytest.raises(Unreadable, match="cannot be unpacked"):
        qti_package.read(data, "p")


def test_what_swells_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(qti_package, "TEXT_MAX_BYTES", 1000)
    with pytest.raises(Unreadable, match="once unpacked"):
        qti_package.read(package(a=item("a") + " " * 2000), "p")
