"""Which files are pictures, by what they hold, and what the copy of one is called. Pure."""

import hashlib

from quizapp.catalogue.picture_sizes import PICTURE_MAX_PIXELS, pixels

PICTURE_MAX_BYTES = 2 * 1024 * 1024  # a screenshot of a large screen has 1 MiB
# Only what a browser draws without running anything. SVG is a document that can hold scripts, so it is none of these.
TYPES = {"png": "image/png", "jpg": "image/jpeg", "gif": "image/gif", "webp": "image/webp"}
_BEGINNINGS = {"png": b"\x89PNG\r\n\x1a\n", "jpg": b"\xff\xd8\xff", "gif": b"GIF8", "webp": b"RIFF"}


def kind_of(data: bytes) -> str | None:
    """Which of TYPES a file is by its first bytes; None for any other."""
    if data.startswith(_BEGINNINGS["webp"]) and data[8:12] != b"WEBP":
        return None
    return next((kind for kind, beginning in _BEGINNINGS.items() if data.startswith(beginning)), None)


def copy_name(data: bytes) -> str | None:
    """What the copy of a picture is called; None for what is none, or is too large: in bytes or in pixels."""
    kind = kind_of(data) if len(data) <= PICTURE_MAX_BYTES else None
    return None if kind is None or pixels(data) > PICTURE_MAX_PIXELS else f"{hashlib.sha256(data).hexdigest()}.{kind}"
