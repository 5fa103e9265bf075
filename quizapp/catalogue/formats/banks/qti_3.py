"""Reads an item of QTI 3.0 as one of 2.1: it has the same elements under names of HTML's kind. Pure.

`qti-simple-choice` with `response-identifier` is what 2.1 calls `simpleChoice` with `responseIdentifier`. That is
how the converter citolab-qti-convert 0.2.0 writes items of 2.1 as 3.0, and back.
"""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from quizapp.catalogue.formats.banks.qti_text import named
from quizapp.catalogue.formats.xml_text import name_of

ROOT = "qti-assessment-item"
STIMULUS = "assessmentStimulusRef"
_PREFIX = "qti-"
_NEXT_WORD = re.compile(r"-([a-z])")
_ONLY_WRAPS = {"contentBody": "div"}  # what feedback and rubrics have around their HTML since 3.0


def as_qti_2(root: Element) -> Element:
    """The same item by the names of 2.1. Elements of HTML stay as they are. Changes `root` itself."""
    for one in root.iter():
        name = name_of(one)
        if name.startswith(_PREFIX):
            older = _camel(name.removeprefix(_PREFIX))
            one.tag = _ONLY_WRAPS.get(older, older)
            for key in [key for key in one.attrib if "-" in key and not key.startswith("data-")]:
                one.set(_camel(key), one.attrib.pop(key))
    return root


def texts_elsewhere(root: Element) -> Iterator[str]:
    """The files, of an item by the names of 2.1, that hold what is to be read before it is answered."""
    return (one.get("href") or one.get("title") or "no address" for one in named(root, STIMULUS))


def _camel(name: str) -> str:
    return _NEXT_WORD.sub(lambda found: found[1].upper(), name)
