#!/bin/sh
# markdown-it-py with its strict preset: after a list nested ten deep, all the rest of a document is left out, headings
# too, and nothing says so. The preset's `maxNesting` of 20 ends the parsing, and each list counts twice.
# Needs python3 and the Python package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check markdown-it-py==4.3.0 2> pip.log || { cat pip.log; exit 2; }
cat > nested.py <<'EOF'
from importlib.metadata import version

from markdown_it import MarkdownIt


def rendered(levels: int) -> str:
    items = [f"{'  ' * level}- level {level + 1}" for level in range(levels)]
    text = "\n".join([*items, "", "Text after the list.", "", "## Next heading", ""])
    return MarkdownIt("commonmark").render(text)


def what_is_there(html: str, levels: int) -> str:
    looked_for = (f"level {levels}", "Text after", "Next heading")
    return ", ".join(text for text in looked_for if text in html) or "none of them"


print("markdown-it-py", version("markdown-it-py"))
print("a list of 9 and of 10 levels, then a paragraph and a heading; of the last level, the paragraph and the heading")
print("one would guess: all three are in the HTML of both")
print("seen with  9:   ", what_is_there(rendered(9), 9))
print("seen with 10:   ", what_is_there(rendered(10), 10))
raise SystemExit(what_is_there(rendered(9), 9) == "none of them" or what_is_there(rendered(10), 10) != "none of them")
EOF
venv/bin/python nested.py
