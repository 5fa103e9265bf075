"""Which of the product's modules a piece of work passes through, as a reader of the code would follow it."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from inspect import CO_OPTIMIZED, unwrap
from types import FrameType
from typing import Any

from quizapp.settings import ROOT

PACKAGE = f"{ROOT / 'quizapp'}/"
# What every page passes: the ground, plumbing, who is asking, and the parts that the application lends. What can be
# found is kept in line by every session that writes, at its end or, what takes long, ahead of it; the trail by whatever
# changes content. The fake stands
# behind the door `sandboxes.client`, where the way of a reader of web ends.
EVERYWHERE = (
    "db.py",
    "column_types.py",
    "sqlite.py",
    "write_turns.py",
    "one_at_a_time.py",
    "process_figures.py",
    "prepared_statements.py",
    "dialects.py",
    "driver_connection.py",
    "garbage_collection.py",
    "search/index_updates.py",
    "block_rules.py",
    "markdown_left_out.py",
    "search/index.py",
    "search/documents.py",
    "search/tokens.py",
    "catalogue/store/revisions.py",
    "catalogue/question_shape.py",
    "catalogue/question_wording.py",
    "catalogue/trail.py",
    "clock.py",
    "study_day.py",
    "web/",
    "accounts/",
    "labs/wiring.py",
    "templates/",
    "sandboxes/fake.py",
)


@dataclass
class Way:
    """The modules in the order in which they were entered first, and the calls that left the room of the first one."""

    modules: list[str] = field(default_factory=list)
    crossings: list[str] = field(default_factory=list)


@contextmanager
def followed(function: Callable[..., Any]) -> Iterator[Way]:
    """The way of `function`, called in this thread while the block runs, from its call to its return."""
    way = Way()
    code = unwrap(function).__code__
    room = _room(code.co_filename.removeprefix(PACKAGE))
    inside = False

    def note(frame: FrameType, event: str, _arg: object) -> None:
        nonlocal inside
        if frame.f_code is code and event in ("call", "return"):
            inside = event == "call"
        module = _module(frame)
        is_loading = not frame.f_code.co_flags & CO_OPTIMIZED  # the body of a module or a class, on its first use
        if not inside or event != "call" or is_loading or module is None or module.startswith(EVERYWHERE):
            return
        if module not in way.modules:
            way.modules.append(module)
        caller = _module(frame.f_back)
        if caller is not None and _room(caller) == room != _room(module):
            way.crossings.append(f"{module}: {frame.f_code.co_name}")

    sys.setprofile(note)
    try:
        yield way
    finally:
        sys.setprofile(None)


def _module(frame: FrameType | None) -> str | None:
    name = frame.f_code.co_filename if frame is not None else ""
    return name.removeprefix(PACKAGE) if name.startswith(PACKAGE) else None


def _room(module: str) -> str:
    return module.split("/")[0]
