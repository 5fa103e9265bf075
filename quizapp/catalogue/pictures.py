"""Copies the pictures that lie beside a note into a folder of the product, each under the hash of its bytes.

Only pictures that a browser draws without running anything are taken, by what they hold and not by their name. SVG is
a document that can hold scripts, so it is none of them.
"""

import hashlib
import os
import re
import stat
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from urllib.parse import quote, unquote

from quizapp.catalogue.content_files import ContentFile
from quizapp.catalogue.formats.markdown.labels import without_code
from quizapp.catalogue.inline_html import KEPT, PICTURE_NAME

PICTURE_MAX_BYTES = 2 * 1024 * 1024  # a screenshot of a large screen has 1 MiB
VAULT_LEVELS = 8  # folders of a vault in one another
PICTURES_MAX = 200  # of one note; what follows is shown as its text
TYPES = {"png": "image/png", "jpg": "image/jpeg", "gif": "image/gif", "webp": "image/webp"}
_BEGINNINGS = {"png": b"\x89PNG\r\n\x1a\n", "jpg": b"\xff\xd8\xff", "gif": b"GIF8", "webp": b"RIFF"}
_ADDRESS = re.compile(
    r"""!\[[^\[\]]{0,500}\]\(<?(?P<link>[^()\s<>]{1,500})"""
    r"""|<img\b[^<>]{0,300}?\bsrc\s*=\s*["'](?P<tag>[^"'<>]{1,500})""",
    re.IGNORECASE,
)
# Obsidian's, which may give a width in place of a text: `![[net.png]]`, `![[net.png|300]]`, `![[net.png|A net]]`.
_EMBEDDED = re.compile(r"!\[\[(?P<name>[^\[\]|#]{1,500})(?:\|(?P<text>[^\[\]|]{0,200}))?\]\]")
_FENCE = re.compile(r"^\s*(`{3,}|~{3,})(?P<rest>.*)")


def with_pictures(data: bytes, file: ContentFile, *, folder: Path | None) -> bytes:
    """A note's bytes, in which the address of each picture beside it is that of its copy in `folder`.

    Without a folder nothing is copied, and the addresses are the same. What is no picture keeps its address.
    """
    if b"![" not in data and b"<img" not in data.lower():
        return data
    text = data.decode("utf-8", "surrogateescape")
    out, at, left = [], 0, PICTURES_MAX
    for written in _written(text):
        found = next(filter(None, (_beside(file, one) for one in written.addresses)), None) if left else None
        kind = kind_of(found) if found is not None else None
        if found is not None and kind is not None:
            name = f"{hashlib.sha256(found).hexdigest()}.{kind}"
            if folder is not None:
                keep(found, folder / name)
            shown = f"{KEPT}{name}" if written.text is None else f"![{written.text}]({KEPT}{name})"
            out += [text[at : written.begin], shown]
            at, left = written.end, left - 1
    return ("".join(out) + text[at:]).encode("utf-8", "surrogateescape")


def kind_of(data: bytes) -> str | None:
    """Which of TYPES a file is by its first bytes; None for any other."""
    if data.startswith(_BEGINNINGS["webp"]) and data[8:12] != b"WEBP":
        return None
    return next((kind for kind, beginning in _BEGINNINGS.items() if data.startswith(beginning)), None)


def keep(data: bytes, path: Path) -> None:
    """Write a file at once and whole, unless it is there already: its name says what it holds."""
    if path.exists():
        path.touch()  # so that it is not removed as unused before the note is stored that wants it again
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, delete=False) as made:
        try:
            made.write(data)
            made.close()
            Path(made.name).replace(path)
        except OSError:  # a full disk, say: what is there of the copy would stay for ever
            Path(made.name).unlink(missing_ok=True)
            raise


def kept(folder: Path, name: str) -> tuple[bytes, str] | None:
    """A copied picture and its media type; None for a name of no such picture."""
    if PICTURE_NAME.fullmatch(name) is None:
        return None
    with suppress(OSError):
        return (folder / name).read_bytes(), TYPES[name.rpartition(".")[2]]
    return None


@dataclass(frozen=True, kw_only=True)
class _Written:
    """What names a picture in a text."""

    begin: int
    end: int
    addresses: Sequence[str]
    """Where the picture may lie, as from the note's folder."""
    text: str | None = None
    """What stands for it where it cannot be shown, if all of the picture is to be written anew and not its address."""


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


def _beside(file: ContentFile, address: str) -> bytes | None:
    """The bytes of a file that is named by its place from a note; None for one elsewhere, or that cannot be taken."""
    if "://" in address or address.startswith(("/", "#", "data:")):
        return None
    inside = file.root if file.root is not None else file.path.parent
    with suppress(OSError, ValueError):
        path = (file.path.parent / unquote(address.split("?", 1)[0].split("#", 1)[0])).resolve(strict=True)
        if not path.is_relative_to(inside.resolve()):
            return None
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)  # opening a pipe without a writer must not block
        with os.fdopen(handle, "rb") as opened:
            status = os.fstat(handle)
            if stat.S_ISREG(status.st_mode) and status.st_size <= PICTURE_MAX_BYTES:
                return opened.read(PICTURE_MAX_BYTES)
    return None
