"""The application's class does less than Flask, and what comes of it is the same."""

import ast
from collections.abc import Callable
from pathlib import Path
from types import CodeType

import pytest
from flask import Flask, Request, url_for
from werkzeug.routing import Map, Rule
from werkzeug.test import EnvironBuilder

from quizapp.settings import Settings
from quizapp.web.site import KeptEncoder, LateRule, ReadRequest, Site
from tests.conftest import opened_app

PACKAGE = Path(__file__).parents[3] / "quizapp"
FORMS = [
    b"",
    b"a=1&b=2&a=3",
    b"a=&=b&c&&d=%20+%2B",
    b"a=%ff&b=%zz&c=%C3%B6",
    b"a=\xc3\xb6&b=%F0%9F%90%8B",
    b"a=\xff",  # not UTF-8
    b"a=1;b=2",
    b"a=%00&b=" + b"x" * 100_000,
]


# Addresses, each with values for them; some have names of the arguments of the functions that write them.
WRITTEN = [
    ("/plain", {}),
    ("/plain", {"q": "a b", "rule": "1", "self": "2", "values": ["3", "4"]}),
    ("/notes/<int:id>/<path:file>", {"id": 7, "file": "a/ö b.md"}),
    ("/notes/<int:id>/<path:file>", {"id": 7, "file": "x", "q": "y"}),
    ("/<rule>/<values>", {"rule": "r/", "values": "v?"}),
]


def sent(kind: type[Request], body: bytes, content_type: str) -> Request:
    return kind(EnvironBuilder(method="POST", data=body, content_type=content_type).get_environ())


@pytest.mark.parametrize("body", FORMS)
def test_a_form_has_the_fields_that_flask_reads(body: bytes) -> None:
    with Flask("other").app_context():
        ours, theirs = (
            sent(kind, body, "application/x-www-form-urlencoded; charset=utf-8") for kind in (ReadRequest, Request)
        )
        assert list(ours.form.items(multi=True)) == list(theirs.form.items(multi=True))
        assert (type(ours.form), ours.files, ours.stream.read()) == (type(theirs.form), theirs.files, b"")
    assert ours.get_data() == body


@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=b", "text/plain", "application/json"])
def test_a_body_of_another_kind_is_read_as_flask_reads_it(kind: str) -> None:
    body = b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--b--\r\n'
    with Flask("other").app_context():
        ours, theirs = (sent(each, body, kind) for each in (ReadRequest, Request))
        assert list(ours.form.items(multi=True)) == list(theirs.form.items(multi=True))


@pytest.mark.parametrize("debug", [False, True])
def test_json_is_written_as_flask_writes_it(debug: bool) -> None:
    said = {"b": [1, None, "ö", {"z": 1, "a": True}], "a": 0.5}
    ours, theirs = Site("ours"), Flask("theirs")
    for app in (ours, theirs):
        app.debug = debug
    assert isinstance(ours.json, KeptEncoder)
    assert ours.json.response(said).data == theirs.json.response(said).data
    assert ours.json.dumps(said, indent=1) == theirs.json.dumps(said, indent=1)


def test_no_function_that_flask_calls_is_async() -> None:
    """`Site.ensure_sync` does not look."""
    trees = [ast.parse(path.read_text("utf-8")) for path in PACKAGE.rglob("*.py")]
    assert not [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.AsyncFunctionDef)]


@pytest.mark.parametrize(("rule", "values"), WRITTEN)
@pytest.mark.parametrize("append_unknown", [True, False])
def test_an_address_is_written_as_flask_writes_it(rule: str, values: dict[str, object], append_unknown: bool) -> None:
    ours, theirs = (Map([kind(rule, endpoint="page")]).bind("host") for kind in (LateRule, Rule))
    for _ in range(2):  # the first time the function that does it is compiled
        written = ours.build("page", values, append_unknown=append_unknown)
        assert written == theirs.build("page", values, append_unknown=append_unknown)


def test_only_an_address_that_is_written_is_compiled_and_once(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled = []
    compile_now = Rule._get_func_code

    def count(code: CodeType, name: str) -> Callable[..., tuple[str, str]]:
        compiled.append(name)
        return compile_now(code, name)

    monkeypatch.setattr(Rule, "_get_func_code", staticmethod(count))
    with opened_app(settings) as app:
        assert len(list(app.url_map.iter_rules())) > 200
        assert compiled == []
        with app.test_request_context():
            assert {url_for("health"), url_for("health")} == {"/health"}
    assert compiled == ["<builder:'/health'>"]
