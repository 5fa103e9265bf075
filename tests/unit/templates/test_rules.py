"""What holds for every template: the content security policy is kept, and no form goes without its token."""

import re
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).resolve().parents[3] / "quizapp" / "templates"
ASSETS = TEMPLATES.parents[1] / "assets" / "js"
FILES = sorted(TEMPLATES.rglob("*.html"))
INLINE = re.compile(r"""<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)|javascript:|hx-on|\bjs:""", re.IGNORECASE)
COMMENT = re.compile(r"{#.*?#}", re.DOTALL)
POST_FORM = re.compile(r"""<form\b[^>]*method="post".*?</form>""", re.DOTALL)
TOKEN = re.compile(r"csrf\(\)|csrf_token")
EXCHANGED = re.compile(r"\shx-(?:get|post)=")
# Whoever has parts that htmx exchanges, and the module that loads it; no other page should carry its 12 KB.
LOADS_HTMX = {
    "admin/conflict.html": "editor.js",
    "admin/edit.html": "editor.js",
    "hands_on/lab.html": "lab.js",
}


def source(path: Path) -> str:
    return COMMENT.sub("", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(TEMPLATES).as_posix())
def test_nothing_is_inline(path: Path) -> None:
    found = INLINE.search(source(path))
    assert not found, f"{found and found.group()!r} would be refused by the browser; use a class or a module"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(TEMPLATES).as_posix())
def test_every_post_form_has_a_token(path: Path) -> None:
    for form in POST_FORM.findall(source(path)):
        assert TOKEN.search(form), form


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(TEMPLATES).as_posix())
def test_a_template_says_what_it_is(path: Path) -> None:
    assert path.read_text(encoding="utf-8").lstrip().startswith("{#")


def test_what_htmx_exchanges_stands_on_pages_that_load_it() -> None:
    exchanged = {path.relative_to(TEMPLATES).parts[0] for path in FILES if EXCHANGED.search(source(path))}
    assert exchanged == {page.partition("/")[0] for page in LOADS_HTMX}
    for page, module in LOADS_HTMX.items():
        assert f"asset_url('{module}')" in source(TEMPLATES / page)
        assert '"./parts/swaps.js"' in (ASSETS / module).read_text(encoding="utf-8")
    assert "htmx.org" not in (ASSETS / "main.js").read_text(encoding="utf-8")
