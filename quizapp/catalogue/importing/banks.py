"""Which reader takes a file of another tool: by its ending and by a look at what is in it."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from quizapp.catalogue.formats import notion, org_drill, tables
from quizapp.catalogue.formats.banks import aiken, data_bank, gift, moodle_xml, qti, text2qti
from quizapp.catalogue.formats.columns import Columns
from quizapp.catalogue.formats.decoding import decoded
from quizapp.catalogue.formats.parsed import ParsedNote, Unreadable
from quizapp.catalogue.packages import anki_package, qti_package

_LOOK_CHARS = 64 * 1024  # of a text that are looked at; a question stands within
_GIFT_ANSWERS = re.compile(r"(?<!\\)\{\s*(?:[=~#]|T\}|F\}|TRUE|FALSE|\})")


@dataclass(frozen=True, kw_only=True)
class BankFormat:
    """A format of another tool."""

    suffixes: tuple[str, ...]
    """Endings of its files, in lower case."""
    looks_like: Callable[[str], bool]
    """Whether the beginning of a text is of this format."""
    read: Callable[[bytes, str], ParsedNote]


def _always(_text: str) -> bool:
    return True


def _looks_like_gift(text: str) -> bool:
    return _GIFT_ANSWERS.search(text) is not None


TABLES = (".csv", ".tsv")
# The first that fits reads a file.
FORMATS = (
    BankFormat(suffixes=(".gift",), looks_like=_always, read=gift.read),
    BankFormat(suffixes=(".txt",), looks_like=tables.has_anki_headers, read=tables.read),
    BankFormat(suffixes=(".txt",), looks_like=text2qti.looks_like_text2qti, read=text2qti.read),
    BankFormat(suffixes=(".txt", ".aiken"), looks_like=aiken.looks_like_aiken, read=aiken.read),
    BankFormat(suffixes=(".txt",), looks_like=_looks_like_gift, read=gift.read),
    BankFormat(suffixes=(".txt",), looks_like=tables.looks_like_cards, read=tables.read),
    BankFormat(suffixes=(".apkg", ".colpkg"), looks_like=_always, read=anki_package.read),
    BankFormat(suffixes=TABLES, looks_like=_always, read=tables.read),
    BankFormat(suffixes=(".xml",), looks_like=moodle_xml.looks_like_moodle, read=moodle_xml.read),
    BankFormat(suffixes=(".xml",), looks_like=qti.looks_like_qti, read=qti.read),
    BankFormat(suffixes=(".html", ".htm"), looks_like=notion.looks_like_notion, read=notion.read),
    BankFormat(suffixes=(".org",), looks_like=org_drill.looks_like_drill, read=org_drill.read),
    BankFormat(suffixes=(".json",), looks_like=_always, read=data_bank.read_json),
    BankFormat(suffixes=(".yaml", ".yml"), looks_like=_always, read=data_bank.read_yaml),
    BankFormat(suffixes=(".zip",), looks_like=_always, read=qti_package.read),
)


def is_bank(data: bytes, *, suffix: str) -> bool:
    """Whether a text is of a known format. Raises Unreadable for what is no text."""
    return _reader_of(data, suffix) is not None


def read_bank(data: bytes, *, name: str, suffix: str, columns: Columns | None = None) -> ParsedNote:
    """A file of another tool as a note called `name`. Raises Unreadable, also for a text that is of no known format.

    `columns` says what the columns of a table mean; other files have none.
    """
    if columns is not None and suffix.lower() in TABLES:
        return tables.read(data, name, columns=columns)
    reader = _reader_of(data, suffix)
    if reader is None:
        raise UnknownBank(
            "No questions of a known format are in this file. "
            "Save its text as Markdown (.md), or paste it into Bring notes."
        )
    return reader.read(data, name)


def _reader_of(data: bytes, suffix: str) -> BankFormat | None:
    """The first format that fits; one that takes all files with its ending is not asked to look at them."""
    fitting = [one for one in FORMATS if suffix.lower() in one.suffixes]
    if fitting and fitting[0].looks_like is _always:
        return fitting[0]
    text = decoded(data)[:_LOOK_CHARS]
    return next((one for one in fitting if one.looks_like(text)), None)


class UnknownBank(Unreadable):
    """A file whose ending is that of a bank, but which holds none."""
