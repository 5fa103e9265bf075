#!/bin/sh
# inka2, which makes cards for Anki of Markdown: it finds questions, answers and the end of a part by how a line begins, in
# code as well. A line of code that begins with `>`, as a shell's second prompt or a redirection does, is the answer, and the
# true one and the rest of the code are gone from the card. `---` between two YAML documents, as files for Kubernetes have
# it, ends the part: the card is not made, and no card after it. A numbered line of code begins another card. In a fence
# nothing of the sort is Markdown. Nothing is said.
# Needs python3 and the Python package index; no Anki. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check inka2==3.2.2 2> pip.log || { cat pip.log; exit 2; }
cat > cards.md <<'EOF'
---
Deck: Shell

1. Which port has ssh?

> 22

2. Where does the text go?

```sh
cat notes.txt \
> all.txt
wc -l all.txt
```

> To all.txt

3. How many objects are in this file?

```yaml
kind: Service
---
kind: Deployment
```

> Two

4. Which port has DNS?

> 53

---
EOF
cat > read.py <<'EOF'
from importlib.metadata import version

from inka2.models.config import Config
from inka2.models.parser import Parser

print("inka2", version("inka2"))
cards = [note.get_raw_fields() for note in Parser(Config("inka.ini"), "cards.md", "Shell").collect_notes()]
print("one would guess: four cards, of which the second has the answer", repr("To all.txt"))
for front, back in cards:
    print("seen:", repr(front), "->", repr(back))
answers = [back for _, back in cards]
raise SystemExit(answers != ["22", "all.txt"] or "wc" in cards[1][0])
EOF
venv/bin/python read.py
