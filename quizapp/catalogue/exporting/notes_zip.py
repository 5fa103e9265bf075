"""Notes and their pictures in a zip file, each picture where its note's text looks for it."""

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from itertools import count
from pathlib import Path, PurePosixPath
from urllib.parse import unquote
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from quizapp.catalogue.exporting.markdown_out import MarkdownFile
from quizapp.catalogue.pictures.pictures import kept

_ZIPPED_AT = (1980, 1, 1, 0, 0, 0)  # the first time that a zip can hold, so that equal notes make equal zips
_BELOW = "notes"  # a folder for notes whose pictures lie above them, so that no path leads out of the zip


def zipped(files: Sequence[MarkdownFile], *, pictures: Path | None) -> bytes:
    """The notes in a zip file, with their pictures from the folder of copies. No file replaces another.

    Of several notes with one path, or with other pictures at one place, the later ones get a number or a folder.
    """
    packed, taken, pictured = BytesIO(), set[str](), dict[str, str]()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for path, file, places in _placed(files, taken, pictured):
            archive.writestr(ZipInfo(path, date_time=_ZIPPED_AT), file.data, compress_type=ZIP_DEFLATED)
            for place, name in places.items():
                found = kept(pictures, name) if pictures is not None and place not in taken else None
                if found is not None:
                    taken.add(place)
                    archive.writestr(ZipInfo(place, date_time=_ZIPPED_AT), found[0], compress_type=ZIP_STORED)
    return packed.getvalue()


def lost_pictures(files: Sequence[MarkdownFile], *, pictures: Path | None) -> Iterator[str]:
    """A sentence for each note of whose pictures copies are missing in the folder."""
    for file in files:
        lost = [place for place, name in file.pictures.items() if pictures is None or not (pictures / name).is_file()]
        if lost:
            yield f"{file.path}: not in the zip, as their copies are lost: {', '.join(lost)}."


def _placed(
    files: Sequence[MarkdownFile], taken: set[str], pictured: dict[str, str]
) -> Iterator[tuple[str, MarkdownFile, Mapping[str, str]]]:
    """Each note with its path in the zip and the places of its pictures, whose names `pictured` has afterwards."""
    levels = max((_levels_up(file) for file in files), default=0)
    for file in files:
        base, places = next(
            (base, places)
            for folder in _folders(file)
            for base in ["/".join([*[_BELOW] * levels, *([folder] if folder else [])])]
            for places in [{_place(base, file, address): name for address, name in file.pictures.items()}]
            if all(pictured.get(place, name) == name for place, name in places.items())
        )
        pictured |= places
        yield _free(PurePosixPath(base, file.path), taken), file, places


def _folders(file: MarkdownFile) -> Iterator[str]:
    """Folders in which a note may lie: first none."""
    yield ""
    yield from (f"{PurePosixPath(file.path).stem}-{number}" for number in count(2))


def _place(base: str, file: MarkdownFile, address: str) -> str:
    folder = posixpath.join(base, posixpath.dirname(file.path))
    return posixpath.normpath(posixpath.join(folder, _path_of(address)))


def _levels_up(file: MarkdownFile) -> int:
    """How many folders above the zip's own the pictures of a note would lie."""
    folder = posixpath.dirname(file.path)
    places = (posixpath.normpath(posixpath.join(folder, _path_of(address))) for address in file.pictures)
    return max((place.split("/").count("..") for place in places), default=0)


def _path_of(address: str) -> str:
    return unquote(address.split("?", 1)[0].split("#", 1)[0])


def _free(path: PurePosixPath, taken: set[str]) -> str:
    """The path, or the first with a number that is not taken, whatever its case; adds it to those that are."""
    paths = (path if number == 1 else path.with_stem(f"{path.stem}-{number}") for number in count(1))
    free = next(one for one in map(str, paths) if one.casefold() not in taken)
    taken.add(free.casefold())
    return free
