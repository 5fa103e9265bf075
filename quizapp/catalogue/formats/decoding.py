"""Turns the bytes of a text file into text with LF line ends. Pure."""

import codecs

from quizapp.catalogue.bounds import BANK_MAX_BYTES
from quizapp.catalogue.formats.parsed import Unreadable, readable

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def decoded(data: bytes) -> str:
    """The text of a file: UTF-8, UTF-16 with its mark, or else Windows-1252, as spreadsheets on Windows save.

    Raises Unreadable for a file that is too large, empty, or holds NUL characters.
    """
    if len(data) > BANK_MAX_BYTES:
        size, most = f"{len(data) / 1024:,.0f} KiB", BANK_MAX_BYTES // 1024
        raise Unreadable(f"The file has {size}; a file of questions has at most {most:,} KiB. Split it.")
    return readable(_text(data))


def _text(data: bytes) -> str:
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")
