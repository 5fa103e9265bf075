#!/bin/sh
# A note that explains the classes of a pattern, each with one word: `[0-9]: digits`, `[a-z]: letters`. In Markdown such a line
# is the address of a link of this name, whatever the word is, so the lines are not on the page, and what stands in brackets
# further down is a link: [A-Z] is one to `letters`, since names are the same in capitals. With footnotes, as GitHub has
# them, a negated class is one, of any number of words: `[^0-9]: no digit at all` is nowhere if nothing refers to it. All
# four below agree, as the specifications want it (CommonMark, 4.7); none says what it left out. With two words a line stays.
# Needs python3, node, npm and their package indexes. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm install --silent --no-audit --no-fund markdown-it@14.3.3 markdown-it-footnote@4.0.0 unified@11.0.5 remark-parse@11.0.0 \
    remark-gfm@4.0.1 remark-rehype@11.1.2 rehype-stringify@10.0.1 > npm.log 2>&1 || { cat npm.log; exit 2; }
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check commonmark==0.9.2 markdown-it-py==4.3.0 2> pip.log || { cat pip.log; exit 2; }
cat > note.md <<'EOF'
Classes:

[0-9]: digits
[a-z]: letters
[A-Z]: large letters

[^0-9]: no digit at all
EOF
cat > npm.mjs <<'EOF'
import { readFileSync } from "node:fs";
import MarkdownIt from "markdown-it";
import footnote from "markdown-it-footnote";
import stringify from "rehype-stringify";
import gfm from "remark-gfm";
import parse from "remark-parse";
import rehype from "remark-rehype";
import { unified } from "unified";

const text = readFileSync("note.md", "utf8");
const remark = unified().use(parse).use(gfm).use(rehype).use(stringify).processSync(text);
const made = { "markdown-it": MarkdownIt().use(footnote).render(text), "remark-gfm": `${remark}` };
process.stdout.write(JSON.stringify(made));
EOF
node npm.mjs > made.json
cat > compare.py <<'EOF'
import json
from importlib.metadata import version

import commonmark
from markdown_it import MarkdownIt

text = open("note.md").read()
made = json.load(open("made.json"))
names = {name: json.load(open(f"node_modules/{name}/package.json"))["version"] for name in made}
made |= {"commonmark": commonmark.commonmark(text), "markdown-it-py": MarkdownIt().render(text)}
print("one would guess that each page has the words digits, letters, large letters and no digit at all")
known = True
for name, page in made.items():
    print(f"seen, {name} {names.get(name) or version(name)}:", page.replace("\n", " "))
    known = known and "digits" not in page and '<a href="letters">A-Z</a>: large letters' in page
    known = known and ("no digit" in page) is (name not in names)
raise SystemExit(not known)
EOF
venv/bin/python compare.py
