"""How many pixels a picture says it has, of each kind; a copy is taken of none with too many."""

from collections.abc import Callable
from pathlib import Path

import pytest

from quizapp.catalogue.picture_kinds import copy_name
from quizapp.catalogue.picture_sizes import PICTURE_MAX_PIXELS, pixels
from quizapp.catalogue.pictures.pictures import Copies
from tests.unit.catalogue.pictures.test_picture_metadata import chunk


def png(width: int, height: int) -> bytes:
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"heLo", b"x") + chunk(b"IHDR", width.to_bytes(4) + height.to_bytes(4) + bytes(5))
    )


def gif(width: int, height: int) -> bytes:
    return b"GIF89a" + width.to_bytes(2, "little") + height.to_bytes(2, "little") + bytes(3)


def gif_frame(width: int, height: int) -> bytes:
    """A picture in a file that says it is one pixel, behind an extension."""
    frame = b"\x2c" + bytes(4) + width.to_bytes(2, "little") + height.to_bytes(2, "little")
    return gif(1, 1) + b"\x21\xf9\x04\0\0\0\0\0" + frame + b"\0\x02\x01\0\0\x3b"


def jpeg(width: int, height: int) -> bytes:
    """With a small picture in its metadata, and bytes between its parts that belong to none."""
    within = b"\xff\xc0\0\x0b\x08\0\x01\0\x01"
    exif = b"\xff\xe1" + (len(within) + 2).to_bytes(2) + within
    return b"\xff\xd8" + exif + b"ab\xff\xff\xc2\0\x0b\x08" + height.to_bytes(2) + width.to_bytes(2) + b"\x03"


def webp(name: bytes, body: bytes) -> bytes:
    return b"RIFF" + bytes(4) + b"WEBP" + name + len(body).to_bytes(4, "little") + body


def webp_extended(width: int, height: int) -> bytes:
    return webp(b"VP8X", bytes(4) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little"))


def webp_lossless(width: int, height: int) -> bytes:
    return webp(b"VP8L", b"\x2f" + (width - 1 | height - 1 << 14).to_bytes(4, "little"))


def webp_lossy(width: int, height: int) -> bytes:
    return webp(b"VP8 ", bytes(3) + b"\x9d\x01\x2a" + width.to_bytes(2, "little") + height.to_bytes(2, "little"))


KINDS = (png, gif, gif_frame, jpeg, webp_extended, webp_lossless, webp_lossy)


@pytest.mark.parametrize("made", KINDS)
def test_the_pixels_of_each_kind(made: Callable[[int, int], bytes], tmp_path: Path) -> None:
    assert pixels(made(300, 200)) == 60_000
    assert copy_name(made(8_000, 5_000)) is not None
    assert pixels(made(10_000, 8_000)) == 2 * PICTURE_MAX_PIXELS
    assert Copies(folder=tmp_path).take(made(10_000, 8_000)) is None
    assert list(tmp_path.iterdir()) == []


def test_of_a_file_without_a_header_no_pixels_are_read() -> None:
    assert pixels(b"\x89PNG\r\n\x1a\n" + b"\0" * 8 + b"others that are no header") == 0


@pytest.mark.parametrize("made", KINDS)
def test_a_file_that_ends_too_soon_has_no_pixels_or_some(made: Callable[[int, int], bytes]) -> None:
    data = made(300, 200)
    assert all(pixels(data[:size]) >= 0 for size in range(len(data)))
