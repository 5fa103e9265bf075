"""Finds the pictures that a Markdown text names, and names their copies in their place. Pure."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from quizapp.catalogue.formats.markdown.labels import without_code
from quizapp.catalogue.html.inline_html import KEPT

VAULT_LEVELS = 8  # folders of a vault in one another
SENT_FOLDER = "pictures"
SENT_NAME_CHARS = 16  # of a SHA-256: they only have to tell the pictures of one person apart
PICTURES_MAX = 200  # of one text; what follows is shown as its text
_ADDRESS = re.compile(
    r"""!\[[^\[\]]{0,500}\]\(<?(?P<link>[^()\s<>]{1,500})"""
    r"""|<img\b[^<>]{0,300}?\bsrc\s*=\s*["'](?P<tag>[^"'<>]{1,500})""",
    re.IGNORECASE,
)
# Obsidian's, which may give a width in place of a text: `![[net.png]]`, `![[net.png|300]]`, `![[net.png|A net]]`.
_EMBEDDED = re.compile(r"!\[\[(?P<name>[^\[\]|#]{1,500})(?:\|(?P<text>[^\[\]|]{0,200}))?\]\]")
_FENCE = re.compile(r"^\s*(`{3,}|~{3,})(?P<rest>.*)")


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A picture that was taken."""

    name: str
    """What its copy is called: the SHA-256 of its bytes, and its kind."""
    size: int
    """In bytes."""
    was: str | None = field(default=None, compare=False)
    """What its copy is called in older texts: by all bytes of its file, if the copy lacks some of them."""


def written_address(name: str) -> str:
    """What a note's text names a copy by that was sent alone: a place beside the note, where an export puts it."""
    whole, _, kind = name.rpartition(".")
    return f"{SENT_FOLDER}/{whole[:SENT_NAME_CHARS]}.{kind}"


Finds = Callable[[str], Picture | None]
"""Gives the picture at an address, as a text writes it; None for what is none, or elsewhere."""


@dataclass(frozen=True, kw_only=True)
class Pictured:
    """A text with the names of copies in the place of addresses."""

    text: str
    used: Mapping[str, Picture] = field(default_factory=dict)
    """The pictures that it shows, by the address at which each was found."""
    originals: Mapping[str, str] = field(default_factory=dict)
    """What stands in the text now, and what stood there."""
    missing: tuple[str, ...] = ()
    """The addresses at which none was found, of those that lead to no other server."""


def with_names(text: str, finds: Finds) -> Pictured:
    """A text in which the address of each picture that is found is `picture:NAME`. Others keep their address."""
    out, at, used, originals, missing = [], 0, dict[str, Picture](), dict[str, str](), list[str]()
    for written in _written(text):
        found = _found(written.addresses, finds) if len(originals) < PICTURES_MAX else None
        if found is not None:
            address, picture = found
            named = f"{KEPT}{picture.name}"
            shown = named if written.text is None else f"![{written.text}]({named})"
            used[address] = picture
            originals.setdefault(shown, text[written.begin : written.end])
            out += [text[at : written.begin], shown]
            at = written.end
        elif "://" not in written.addresses[0] and not written.addresses[0].startswith(KEPT):
            missing.append(written.addresses[0])
    return Pictured(text="".join(out) + text[at:], used=used, originals=originals, missing=tuple(missing))


def as_written(text: str, originals: Mapping[str, str]) -> str:
    """A text with addresses as they were before `with_names`."""
    for shown in sorted(originals, key=len, reverse=True):  # a whole picture before the address in it
        text = text.replace(shown, originals[shown])
    return text


@dataclass(frozen=True, kw_only=True)
class _Written:
    """What names a picture in a text."""

    begin: int
    end: int
    addresses: Sequence[str]
    """Where the picture may lie, as from the note's folder."""
    text: str | None = None
    """What stands for it where it cannot be shown, if all of the picture is to be written anew and not its address."""


def _found(addresses: Sequence[str], finds: Finds) -> tuple[str, Picture] | None:
    for address in addresses:
        picture = finds(address)
        if picture is not None:
            return address, picture
    return None


def _written(text: str) -> Iterator[_Written]:
    """The addresses of pictures in a text, and Obsidian's pictures, outside code."""
    at, fence = 0, ""
    for line in text.split("\n"):
        mark = _FENCE.match(line)
        if mark is not None and not fence:
            fence = mark[1]
        elif mark is not None and mark[1].startswith(fence) and not mark["rest"].strip():
            fence = ""  # only as many signs as began it, or more, end it
        elif not fence and ("![" in line or "<img" in line.lower()):
            plain = without_code(line)
            both = [*_ADDRESS.finditer(plain), *_EMBEDDED.finditer(plain)]
            for found in sorted(both, key=re.Match.start):
                yield _embedded(found, at=at) if found.re is _EMBEDDED else _linked(found, at=at)
        at += len(line) + 1


def _linked(found: re.Match[str], *, at: int) -> _Written:
    part = "link" if found["link"] is not None else "tag"
    return _Written(begin=at + found.start(part), end=at + found.end(part), addresses=[found[part]])


def _embedded(found: re.Match[str], *, at: int) -> _Written:
    """Obsidian's picture: named from the note's folder, or from one above it up to the vault's own."""
    name, said = found["name"].strip(), (found["text"] or "").strip()
    text = found["name"].strip() if not said or said.replace("x", "").isdigit() else said
    above = [f"{'../' * level}{quote(name)}" for level in range(VAULT_LEVELS)]
    return _Written(begin=at + found.start(), end=at + found.end(), addresses=above, text=text)
