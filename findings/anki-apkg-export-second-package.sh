#!/bin/sh
# anki-apkg-export, which Markdown-to-Anki tools of the npm registry write their packages with: the same cards written a
# second time get other guids, since the time of writing goes into them, so Anki adds them all again beside the first ones.
# And all cards of a package stand at one position among the new cards.
# Needs python3, node, npm and its package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm install --silent --no-audit --no-fund anki-apkg-export@4.0.3 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > write.cjs <<'EOF'
const { writeFileSync } = require("node:fs");
const AnkiExport = require("anki-apkg-export").default;

async function write(name) {
  const deck = new AnkiExport("Ports");
  deck.addCard("Which port has ssh?", "22");
  deck.addCard("Which port has https?", "443");
  writeFileSync(name, await deck.save(), "binary");
}
write("first.apkg").then(() => write("second.apkg"));
EOF
cat > compare.py <<'EOF'
import json
import sqlite3
import zipfile


def rows(package: str, query: str) -> list:
    with zipfile.ZipFile(package) as archive:
        archive.extract("collection.anki2")
    with sqlite3.connect("collection.anki2") as collection:
        return [value for (value,) in collection.execute(query)]


print("anki-apkg-export", json.load(open("node_modules/anki-apkg-export/package.json"))["version"])
print("a deck of two cards, written twice")
guids = [rows(package, "SELECT guid FROM notes ORDER BY flds") for package in ("first.apkg", "second.apkg")]
positions = set(rows("first.apkg", "SELECT due FROM cards"))
same = len(set(guids[0]) & set(guids[1]))
print("one would guess: 2 guids are the same in both packages, and the cards have 2 positions")
print(f"seen:            {same} guids are the same, and the positions are {positions}")
raise SystemExit(same != 0 or len(positions) != 1)
EOF
node write.cjs 2> node.log || { cat node.log; exit 2; }
python3 compare.py
