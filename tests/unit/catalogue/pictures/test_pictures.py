"""Pictures beside a note are copied by what they hold; nothing else of the disk is."""

import hashlib
from pathlib import Path

import pytest

from quizapp.catalogue.content_files import ContentFile, FileKind
from quizapp.catalogue.html.inline_html import picture
from quizapp.catalogue.html.rendering import render
from quizapp.catalogue.picture_kinds import PICTURE_MAX_BYTES, kind_of
from quizapp.catalogue.pictures.pictures import Copies, beside, kept, with_pictures
from tests.unit.catalogue.pictures.test_picture_metadata import SECRET, chunk, png

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 8
NAME = f"{hashlib.sha256(PNG).hexdigest()}.png"


@pytest.fixture
def note(tmp_path: Path) -> ContentFile:
    folder = tmp_path / "content" / "notes"
    (folder / "img").mkdir(parents=True)
    (folder / "img" / "a b.png").write_bytes(PNG)
    (tmp_path / "secret.png").write_bytes(PNG + b"secret")
    return ContentFile(path=folder / "n.md", kind=FileKind.NOTE, root=tmp_path / "content")


def text_of(note: ContentFile, text: str, *, folder: Path | None = None) -> str:
    return with_pictures(text.encode(), Copies(folder=folder).found_by(beside(note))).data.decode()


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("![A net](img/a%20b.png)", f"![A net](picture:{NAME})"),
        ('see ![x](<img/a%20b.png> "t").', f'see ![x](<picture:{NAME}> "t").'),
        ('<img width="9" src="./img/a%20b.png">', f'<img width="9" src="picture:{NAME}">'),
    ],
)
def test_the_address_becomes_that_of_the_copy(note: ContentFile, tmp_path: Path, written: str, shown: str) -> None:
    assert text_of(note, written, folder=tmp_path / "kept") == shown
    assert kept(tmp_path / "kept", NAME) == (PNG, "image/png")


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("see ![[img/a b.png]].", f"see ![img/a b.png](picture:{NAME})."),
        ("![[img/a b.png|300x200]]", f"![img/a b.png](picture:{NAME})"),
        ("![[ vault.png | A net ]] ![n](vault.png)", f"![A net](picture:{NAME}) ![n](vault.png)"),
    ],
)
def test_obsidians_pictures_lie_beside_the_note_or_above_it(note: ContentFile, written: str, shown: str) -> None:
    (note.path.parent.parent / "vault.png").write_bytes(PNG)
    assert text_of(note, written) == shown


def test_several_pictures_of_a_line_are_all_shown_in_their_order(note: ContentFile) -> None:
    written = "![[img/a b.png|one]] ![two](img/a%20b.png) ![[img/a b.png|three]]"
    shown = " ".join(f"![{text}](picture:{NAME})" for text in ("one", "two", "three"))
    assert text_of(note, written) == shown


def test_without_a_folder_the_address_is_the_same_and_nothing_is_copied(note: ContentFile, tmp_path: Path) -> None:
    assert NAME in text_of(note, "![x](img/a%20b.png)")
    assert not (tmp_path / "kept").exists()


@pytest.mark.parametrize(
    "text",
    [
        "![x](../../secret.png)",
        "![[secret.png]]",
        "![[../../secret.png]]",
        "`![[img/a b.png]]`",
        "![[Another note]]",
        "![x](%2e%2e/%2e%2e/secret.png)",
        "![x](/etc/hostname)",
        "![x](file:///etc/hostname)",
        "![x](https://e.org/a.png)",
        "![x](link.png)",
        "![x](pipe.png)",
        "![x](n\0.png)",
        "![x](a.svg)",
        "![x](text.png)",
        "![x](large.png)",
        "![x](img)",
        "![x](none.png)",
        "`![x](img/a%20b.png)`",
        "```\n![x](img/a%20b.png)\n```",
    ],
)
def test_what_is_no_picture_beside_the_note_keeps_its_address(note: ContentFile, tmp_path: Path, text: str) -> None:
    folder = note.path.parent
    (folder / "link.png").symlink_to(tmp_path / "secret.png")
    (folder / "a.svg").write_text("<svg onload='x()'/>")
    (folder / "text.png").write_text("<script>")
    (folder / "large.png").write_bytes(PNG + bytes(PICTURE_MAX_BYTES))
    assert text_of(note, text, folder=tmp_path / "kept") == text
    assert not (tmp_path / "kept").exists()


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (PNG, "png"),
        (b"\xff\xd8\xff\xe0", "jpg"),
        (b"GIF89a", "gif"),
        (b"RIFF0000WEBPVP8 ", "webp"),
        (b"RIFF0000WAVE", None),
    ],
)
def test_a_kind_is_told_by_the_first_bytes(data: bytes, kind: str | None) -> None:
    assert kind_of(data) == kind


@pytest.mark.parametrize("name", ["", "x", f"../{NAME}", NAME.replace(".png", ".svg"), f"{NAME}/x", NAME.upper()])
def test_only_the_name_of_a_copy_leads_to_a_file(tmp_path: Path, name: str) -> None:
    (tmp_path / NAME).write_bytes(PNG)
    assert kept(tmp_path, name) is None


def test_a_copied_picture_is_drawn_and_no_other() -> None:
    drawn = f'<img src="/pictures/{NAME}" alt="A &lt;net&gt;" loading="lazy">'
    assert picture(f"picture:{NAME}", "A <net>") == drawn
    assert "<img" in render(f"![x](picture:{NAME})")
    assert "<img" in render(f'<img src="picture:{NAME}" onerror="x()">')
    assert "onerror" not in render(f'<img src="picture:{NAME}" onerror="x()">')
    assert "<img" not in render("![x](picture:../x) ![y](/pictures/x.png)")


def test_a_fence_within_a_longer_one_ends_nothing(note: ContentFile) -> None:
    text = "````md\n```sh\n![x](img/a%20b.png)\n```\n![x](img/a%20b.png)\n````\n"
    assert text_of(note, text) == text
    assert text_of(note, text + "![x](img/a%20b.png)") == f"{text}![x](picture:{NAME})"


def test_a_copy_has_nothing_of_where_a_picture_was_taken_and_none_is_made_of_a_part(
    note: ContentFile, tmp_path: Path
) -> None:
    whole = png(chunk(b"tEXt", SECRET))
    (note.path.parent / "shot.png").write_bytes(whole)
    (note.path.parent / "part.png").write_bytes(whole[:-1])
    stripped = f"{hashlib.sha256(png()).hexdigest()}.png"
    written = "![a](shot.png) ![b](part.png)"
    assert text_of(note, written, folder=tmp_path / "kept") == f"![a](picture:{stripped}) ![b](part.png)"
    assert kept(tmp_path / "kept", stripped) == (png(), "image/png")
