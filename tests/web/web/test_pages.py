"""Pages are imported when somebody asks for one; their addresses are known before."""

import sys
from collections.abc import Iterator
from types import ModuleType

import pytest
from flask import Flask, url_for

from quizapp.web.pages import LaterView, Pages

ROOM = "a_room_of_this_test"


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The module with the views of a room, which is there to be imported."""
    views = ModuleType(f"{ROOM}.views")

    def greet(name: str) -> str:
        return f"Good morning, {name}."

    greet.audience = "everybody"  # type: ignore[attr-defined]
    vars(views).update(greet=greet, take=lambda: "taken")
    for module in (ModuleType(ROOM), views):
        monkeypatch.setitem(sys.modules, module.__name__, module)
    return views


@pytest.fixture
def served(room: ModuleType) -> Flask:
    """An application with the room's pages."""
    app = Flask(__name__)
    pages = Pages("door", f"{ROOM}.views", shown={"/<name>": "views.greet"}, sent={"/": "views.take"})
    app.register_blueprint(pages)
    return app


def view_of(app: Flask, endpoint: str = "door.greet") -> LaterView:
    view = app.view_functions[endpoint]
    assert isinstance(view, LaterView)
    return view


def is_loaded(view: LaterView) -> bool:
    return view._view is not None


def test_an_address_is_known_before_its_page_is_loaded(served: Flask) -> None:
    with served.test_request_context():
        assert url_for("door.greet", name="Ada") == "/Ada"
    assert not is_loaded(view_of(served))


def test_a_request_loads_its_page_and_no_other(served: Flask) -> None:
    assert served.test_client().get("/Ada").text == "Good morning, Ada."
    assert served.test_client().post("/Ada").status_code == 405
    assert [is_loaded(view_of(served, name)) for name in ("door.greet", "door.take")] == [True, False]


def test_who_asks_what_a_page_declares_loads_it(served: Flask) -> None:
    assert view_of(served).audience == "everybody"
    assert getattr(view_of(served), "other", None) is None


def test_a_page_that_is_not_there_is_no_page_that_declares_nothing(served: Flask, room: ModuleType) -> None:
    del room.take
    with pytest.raises(ImportError, match="no view take"):
        getattr(view_of(served, "door.take"), "audience", None)
