#!/bin/sh
# anki-export, a reader of Anki packages for Python, and a package as Anki writes it by default: three cards are read as one
# that nobody wrote, "Please update to the latest Anki version", without an error. Since Anki 2.1.50 a package has its cards in
# collection.anki21b, packed with zstd, and in collection.anki2, which readers of before look for, that one note. With
# "Support older Anki versions" ticked in Anki's export the three cards are there.
# Needs python3 and the Python package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check anki==26.9.3 anki-export==0.1.4 2> pip.log || { cat pip.log; exit 2; }
cat > read.py <<'EOF'
from importlib.metadata import version

from anki.collection import Collection, ExportAnkiPackageOptions
from anki_export import ApkgReader

collection = Collection("collection.anki2")
for word in ("bridge", "host", "none"):
    note = collection.new_note(collection.models.by_name("Basic"))
    note["Front"], note["Back"] = f"What is the network driver {word} for?", f"See {word}."
    collection.add_note(note, 1)
for name, legacy in (("default.apkg", False), ("older.apkg", True)):
    options = ExportAnkiPackageOptions(with_scheduling=False, with_media=False, legacy=legacy)
    collection.export_anki_package(out_path=name, options=options, limit=None)
collection.close()


def fronts(name: str) -> list[str]:
    with ApkgReader(name) as package:
        return [row[0] for row in package.export()["Basic"][1:]]


print("anki", version("anki"), "anki-export", version("anki-export"))
print("one would guess: three cards of either package, or an error")
seen, older = fronts("default.apkg"), fronts("older.apkg")
print("seen, as written by default:", seen)
print("seen, written for older versions:", older)
raise SystemExit(len(seen) != 1 or "Please update" not in seen[0] or len(older) != 3)
EOF
venv/bin/python read.py
