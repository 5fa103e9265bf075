"""What a picture says beside what it shows is taken out, and what it shows stays byte for byte."""

import zlib
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.catalogue.pictures.picture_metadata import without_metadata
from tests.examples import examples

SECRET = b"48.8584 N 2.2945 E"
PIXELS = b"pixels" + bytes(range(256))
TURNED, NOT_TURNED = 6, 1


def exif(turned: int, *, order: str = "II") -> bytes:
    """EXIF as a camera writes it: how the picture is turned, and after that where it was taken."""
    end = "little" if order == "II" else "big"
    fields = b"".join(
        tag.to_bytes(2, end) + kind.to_bytes(2, end) + (1).to_bytes(4, end) + value.to_bytes(2, end) + bytes(2)
        for tag, kind, value in ((0x0100, 3, 640), (0x0112, 3, turned))
    )
    head = order.encode() + (42).to_bytes(2, end) + (8).to_bytes(4, end) + (2).to_bytes(2, end)
    return head + fields + bytes(4) + SECRET


def chunk(name: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4) + name + data + zlib.crc32(name + data).to_bytes(4)


def png(*chunks: bytes) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", bytes(13)) + b"".join(chunks) + chunk(b"IEND", b"")


def segment(marker: int, data: bytes) -> bytes:
    return bytes([0xFF, marker]) + (len(data) + 2).to_bytes(2) + data


def jpeg(*segments: bytes) -> bytes:
    scan = segment(0xDA, bytes(10)) + b"\x01\xff\x00\xff\xd0\x02"
    return b"\xff\xd8" + b"".join(segments) + segment(0xDB, bytes(65)) + scan + scan + b"\xff\xd9"


def riff(*parts: tuple[bytes, bytes]) -> bytes:
    body = b"".join(name + len(data).to_bytes(4, "little") + data + bytes(len(data) % 2) for name, data in parts)
    return b"RIFF" + (len(body) + 4).to_bytes(4, "little") + b"WEBP" + body


def gif(*extensions: bytes) -> bytes:
    image = b"," + bytes(9) + b"\x02" + blocks(PIXELS[:200])
    return b"GIF89a" + bytes(4) + b"\x80\0\0" + bytes(6) + b"".join(extensions) + image + b";"


def blocks(*data: bytes) -> bytes:
    return b"".join(bytes([len(one)]) + one for one in data) + b"\0"


ICC = segment(0xE2, b"ICC_PROFILE\0" + bytes(9))
PLAYED = b"!\xff" + blocks(b"NETSCAPE2.0", b"\x01\0\0")
VP8X = bytes([0x1C]) + bytes(9)  # transparent, with EXIF and XMP


@pytest.mark.parametrize(
    ("with_it", "without"),
    [
        (png(chunk(b"tEXt", b"Place\0" + SECRET), chunk(b"IDAT", PIXELS)), png(chunk(b"IDAT", PIXELS))),
        (png(*(chunk(name, SECRET) for name in (b"iTXt", b"zTXt", b"eXIf", b"tIME", b"prVt"))), png()),
        (png(chunk(b"eXIf", exif(NOT_TURNED)), chunk(b"pHYs", bytes(9))), png(chunk(b"pHYs", bytes(9)))),
        (png() + SECRET, png()),
        (jpeg(segment(0xE1, b"Exif\0\0" + exif(NOT_TURNED)), ICC), jpeg(ICC)),
        (jpeg(segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + SECRET)), jpeg()),
        (jpeg(segment(0xED, b"Photoshop 3.0\0" + SECRET), segment(0xFE, SECRET)), jpeg()),
        (jpeg() + jpeg(segment(0xFE, SECRET)), jpeg()),
        (
            riff((b"VP8X", VP8X), (b"VP8 ", PIXELS), (b"EXIF", exif(NOT_TURNED)), (b"XMP ", SECRET)),
            riff((b"VP8X", bytes([0x10]) + bytes(9)), (b"VP8 ", PIXELS)),
        ),
        (gif(b"!\xfe" + blocks(SECRET), PLAYED), gif(PLAYED)),
        (gif(b"!\xff" + blocks(b"XMP DataXMP", SECRET)), gif()),
        (gif() + SECRET, gif()),
    ],
)
def test_what_a_picture_says_of_itself_goes_and_the_rest_stays(with_it: bytes, without: bytes) -> None:
    assert without_metadata(with_it) == without
    assert without_metadata(without) == without


@pytest.mark.parametrize("order", ["II", "MM"])
def test_how_a_photograph_is_turned_stays_and_where_it_was_taken_goes(order: str) -> None:
    known = exif(TURNED, order=order)
    for picture in (
        jpeg(segment(0xE1, b"Exif\0\0" + known)),
        png(chunk(b"eXIf", known), chunk(b"IDAT", PIXELS)),
        riff((b"VP8X", VP8X), (b"VP8 ", PIXELS), (b"EXIF", known)),
    ):
        kept = without_metadata(picture)
        assert SECRET not in kept
        assert b"MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06" in kept
        assert without_metadata(kept) == kept


NAMES = [b"IDAT", b"tRNS", b"fdAT", b"tEXt", b"eXIf", b"abCd"]
KINDS = [
    png(chunk(b"eXIf", exif(TURNED)), chunk(b"IDAT", PIXELS)),
    jpeg(segment(0xE1, b"Exif\0\0" + exif(TURNED))),
    riff((b"VP8X", VP8X), (b"VP8 ", PIXELS), (b"EXIF", exif(TURNED))),
    gif(b"!\xfe" + blocks(SECRET)),
]


@given(
    st.lists(st.tuples(st.sampled_from([b"IDAT", b"tRNS", b"fdAT", b"tEXt", b"eXIf", b"abCd"]), st.binary(max_size=40)))
)
def test_the_data_of_pixels_stays_in_its_order(parts: list[tuple[bytes, bytes]]) -> None:
    drawn = [part for part in parts if part[0] in (b"IDAT", b"tRNS", b"fdAT")]
    others = [part if part[0] != b"eXIf" else (part[0], SECRET) for part in parts]
    assert without_metadata(png(*(chunk(*part) for part in others))) == png(*(chunk(*part) for part in drawn))


@examples(200)
@given(st.sampled_from(KINDS), st.integers(0, 600), st.binary(max_size=3))
def test_a_damaged_picture_is_taken_and_is_the_same_a_second_time(picture: bytes, at: int, damage: bytes) -> None:
    kept = without_metadata(picture[:at] + damage + picture[at + len(damage) :])
    assert without_metadata(kept) == kept


@pytest.mark.parametrize("picture", [KINDS[0], KINDS[1], KINDS[3]])
@pytest.mark.parametrize("lost", range(1, 30, 4))
def test_a_picture_that_is_cut_off_loses_its_metadata_and_no_more(picture: bytes, lost: int) -> None:
    assert without_metadata(picture[:-lost]) == without_metadata(picture)[:-lost]


@pytest.mark.parametrize(
    "many",
    [b"\x89PNG\r\n\x1a\n" + chunk(b"teXt", b"") * 170_000, b"\xff\xd8" + b"\xff\xe1\0\2" * 500_000,
     b"GIF89a" + bytes(7) + b"!\xf9\0" * 690_000, b"RIFF\0\0\x1f\0WEBP" + b"EXIF\0\0\0\0" * 250_000],
)  # fmt: skip
def test_a_picture_of_nothing_but_parts_takes_less_than_a_second(many: bytes) -> None:
    begun = process_time()
    without_metadata(many)
    assert process_time() - begun < 1
