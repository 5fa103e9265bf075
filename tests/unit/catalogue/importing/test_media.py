"""Pictures within files of other tools are found where the texts name them, and nothing else of the file is."""

import json
import zipfile
from base64 import b64encode
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
import zstandard

from quizapp.catalogue.formats.banks.moodle_files import apart
from quizapp.catalogue.importing.banks import read_bank
from quizapp.catalogue.importing.media import slim, taken_apart
from quizapp.catalogue.picture_kinds import PICTURE_MAX_BYTES, copy_name
from quizapp.catalogue.pictures.pictures import Copies, with_pictures_of
from tests.unit.catalogue.packages.test_anki_package import OLDER, TABLES, database, package

PNG, GIF = b"\x89PNG\r\n\x1a\n" + b"\0" * 8, b"GIF89a"
NAME, OTHER = copy_name(PNG), copy_name(GIF)
FIELDS = "'<img src=\"my net (1).png\">' || char(31) || 'No. [sound:a.mp3] <img src=\"x.svg\">'"
ROWS = f"INSERT INTO notes VALUES (1, 'g', 1, '', {FIELDS}); INSERT INTO cards VALUES {(1, 1, 1, *[0] * 10, '', 0)};"
FILES = ("my net (1).png", "x.svg", "a.mp3")
CONTENTS = (PNG, b"<svg/>", b"ID3")


def message(*names: str) -> bytes:
    """Anki's message MediaEntries, with a size and a hash beside each name."""

    def field(number: int, data: bytes) -> bytes:
        return bytes([number << 3 | 2, len(data)]) + data

    return b"".join(field(1, field(1, name.encode()) + b"\x10\x96\x01" + field(3, b"h" * 20)) for name in names)


def packed(data: bytes) -> bytes:
    return zstandard.ZstdCompressor().compress(data)


def old_media(*contents: bytes) -> dict[str, bytes]:
    named = json.dumps({str(place): name for place, name in enumerate(FILES)}).encode()
    return {"media": named, **{str(place): data for place, data in enumerate(contents)}}


def new_media(*contents: bytes) -> dict[str, bytes]:
    return {"media": packed(message(*FILES)), **{str(place): packed(data) for place, data in enumerate(contents)}}


def shown(data: bytes, suffix: str) -> tuple[str, list[str], dict[str, int]]:
    """The first prompt, what is warned of, and the size of each picture by its address."""
    parts = taken_apart(data, suffix=suffix)
    note, used = with_pictures_of(read_bank(parts.data, name="deck", suffix=suffix), Copies().found_by(parts.opens))
    prompt = next(note.everything_asked).prompt
    return prompt, [warning.message for warning in note.warnings], {name: one.size for name, one in used.items()}


@pytest.mark.parametrize(
    "media",
    [old_media(*CONTENTS), new_media(*CONTENTS), {**old_media(*map(packed, CONTENTS)), "media": message(*FILES)}],
)
def test_an_anki_package_shows_its_pictures_and_tells_of_the_rest(tmp_path: Path, media: dict[str, bytes]) -> None:
    data = package(collection__anki2=database(tmp_path, TABLES + OLDER + ROWS), **media)
    prompt, warnings, used = shown(data, ".apkg")
    assert f"(picture:{NAME})" in prompt
    assert used == {"my%20net%20%281%29.png": len(PNG)}
    assert any("x.svg" in said and "my" not in said for said in warnings)
    assert any("sounds" in said and "a.mp3" in said for said in warnings)


@pytest.mark.parametrize(
    "media",
    [
        dict,
        lambda: {"media": b"[1]"},
        lambda: {"media": b"\xff" * 20},
        lambda: {"media": b"\x0a\x7f"},
        lambda: old_media(PNG + bytes(PICTURE_MAX_BYTES)),
        # Made in the test, since each process that collects tests would pack these for half a second.
        lambda: old_media(packed(PNG + bytes(300 * 1024 * 1024))),
        lambda: old_media(b"<script>"),
    ],
)
def test_what_is_no_picture_in_a_package_stays_out(tmp_path: Path, media: Callable[[], dict[str, bytes]]) -> None:
    data = package(collection__anki2=database(tmp_path, TABLES + OLDER + ROWS), **media())
    prompt, warnings, used = shown(data, ".apkg")
    assert (used, "picture:" in prompt) == ({}, False)
    assert any("my%20net" in said for said in warnings)


def test_a_package_without_its_media_has_the_same_questions(tmp_path: Path) -> None:
    data = package(collection__anki2=database(tmp_path, TABLES + OLDER + ROWS), **old_media(PNG))
    thin = slim(data, suffix=".apkg")
    assert zipfile.ZipFile(BytesIO(thin)).namelist() == ["collection.anki2"]
    assert read_bank(thin, name="d", suffix=".apkg") == read_bank(data, name="d", suffix=".apkg")


MOODLE = """<quiz><question type="multichoice"><name><text>n</text></name>
<questiontext format="html"><text><![CDATA[<p>See <img src="@@PLUGINFILE@@/my%20net.png" alt="net"></p>]]></text>
<file name="my net.png" path="/" encoding="base64">{first}</file>
<file name="a.pdf" path="/" encoding="base64">{pdf}</file>
</questiontext>
<answer fraction="100" format="html"><text><![CDATA[<img src="@@PLUGINFILE@@/sub/my%20net.png">]]></text>
<file name="my net.png" path="/sub/" encoding="base64">{second}</file></answer>
<answer fraction="0" format="html"><text>no</text></answer></question></quiz>"""


def moodle() -> bytes:
    first, second, pdf = (b64encode(data).decode() for data in (PNG, GIF, b"%PDF"))
    return MOODLE.format(first=first, second=second, pdf=pdf).encode()


def test_moodles_files_belong_to_the_text_beside_them() -> None:
    prompt, warnings, used = shown(moodle(), ".xml")
    assert prompt == f"See ![net](picture:{NAME})"
    assert used == {NAME: len(PNG), OTHER: len(GIF)}
    assert [said for said in warnings if "files" in said] == ["Its files are not imported: a.pdf (1 in all)."]


def test_moodles_xml_taken_apart_twice_is_the_same() -> None:
    once, pictures = apart(moodle())
    assert (set(pictures), b"JVBERg" in moodle(), b"JVBERg" in once) == ({NAME, OTHER}, True, False)
    assert apart(once) == (once, {})


QTI = """<questestinterop><assessment title="t"><section><item ident="a" title="q"><itemmetadata/><presentation>
<material><mattext texttype="text/html">{text}</mattext></material>
<material><matimage uri="img/b.gif" label="B"/></material>
<response_lid ident="r"><render_choice><response_label ident="1"><material><mattext>yes</mattext></material>
</response_label></render_choice></response_lid></presentation></item></section></assessment></questestinterop>"""


def test_a_qti_package_shows_its_pictures_by_the_end_of_their_path() -> None:
    text = "&lt;img src=&quot;$IMS-CC-FILEBASE$/My%20files/a.png&quot; alt=&quot;A&quot;&gt;"
    entries = {"q/q.xml": QTI.format(text=text).encode(), "web/My files/a.png": PNG, "q/img/b.gif": GIF}
    data = package(imsmanifest__xml=b"<manifest/>", **entries)
    prompt, _, used = shown(data, ".zip")
    assert prompt == f"![A](picture:{NAME})\n\n![B](picture:{OTHER})"
    assert sorted(used.values()) == [len(GIF), len(PNG)]
    assert zipfile.ZipFile(BytesIO(slim(data, suffix=".zip"))).namelist() == ["imsmanifest.xml", "q/q.xml"]


def test_a_package_may_show_so_many_bytes_of_pictures(tmp_path: Path) -> None:
    data = package(collection__anki2=database(tmp_path, TABLES + OLDER + ROWS), **old_media(PNG))
    parts, copies = taken_apart(data, suffix=".apkg"), Copies(left_bytes=len(PNG) - 1)
    _, used = with_pictures_of(read_bank(parts.data, name="d", suffix=".apkg"), copies.found_by(parts.opens))
    assert (used, copies.refused) == ({}, 1)
