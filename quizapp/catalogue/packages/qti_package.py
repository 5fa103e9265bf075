"""Reads a QTI package: a zip with a manifest, as Canvas and text2qti write it, as one note."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element
from zipfile import ZipFile

from quizapp.catalogue.formats.banks import qti
from quizapp.catalogue.formats.banks.qti_text import named
from quizapp.catalogue.formats.decoding import decoded
from quizapp.catalogue.formats.parsed import ParsedNote, Unreadable
from quizapp.catalogue.formats.xml_text import parsed
from quizapp.catalogue.packages.archive import opened

MANIFEST = "imsmanifest.xml"
FILES_MAX = 5_000  # of a package; in QTI 2.1 each question is a file, and a note has at most as many questions
TEXT_MAX_BYTES = 32 * 1024 * 1024  # of all its XML, unpacked; the largest course exports seen have about 3 MiB


def is_package(data: bytes) -> bool:
    """Whether a zip is a QTI package."""
    try:
        with opened(data) as archive:
            return any(name.rpartition("/")[2] == MANIFEST for name in archive.namelist())
    except Unreadable:
        return False


def read(data: bytes, name: str) -> ParsedNote:
    """A package as a note called `name`. Raises Unreadable."""
    with opened(data) as archive:
        texts = [*_texts(archive)]
    if not texts:
        raise Unreadable("The zip has no questions of QTI in it. Upload a zip of notes in the browser, or unpack it.")
    return qti.read_all(texts, name)


def _texts(archive: ZipFile) -> Iterator[bytes]:
    """The files with questions, in the manifest's order. Raises Unreadable for too many or too much."""
    names = [one for one in archive.namelist() if one.lower().endswith(".xml")]
    if len(names) > FILES_MAX:
        raise Unreadable(f"The package has {len(names):,} XML files; at most {FILES_MAX:,} are taken. Export less.")
    order, left = _listed(archive, names), TEXT_MAX_BYTES
    for one in sorted(names, key=lambda name: order.get(name, len(order))):
        with archive.open(one) as file:
            data = file.read(left + 1)
        left -= len(data)
        if left < 0:
            raise Unreadable(f"Its XML has more than {TEXT_MAX_BYTES // 1024**2} MiB once unpacked. Export less.")
        if qti.looks_like_qti(decoded(data)):
            yield data


def _listed(archive: ZipFile, names: list[str]) -> dict[str, int]:
    """The place of each file in the manifest."""
    manifest = next((one for one in names if one.rpartition("/")[2] == MANIFEST), None)
    if manifest is None:
        return {}
    with archive.open(manifest) as file:
        root: Element = parsed(decoded(file.read(TEXT_MAX_BYTES)))
    folder = manifest.removesuffix(MANIFEST)
    files = [folder + one.get("href", "") for one in named(root, "file")]
    return {name: place for place, name in enumerate(dict.fromkeys(files))}
