"""What every template can use: the navigation, sentences with counts, and times in the reader's zone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Flask, request, url_for


@dataclass(frozen=True, kw_only=True)
class NavEntry:
    """A section of the product: its name, the endpoint it opens, and the letter that `g` is followed by."""

    name: str
    endpoint: str
    key: str
    prefix: str
    """The path prefix under which the entry is the current one."""


@dataclass(frozen=True, kw_only=True)
class NavItem:
    """A navigation entry as one page shows it."""

    name: str
    url: str
    key: str
    current: bool


def init_app(app: Flask) -> None:
    """Add the filters. Undefined names stay silent only where a template asks with `is defined`."""
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.add_template_filter(plural)
    app.add_template_filter(local_time)


def nav_items(entries: Sequence[NavEntry]) -> list[NavItem]:
    """`entries` with the current one marked: the one whose prefix is the longest match of this request's path."""
    matches = [entry for entry in entries if _is_below(request.path, entry.prefix)]
    current = max(matches, key=lambda entry: len(entry.prefix), default=None)
    return [
        NavItem(name=entry.name, url=url_for(entry.endpoint), key=entry.key, current=entry is current)
        for entry in entries
    ]


def _is_below(path: str, prefix: str) -> bool:
    return path == prefix or (prefix != "/" and path.startswith(f"{prefix}/"))


def plural(count: int, one: str, many: str | None = None) -> str:
    """`3 | plural("card")` -> `3 cards`."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def local_time(moment: datetime, zone: str, pattern: str = "%d %b %Y, %H:%M") -> str:
    """An instant on the wall clock of `zone`, an IANA name."""
    return moment.astimezone(ZoneInfo(zone)).strftime(pattern)
