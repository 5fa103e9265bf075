#!/bin/sh
# genanki, which most programs in Python make Anki's packages with, on gaps as Anki has them now: a gap within a gap, and one that
# belongs to two cards, {{c1,2::...}}. genanki looks for gaps by a pattern of its own and makes cards for what it finds: of the
# first sort the outer one alone, of the second none. Anki takes the cards as they are, so after the import the inner gap is
# never asked, and a note whose only gap is for two cards has no card at all: it is in the collection and never comes. Typed into
# Anki the same texts have two cards each. Neither program says anything.
# Needs python3 and the Python package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check genanki==0.13.1 anki==26.9.3 2> pip.log || { cat pip.log; exit 2; }
cat > cards.py <<'EOT'
from importlib.metadata import version

import genanki
from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest

TEXTS = [
    "{{c1::ip {{c2::route}}}} shows routes",
    "{{c1,2::ss}} shows sockets",
    "{{c1::df}} shows disks, {{c2::du}} folders",
]


def cards(collection: Collection) -> list[list[int]]:
    notes = {note.fields[0]: note for note in map(collection.get_note, collection.find_notes(""))}
    return [[card.ord + 1 for card in notes[text].cards()] for text in TEXTS]


print("genanki", version("genanki"), "anki", version("anki"))
typed = Collection("typed.anki2")
for text in TEXTS:
    note = typed.new_note(typed.models.by_name("Cloze"))
    note.fields[0] = text
    typed.add_note(note, 1)
deck = genanki.Deck(1, "Commands")
for text in TEXTS:
    deck.add_note(genanki.Note(genanki.CLOZE_MODEL, [text, ""]))
genanki.Package(deck).write_to_file("made.apkg")
taken = Collection("taken.anki2")
taken.import_anki_package(ImportAnkiPackageRequest(package_path="made.apkg", options=ImportAnkiPackageOptions()))
guess, seen = cards(typed), cards(taken)
for text, one, other in zip(TEXTS, guess, seen, strict=True):
    print(f"{text}: one would guess, as typed into Anki, the cards {one}; seen: {other}")
raise SystemExit(guess != [[1, 2], [1, 2], [1, 2]] or seen != [[1], [], [1, 2]])
EOT
venv/bin/python cards.py
