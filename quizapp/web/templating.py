"""What every template can use: the navigation's items, nouns with a count, durations, and times in a person's zone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Flask, g, request, url_for

from quizapp.dates import date_text
from quizapp.durations import duration
from quizapp.shown_progress import up_to_most


@dataclass(frozen=True, kw_only=True)
class NavEntry:
    """A section of the product."""

    name: str
    endpoint: str
    """The Flask endpoint of its first page."""
    key: str
    """The letter that opens it after `g`."""
    prefix: str
    """The path prefix under which the entry is the current one."""


@dataclass(frozen=True, kw_only=True)
class NavItem:
    """A navigation entry as one page shows it."""

    name: str
    url: str
    key: str
    current: bool
    waiting: int = 0
    """How many things wait there for this person."""


def init_app(app: Flask) -> None:
    """Add the filters, and let a line with nothing but a block tag leave no blank line."""
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.add_template_filter(plural)
    app.add_template_filter(counted)
    app.add_template_filter(local_time)
    app.add_template_filter(date_text)
    app.add_template_filter(duration)
    app.add_template_filter(up_to_most)
    app.add_template_global(first_wrong)


def nav_items(entries: Sequence[NavEntry]) -> list[NavItem]:
    """The items of `entries`. The current one is the one with the longest prefix that the request's path is below."""
    matches = [entry for entry in entries if _is_below(request.path, entry.prefix)]
    current = max(matches, key=lambda entry: len(entry.prefix), default=None)
    return [
        NavItem(name=entry.name, url=url_for(entry.endpoint), key=entry.key, current=entry is current)
        for entry in entries
    ]


def first_wrong() -> bool:
    """Whether this is the first field of the page that something is wrong with: what is asked while it is drawn.

    A browser goes to that field. Without it a long form that was refused is shown from its top and looks as if saved.
    """
    is_first = not g.get("has_wrong_field", False)
    g.has_wrong_field = True
    return is_first


def _is_below(path: str, prefix: str) -> bool:
    return path == prefix or (prefix != "/" and path.startswith(f"{prefix}/"))


def plural(count: int, one: str, many: str | None = None, *, to_most: bool = False) -> str:
    """`3 | plural("card")` -> `3 cards`; with `to_most` the number is that of `up_to_most`."""
    return f"{up_to_most(count) if to_most else count} {one if count == 1 else many or one + 's'}"


def counted(things: Sequence[tuple[int, str]]) -> str:
    """`[(2, "section"), (0, "flashcard"), (1, "lab")]` -> `2 sections · 1 lab`: what there is none of is not named."""
    return " · ".join(plural(count, one, to_most=True) for count, one in things if count)


def local_time(moment: datetime, zone: str, pattern: str = "%d %b %Y, %H:%M") -> str:
    """A datetime as text in `zone`, an IANA name."""
    return date_text(moment.astimezone(ZoneInfo(zone)), pattern)
