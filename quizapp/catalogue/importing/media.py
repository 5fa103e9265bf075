"""The pictures that come within a file of another tool, by the file's ending."""

from dataclasses import dataclass

from quizapp.catalogue.bounds import BANK_MAX_BYTES
from quizapp.catalogue.content_files import PACKAGES, XML, ZIP
from quizapp.catalogue.formats.banks import moodle_files
from quizapp.catalogue.formats.parsed import Unreadable, too_large
from quizapp.catalogue.packages.anki_package import DATABASES
from quizapp.catalogue.packages.package_media import anki_media, qti_media, without_media
from quizapp.catalogue.picture_kinds import PICTURE_MAX_BYTES
from quizapp.catalogue.pictures.pictures import Opens


@dataclass(frozen=True, kw_only=True)
class TakenApart:
    """A file and what opens its pictures."""

    data: bytes
    opens: Opens


def taken_apart(data: bytes, *, suffix: str) -> TakenApart:
    """A file without what its pictures take in its text, and what opens them. Raises Unreadable for too much text."""
    match suffix.lower():
        case packed if packed in PACKAGES:
            return TakenApart(data=data, opens=anki_media(data, most_bytes=PICTURE_MAX_BYTES))
        case packed if packed == ZIP:
            return TakenApart(data=data, opens=qti_media(data, most_bytes=PICTURE_MAX_BYTES))
        case text if text == XML:
            data, pictures = moodle_files.apart(data)
            if len(data) > BANK_MAX_BYTES:
                raise Unreadable(too_large(len(data), most=BANK_MAX_BYTES))
            return TakenApart(data=data, opens=pictures.get)
    return TakenApart(data=data, opens=nothing)


def nothing(_address: str) -> None:
    """Opens nothing: the file has no pictures within."""


def slim(data: bytes, *, suffix: str) -> bytes:
    """A file without its pictures, from which the same questions are read. Raises Unreadable."""
    match suffix.lower():
        case packed if packed in PACKAGES:
            names = {name for name, _ in DATABASES}
            return without_media(data, kept=lambda name: name in names)
        case packed if packed == ZIP:
            return without_media(data, kept=lambda name: name.lower().endswith(XML))
    return data
