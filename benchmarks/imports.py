"""Imports of notes beside the bare Markdown parser, and beside Anki's own imports of the same cards.

All figures are seconds of the processor, beyond what a process takes to start. The texts are made by `import_texts`.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import genanki

from benchmarks.answer import WITHOUT, installed
from benchmarks.import_texts import Words, others, own, reworded
from benchmarks.rows import Row, beside
from ops.checkout import Checkout
from ops.console import child_env
from quizapp.catalogue.formats.markdown.parser import parse_note

PEER = Path(__file__).with_name("anki_import_peer.py")
OWN_ITEMS = 3_800  # the largest bank seen, of 1.2 MB
OTHERS_BYTES = 1_000_000
NOTES, NOTE_ITEMS = 200, 50  # a course of 10,000 items
REWORDED_ITEMS = 2_700  # of which 2,000 are cards and questions
PACKAGE_NOTES, PICTURES, PICTURE_BYTES = 2_000, 200, 5_000


def own_notes() -> list[Row]:
    """Our own format."""
    with _folder({"a.md": own(OWN_ITEMS)}) as folder:
        (one,) = _imported(folder)
    return [beside("import-own", value=one["first"], baseline=one["bare"], unit="s", note="beside a bare parse")]


def unchanged() -> list[Row]:
    """The same import once more."""
    with _folder({"a.md": own(OWN_ITEMS)}) as folder:
        (one,) = _imported(folder)
    note = "beside the first import"
    return [beside("import-unchanged", value=one["again"], baseline=one["first"], unit="s", note=note)]


def others_notes() -> list[Row]:
    """Other people's ways to write questions."""
    with _folder(dict(others(OTHERS_BYTES))) as folder:
        (one,) = _imported(folder)
    return [beside("import-others", value=one["first"], baseline=one["bare"], unit="s", note="beside a bare parse")]


def ten_thousand() -> list[Row]:
    """A course, what its import adds to the memory, and the next start."""
    files = {f"{number}.md": own(NOTE_ITEMS, seed=number, title=f"Day {number}: Networks") for number in range(NOTES)}
    with _folder(files) as folder:
        (one,) = _imported(folder)
    return [
        beside("import-10k", value=one["first"], baseline=one["bare"], unit="s", note="beside a bare parse"),
        beside("import-10k-next-start", value=one["start"], baseline=one["first"], unit="s", note="beside the import"),
        beside("import-10k-memory", value=one["mib"], baseline=40.0, unit="MiB", note="over start-up, beside the aim"),
    ]


def rewording() -> list[Row]:
    """A note of whose questions each was reworded."""
    note = own(REWORDED_ITEMS)
    with _folder({"a.md": note}) as folder, _folder({"a.md": reworded(note)}) as changed:
        _, one = _imported(folder, changed)
    return [beside("reworded-2k", value=one["first"], baseline=one["bare"], unit="s", note="beside a bare parse")]


def beside_anki() -> list[Row]:
    """Our import of a note beside Anki's of a CSV with the same cards."""
    note = own(OWN_ITEMS)
    parsed = parse_note(note.encode())
    lines = [f"{one.prompt}\t{one.answer or 'x'}".replace("\n", " ") for one in parsed.everything_asked]
    with (
        _folder({"a.md": note}) as folder,
        _folder({"a.csv": "#separator:tab\n#html:false\n" + "\n".join(lines)}) as csv,
    ):
        (one,) = _imported(folder)
        return [_beside_anki("import-beside-anki", one["first"], csv / "a.csv")]


def package() -> list[Row]:
    """A package with pictures, beside Anki's import of the same file."""
    with _folder({}) as folder:
        _write_package(folder / "deck.apkg")
        (one,) = _imported(folder)
        return [_beside_anki("apkg-2k", one["first"], folder / "deck.apkg")]


def _beside_anki(name: str, value: float, path: Path) -> Row:
    try:
        said = subprocess.run([installed(), PEER, path], check=True, stdout=subprocess.PIPE, text=True).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"no Anki to compare with: {error}", file=sys.stderr)
        return beside(name, value=value, baseline=value, unit="s", note=WITHOUT)
    (theirs,) = json.loads(said)
    return beside(name, value=value, baseline=theirs, unit="s", note="beside Anki")


def _imported(*folders: Path) -> list[dict[str, float]]:
    """What `import_child` measures of these states of a folder."""
    with TemporaryDirectory(prefix="quizapp-bench-") as place:
        command = [sys.executable, "-m", "benchmarks.import_child", f"{place}/quizapp.sqlite3", *map(str, folders)]
        cwd = Checkout.here().root
        said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=cwd, env=child_env()).stdout
    found: list[dict[str, float]] = json.loads(said)
    return found


@contextmanager
def _folder(files: dict[str, str]) -> Iterator[Path]:
    """A folder with these files, which is removed afterwards."""
    with TemporaryDirectory(prefix="quizapp-bench-") as name:
        for file, text in files.items():
            (Path(name) / file).write_text(text, encoding="utf-8")
        yield Path(name)


def _write_package(path: Path) -> None:
    words = Words(PACKAGE_NOTES)
    deck = genanki.Deck(1, "Networks")
    for number in range(PACKAGE_NOTES):
        picture = f'<br><img src="{number % PICTURES}.png">'
        fields = [words.question(), f"<b>{words.sentence()}</b>{picture if number % 4 == 0 else ''}"]
        deck.add_note(genanki.Note(model=genanki.BASIC_MODEL, fields=fields))
    with TemporaryDirectory(prefix="quizapp-bench-") as folder:
        package = genanki.Package(deck)
        package.media_files = _pictures(Path(folder))
        package.write_to_file(path)


def _pictures(folder: Path) -> Sequence[str]:
    """Files that begin as PNG files do; nothing draws them."""
    names = []
    for number in range(PICTURES):
        picture = folder / f"{number}.png"
        picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes([number]) * PICTURE_BYTES)
        names.append(str(picture))
    return names
