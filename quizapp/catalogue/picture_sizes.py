"""How many pixels a picture says it has, as browsers read it before they draw it. Pure: no pixel is decoded.

The places of the numbers are those of PNG (RFC 2083, 4.1.1), GIF89a (sections 18 and 20), JPEG (ITU-T T.81, B.2.2) and
WebP (RFC 9649, 2.5 to 2.7).
"""

import re
from collections.abc import Iterator

PICTURE_MAX_PIXELS = 40_000_000  # a browser takes 4 bytes for each, 160 MB; the largest screens have 33 million
_PARTS_MAX = 20_000  # of a file that are looked at
_PNG_START = 8  # bytes before the first part, each of which has 12 beside what it holds
_GIF_START = 13
_GIF_IMAGE, _GIF_EXTENSION = 0x2C, 0x21
_JPEG_FRAMES = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # one of each coding; the others are tables
_JPEG_ALONE = {0x01, *range(0xD0, 0xD9)}  # markers without a length
_JPEG_MARKER = re.compile(rb"\xff+([^\x00\xff])")  # decoders skip what stands before one
_WEBP_SIDE = 0x3FFF  # the bits of a width or height in a picture; in the header of an extended file it has 24


def pixels(data: bytes) -> int:
    """The pixels of a PNG, JPEG, GIF or WebP file; 0 for one that does not say, since no browser draws it."""
    if data.startswith(b"\x89PNG"):
        return _png(data)
    if data.startswith(b"GIF8"):
        return max(_gif(data))
    if data.startswith(b"\xff\xd8"):
        return max(_jpeg(data), default=0)
    return _webp(data)


def is_cut_short(data: bytes) -> bool:
    """Whether a PNG file ends before its last part, as one does that was not sent whole. Nothing is said of others."""
    at, has_begun = _PNG_START, False
    if not data.startswith(b"\x89PNG"):
        return False
    for _ in range(_PARTS_MAX):
        if at + 12 > len(data):
            return has_begun
        name = data[at + 4 : at + 8]
        has_begun |= name == b"IHDR"
        at += 12 + int.from_bytes(data[at : at + 4])
        if name == b"IEND":
            return at > len(data)
    return False


def colours_bytes(flags: bytes) -> int:
    """How many bytes the table of colours of a GIF file has that a byte of flags tells of."""
    number = int.from_bytes(flags)
    return 3 * 2 ** ((number & 7) + 1) if number & 0x80 else 0


def blocks_end(data: bytes, at: int) -> int:
    """Where a row of blocks of a GIF file ends, each of which begins with its size and the last of which has none.

    Behind the end of the file if that comes first.
    """
    while at < len(data) and data[at]:
        at += data[at] + 1
    return at + 1


def _png(data: bytes) -> int:
    """The pixels by the header, which is the first part; decoders pass over parts before it that they do not know."""
    at = _PNG_START
    for _ in range(_PARTS_MAX):
        if data[at + 4 : at + 8] == b"IHDR":
            return int.from_bytes(data[at + 8 : at + 12]) * int.from_bytes(data[at + 12 : at + 16])
        if at >= len(data):
            break
        at += 12 + int.from_bytes(data[at : at + 4])
    return 0


def _gif(data: bytes) -> Iterator[int]:
    """The pixels of the whole, and of each picture in it, which may be larger."""
    yield _little(data, 6, 2) * _little(data, 8, 2)
    at = _GIF_START + colours_bytes(data[10:11])
    for _ in range(_PARTS_MAX):
        match int.from_bytes(data[at : at + 1]):
            case kind if kind == _GIF_EXTENSION:
                at = blocks_end(data, at + 2)
            case kind if kind == _GIF_IMAGE:
                yield _little(data, at + 5, 2) * _little(data, at + 7, 2)
                at = blocks_end(data, at + 11 + colours_bytes(data[at + 9 : at + 10]))
            case _:
                return


def _jpeg(data: bytes) -> Iterator[int]:
    """The pixels of each frame, of which only the first is drawn."""
    at = 2
    for _ in range(_PARTS_MAX):
        found = _JPEG_MARKER.search(data, at)
        if found is None:
            return
        at, marker = found.end(), found[1][0]
        if marker in _JPEG_FRAMES:
            yield int.from_bytes(data[at + 3 : at + 5]) * int.from_bytes(data[at + 5 : at + 7])
        if marker not in _JPEG_ALONE:
            at += int.from_bytes(data[at : at + 2])


def _webp(data: bytes) -> int:
    match data[12:16]:
        case b"VP8X":
            return (_little(data, 24, 3) + 1) * (_little(data, 27, 3) + 1)
        case b"VP8L":
            bits = _little(data, 21, 4)
            return ((bits & _WEBP_SIDE) + 1) * ((bits >> 14 & _WEBP_SIDE) + 1)
        case b"VP8 ":
            return (_little(data, 26, 2) & _WEBP_SIDE) * (_little(data, 28, 2) & _WEBP_SIDE)
    return 0


def _little(data: bytes, at: int, size: int) -> int:
    return int.from_bytes(data[at : at + size], "little")
