#!/bin/sh
# Anki's search re:… looks through all fields of a note as one text. So an expression for the end of a question, re:udp$,
# finds none, though the question ends so, and re:^… knows the first field alone; front:re:… takes each field for itself.
# And a bracket within it belongs to the search unless all of the term is quoted: re:(tcp|udp)/53 looks for two things.
# Needs python3 and its package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check anki==26.9.3 2> pip.log || { cat pip.log; exit 2; }
cat > look.py <<'EOF'
import re
from importlib.metadata import version

from anki.collection import Collection

FRONT = "DNS asks tcp/53 and udp/53"
collection = Collection("collection.anki2")
note = collection.new_note(collection.models.by_name("Basic"))
note["Front"], note["Back"] = FRONT, "both, since long answers come by tcp"
collection.add_note(note, 1)


def finds(search: str) -> bool:
    return bool(collection.find_notes(search))


print("anki", version("anki"), "and a note whose front is:", FRONT)
changed = False
for expression, other in ((r"udp/53$", r"front:re:.*udp/53$"), (r"(tcp|udp)/53", r'"re:(tcp|udp)/53"')):
    guess, seen, instead = bool(re.search(expression, FRONT)), finds(f"re:{expression}"), finds(other)
    print(f"re:{expression}: one would guess {guess}, seen {seen}; {other}: {instead}")
    changed |= (guess, seen, instead) != (True, False, True)
collection.close()
raise SystemExit(changed)
EOF
venv/bin/python look.py
