#!/bin/sh
# python-frontmatter, with which tools for notes and sites in Python take the settings from a note's head: it takes the blanks off
# both ends of what comes below, those before the first line too. So in a note that begins with code, written as Markdown
# has it by four blanks, the first line is no code any more, and neither is the rest, which only goes on with it: of a unit
# file there is a paragraph on the page, and two stars in it are gone. `dumps` writes it so, and the note is another one.
# A text without a head loses its blanks as well.
# Needs python3 and the Python package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check python-frontmatter==1.3.0 markdown-it-py==4.3.0 2> pip.log ||
    { cat pip.log; exit 2; }
cat > note.md <<'EOT'
---
title: A unit
---

    [Service]
    ExecStart=/usr/bin/web --name "*"
    Environment=A=*

The file of a service.
EOT
cat > read.py <<'EOT'
from importlib.metadata import version

import frontmatter
from markdown_it import MarkdownIt

print("python-frontmatter", version("python-frontmatter"), "markdown-it-py", version("markdown-it-py"))
text = open("note.md").read()
body = text.split("---\n", 2)[2]
guess, seen = (MarkdownIt("commonmark").render(one) for one in (body, frontmatter.loads(text).content))
written = MarkdownIt("commonmark").render(frontmatter.dumps(frontmatter.loads(text)).split("---\n", 2)[2])
print(f"one would guess:\n{guess}seen:\n{seen}seen of a note that was read and written again:\n{written}")
bare = frontmatter.loads("    mount -a\n").content
print(f"without a head, one would guess: '    mount -a'; seen: {bare!r}")
known = "<pre>" in guess and "<pre>" not in seen and "<em>" in seen and written == seen and bare == "mount -a"
raise SystemExit(not known)
EOT
venv/bin/python read.py
