"""Takes out of a picture what it says beside what it shows, such as where and when it was taken. Pure.

No pixel is computed anew: a file is cut into its parts, and those that no browser needs to draw it are left out, also
what stands behind its end, as programs leave there of a larger picture. Only how far a photograph is turned is kept.
Where a file cannot be cut into parts the rest of it stays as it is, since browsers draw what they can of it; of a WebP
file, which says its size first, all.
"""

import re
import zlib
from collections.abc import Iterator

from quizapp.catalogue.picture_kinds import kind_of
from quizapp.catalogue.picture_sizes import blocks_end, colours_bytes

PARTS_MAX = 20_000  # of one picture; a hostile one of 2 MiB has 500,000, which take 3 s, a large animation 2,000
_ORIENTATION = 0x0112  # the field of EXIF that says how a picture is turned or mirrored: 1 for not at all, up to 8
_TURNED = range(2, 9)
_PNG_START = 8  # bytes before the first chunk
_PNG_OPTIONAL = 0x20  # in the first letter of a chunk's name; without it a picture cannot be drawn without the chunk
# Colours, transparency, sizes and the frames of animations.
_PNG_KEPT = {b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP", b"mDCV", b"cLLI", b"sBIT", b"bKGD", b"pHYs", b"hIST",
             b"sPLT", b"acTL", b"fcTL", b"fdAT"}  # fmt: skip
_JPEG_END, _JPEG_SCAN, _JPEG_COMMENT, _JPEG_EXIF = 0xD9, 0xDA, 0xFE, 0xE1
_JPEG_ALONE = {0x01, *range(0xD0, 0xD8)}  # markers without a length
_JPEG_OTHERS = range(0xE0, 0xF0)  # segments of programs
_JPEG_KEPT = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}  # density and colours, by how they begin
_JPEG_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")  # what ends the data of a scan
_EXIF_START = b"Exif\0\0"
_WEBP_START = 12
_WEBP_DROPPED = (b"EXIF", b"XMP ")
_WEBP_HAS_EXIF, _WEBP_HAS_XMP = 0x08, 0x04  # in the first byte of VP8X
_GIF_START = 13
_GIF_END, _GIF_EXTENSION, _GIF_IMAGE = 0x3B, 0x21, 0x2C
_GIF_COMMENT, _GIF_OF_PROGRAM = b"\xfe", b"\xff"
_GIF_KEPT = (b"NETSCAPE2.0", b"ANIMEXTS1.0")  # how often an animation is played


def without_metadata(data: bytes) -> bytes:
    """The same picture without what it says of itself; any other file as it is."""
    readers = {"png": _png, "jpg": _jpeg, "webp": _webp, "gif": _gif}
    kind = kind_of(data)
    return data if kind is None else b"".join(readers[kind](data))


def _png(data: bytes) -> Iterator[bytes]:
    yield data[:_PNG_START]
    at = _PNG_START
    for _ in range(PARTS_MAX):
        if at + 12 > len(data):
            break
        name, end = data[at + 4 : at + 8], at + 12 + int.from_bytes(data[at : at + 4])
        if end > len(data) or not name.isalpha():
            break
        if not name[0] & _PNG_OPTIONAL or name in _PNG_KEPT:
            yield data[at:end]
        elif name == b"eXIf" and (exif := _turned(data[at + 8 : end - 4])):
            yield len(exif).to_bytes(4) + name + exif + zlib.crc32(name + exif).to_bytes(4)
        if name == b"IEND":
            return
        at = end
    yield data[at:]


def _jpeg(data: bytes) -> Iterator[bytes]:
    yield data[:2]
    at = 2
    for _ in range(PARTS_MAX):
        if at + 2 > len(data) or data[at] != 0xFF:
            break
        marker, size = data[at + 1], int.from_bytes(data[at + 2 : at + 4])
        if marker == _JPEG_END:
            yield data[at : at + 2]
            return
        if marker == 0xFF:  # any number of these may stand before a marker
            at += 1
            continue
        end = at + 2 + (0 if marker in _JPEG_ALONE else size)
        if end > len(data) or (size < 2 and marker not in _JPEG_ALONE):
            break
        if marker == _JPEG_SCAN:
            following = _JPEG_MARKER.search(data, end)
            end = following.start() if following is not None else len(data)
        yield _segment(marker, data[at:end])
        at = end
    yield data[at:]


def _segment(marker: int, segment: bytes) -> bytes:
    """What is kept of a segment of a JPEG file."""
    if marker == _JPEG_EXIF and segment[4:].startswith(_EXIF_START):
        exif = _turned(segment[4 + len(_EXIF_START) :])
        whole = _EXIF_START + exif
        return segment[:2] + (len(whole) + 2).to_bytes(2) + whole if exif else b""
    if marker == _JPEG_COMMENT or marker in _JPEG_OTHERS:
        kept = _JPEG_KEPT.get(marker)
        return segment if kept is not None and segment[4:].startswith(kept) else b""
    return segment


def _webp(data: bytes) -> Iterator[bytes]:
    at, most = _WEBP_START, min(len(data), 8 + int.from_bytes(data[4:8], "little"))
    parts, exif = list[bytes](), b""
    for _ in range(PARTS_MAX):
        if at + 8 > most:
            break
        name, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        end = at + 8 + size
        if end > most:
            break
        if name == b"EXIF":
            exif = exif or _turned(data[at + 8 : end].removeprefix(_EXIF_START))
        if name not in _WEBP_DROPPED:
            parts.append(data[at:end] + bytes(size % 2))
        at = end + size % 2
    if not parts or at < most:
        yield data
        return
    if exif:
        parts.append(b"EXIF" + len(exif).to_bytes(4, "little") + exif)
    if parts[0].startswith(b"VP8X"):
        flags = parts[0][8] & ~(_WEBP_HAS_EXIF | _WEBP_HAS_XMP) | (_WEBP_HAS_EXIF if exif else 0)
        parts[0] = parts[0][:8] + bytes([flags]) + parts[0][9:]
    body = b"WEBP" + b"".join(parts)
    yield b"RIFF" + len(body).to_bytes(4, "little") + body


def _gif(data: bytes) -> Iterator[bytes]:
    at = _GIF_START + colours_bytes(data[10:11])
    yield data[:at]
    for _ in range(PARTS_MAX):
        is_kept = True
        match int.from_bytes(data[at : at + 1]):
            case kind if kind == _GIF_END:
                yield data[at : at + 1]
                return
            case kind if kind == _GIF_EXTENSION:
                end = blocks_end(data, at + 2)
                label, program = data[at + 1 : at + 2], data[at + 3 : at + 14]
                is_kept = label != _GIF_COMMENT and (label != _GIF_OF_PROGRAM or program in _GIF_KEPT)
            case kind if kind == _GIF_IMAGE:
                end = blocks_end(data, at + 11 + colours_bytes(data[at + 9 : at + 10]))
            case _:
                break
        if end > len(data):
            break
        if is_kept:
            yield data[at:end]
        at = end
    yield data[at:]


def _turned(exif: bytes) -> bytes:
    """EXIF that says only how the picture is turned; empty if it is not turned."""
    if exif[:2] not in (b"II", b"MM"):
        return b""

    def number(at: int, size: int) -> int:
        return int.from_bytes(exif[at : at + size], "little" if exif[:2] == b"II" else "big")

    first = number(4, 4)
    fields = range(first + 2, min(first + 2 + 12 * number(first, 2), len(exif)), 12)
    turned = next((number(at + 8, 2) for at in fields if number(at, 2) == _ORIENTATION), 1)
    if turned not in _TURNED:
        return b""
    field = _ORIENTATION.to_bytes(2) + (3).to_bytes(2) + (1).to_bytes(4) + turned.to_bytes(2) + bytes(2)
    return b"MM\0\x2a" + (8).to_bytes(4) + (1).to_bytes(2) + field + bytes(4)
