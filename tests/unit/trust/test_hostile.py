"""What hostile inputs are made of: the same from the same seed, of every kind, and forms as pages have them."""

import zipfile
import zlib
from io import BytesIO

import pytest

from trust.forms import forms_of
from trust.hostile import LONG, Hostile
from trust.payloads import payloads
from trust.person import hidden_fields

PAGE = """<a href="/notes">Notes</a>
<form id="editor" method="post" action="/save"><input type="hidden" name="rev" value="1 &amp; 2">
<input name="of" type="checkbox"><textarea name="text">
two &lt;lines&gt;</textarea><select name="kind"><option value="a"><option value="b"></select>
<button name="stage" value="draft" formaction="/preview">Go</button></form><form><input name="q"></form>"""


def made(seed: str) -> list[object]:
    hostile = Hostile(seed)
    usual = [("text", "What is asked?"), ("rev", "3")]
    files = [("a.md", b"# A\n- one\n"), ("b.csv", b"q;a\n")]
    makers = (
        hostile.value,
        hostile.json,
        hostile.frame,
        lambda: hostile.form(usual),
        lambda: hostile.file(files[0][1]),
    )
    return [make() for _ in range(200) for make in makers]


def test_a_seed_makes_the_same_inputs_each_time() -> None:
    assert made("1") == made("1")
    assert made("1") != made("2")


def test_values_are_long_broken_and_of_all_letters_and_can_be_sent() -> None:
    hostile = Hostile("1")
    values = [hostile.value("usual") for _ in range(3_000)]
    sent = [value.encode() if isinstance(value, str) else value for value in values]  # none has half a surrogate pair
    assert max(map(len, sent)) >= LONG
    assert min(map(len, sent)) == 0
    assert any(b"\x00" in value for value in sent)
    with pytest.raises(UnicodeDecodeError):
        b"".join(sent).decode()


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_archives_are_whole_and_damaged() -> None:
    hostile = Hostile("1")
    archives = [hostile.zip([("a.md", b"# A\n"), ("b.md", b"# B\n")]) for _ in range(60)]
    whole = 0
    for archive in archives:
        try:
            whole += zipfile.ZipFile(BytesIO(archive)).testzip() is None
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, ValueError, EOFError):
            continue
    assert 0 < whole < len(archives)


def test_forms_are_read_with_all_that_a_browser_could_send() -> None:
    forms = forms_of(PAGE)
    fields = [("rev", "1 & 2"), ("of", "on"), ("text", "\ntwo <lines>"), ("kind", "a"), ("kind", "b")]
    assert {form.action for form in forms} == {"/save", "/preview"}
    assert all(form.fields == [*fields, ("stage", "draft")] for form in forms)
    assert hidden_fields(PAGE, of="editor") == {"rev": "1 & 2"}


def test_there_are_enough_payloads_each_with_its_number() -> None:
    made = payloads()
    assert len(made) > 500
    assert len({payload.partition(" zq")[0] for payload in made}) == len(made)
    for number, payload in enumerate(made):
        assert f"zq{number}z" in payload
