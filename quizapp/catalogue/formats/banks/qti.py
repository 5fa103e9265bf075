"""Reads QTI, the format of questions of Canvas and others: 1.2, 2.1 and 3.0, one file or all of a package. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from xml.etree.ElementTree import Element

from quizapp.catalogue.formats.bank import BankItem, note_of
from quizapp.catalogue.formats.banks import qti_1, qti_2, qti_3
from quizapp.catalogue.formats.decoding import decoded
from quizapp.catalogue.formats.parsed import ParsedNote, Unreadable
from quizapp.catalogue.formats.xml_text import name_of, parsed

CONVENTION = "QTI"
_ROOTS = re.compile(r"<(?:\w+:)?(?:questestinterop|assessmentItem|qti-assessment-item)[\s>]")
# text2qti writes the two hyphens of an option so: its Markdown makes a dash of them, which no shell takes.
_DASHED_OPTION = re.compile(r"(?<![\w\d])[\u2013\u2014](?=[a-z][a-z-]+)")
_DASHED = "A dash stands where a command would have two hyphens; it is left as the file has it."


def looks_like_qti(text: str) -> bool:
    """Whether a text is QTI that holds questions."""
    return _ROOTS.search(text) is not None


def read(data: bytes, name: str) -> ParsedNote:
    """A QTI file as a note called `name`. Raises Unreadable."""
    return read_all([data], name)


def read_all(files: Sequence[bytes], name: str) -> ParsedNote:
    """The files of a package as one note called `name`. Raises Unreadable."""
    items = (item for data in files for item in _items(parsed(decoded(data)), name))
    return note_of(map(_told, items), title=name, convention=CONVENTION)


def _items(root: Element, name: str) -> Iterator[BankItem]:
    match name_of(root):
        case "questestinterop":
            return qti_1.items(root, name)
        case "assessmentItem":
            return qti_2.items(root, name)
        case qti_3.ROOT:
            return qti_2.items(qti_3.as_qti_2(root), name)
        case other:
            raise Unreadable(f"The XML begins with {other[:40]}, which holds no questions of QTI.")


def _told(item: BankItem) -> BankItem:
    texts = (item.stem, item.feedback, *(answer.text for answer in item.answers))
    if any(_DASHED_OPTION.search(text) for text in texts):
        return replace(item, warnings=(*item.warnings, _DASHED))
    return item
