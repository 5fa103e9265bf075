"""Finds the stored item of a parsed one: by its id, else by its text, else by likeness; makes keys for new ones. Pure.

Learners' cards refer to stored items, so a wrong match gives a card another question. Therefore a number in the text or
a position never decides.
"""

import base64
import hashlib
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from itertools import count

from rapidfuzz import fuzz

KEY_CHARS = 8  # 40 bits: among 10,000 items two are equal in one of 20,000 cases; then the second gets another key
SAME_ENOUGH = 80  # percent alike; of 2,000 prompts each one matched after an edit, and 0.1 % of the new ones did


@dataclass(frozen=True, kw_only=True)
class Known:
    """A stored item."""

    id: int
    key: str
    fingerprint: str
    text: str
    """The text that likeness is measured on."""
    group: str
    """Its section or concept; only items of one group match by likeness. Empty for a retired item."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A parsed item."""

    key: str | None
    """The id that the author gave it; None without one."""
    fingerprint: str
    text: str
    """The text that likeness is measured on."""
    group: str
    """Its section or concept; only items of one group match by likeness."""


def match(wanted: Sequence[Wanted], known: Iterable[Known]) -> list[Known | None]:
    """The stored item of each parsed one; None for a new one. No stored item is matched twice.

    In order: the same id; the same fingerprint; the most alike item of the same group, if it is at least SAME_ENOUGH
    alike and no other one is equally alike. A parsed item whose id is not stored is never matched by likeness, since
    its author says that it is new. It can match by fingerprint: then the author has added an id to an old item.
    """
    free = {item.id: item for item in known}
    found: list[Known | None] = [None] * len(wanted)
    by_key = {item.key: item for item in free.values()}
    for number, item in enumerate(wanted):
        if item.key is not None and item.key in by_key:
            found[number] = free.pop(by_key[item.key].id, None)
    by_fingerprint: dict[str, list[Known]] = {}
    for one in free.values():
        by_fingerprint.setdefault(one.fingerprint, []).append(one)
    for number, item in enumerate(wanted):
        if found[number] is None and by_fingerprint.get(item.fingerprint):
            found[number] = free.pop(by_fingerprint[item.fingerprint].pop(0).id)
    for number, item in enumerate(wanted):
        if found[number] is None and item.key is None:
            like = _most_alike(item, free.values())
            found[number] = free.pop(like.id) if like is not None else None
    return found


def _most_alike(wanted: Wanted, known: Iterable[Known]) -> Known | None:
    scored = sorted(
        ((fuzz.ratio(wanted.text, item.text), item.id, item) for item in known if item.group == wanted.group),
        key=lambda scored: (-scored[0], scored[1]),
    )
    if not scored or scored[0][0] < SAME_ENOUGH:
        return None
    if len(scored) > 1 and scored[1][0] == scored[0][0]:
        return None  # two are equally alike, and the wrong one would give cards another question
    return scored[0][2]


def new_key(prefix: str, *parts: str, taken: Container[str]) -> str:
    """A key such as `q-7f3kx2ma`, from a hash of `parts`, that is not in `taken`. Equal `parts` give equal keys."""
    for number in count():
        digest = hashlib.sha256("\0".join((*parts, str(number))).encode()).digest()
        key = f"{prefix}-{base64.b32encode(digest).decode().lower()[:KEY_CHARS]}"
        if key not in taken:
            return key
    raise AssertionError("counting ends nowhere")
