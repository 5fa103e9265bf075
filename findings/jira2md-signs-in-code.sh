#!/bin/sh
# jira2md, which brings texts of Jira and Confluence to Markdown and back: it changes signs in code as well. On the way to Markdown
# a comment of a shell script, `# the lab`, is the entry `1. the lab`, the file my_lab_1.yml within {{...}} is my*lab*1.yml, and stars
# around a word in a block are doubled; an address with two underscores is another address. On the way to Jira a comment in a fence is the
# heading `h1. the lab`. So a script that is copied from the other side does not run, or does something else. The marks of
# the code itself are changed rightly, so that it looks like code. jira2markdown, for Python, leaves code as it is.
# Needs python3, node, npm and their package indexes. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm install --silent --no-audit --no-fund jira2md@3.0.1 > npm.log 2>&1 || { cat npm.log; exit 2; }
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check jira2markdown==0.5.3 2> pip.log || { cat pip.log; exit 2; }
cat > page <<'EOT'
Run {{docker compose -f my_lab_1.yml up}} first:
{code:sh}
# the lab
rm *old*
{code}
EOT
cat > page.md <<'EOT'
```sh
# the lab
ls
```
EOT
cat > convert.mjs <<'EOT'
import { readFileSync, writeFileSync } from "node:fs";
import jira2md from "jira2md";

console.log("jira2md", JSON.parse(readFileSync("node_modules/jira2md/package.json", "utf8")).version);
writeFileSync("seen.md", jira2md.to_markdown(readFileSync("page", "utf8")));
writeFileSync("seen", jira2md.to_jira(readFileSync("page.md", "utf8")));
EOT
node convert.mjs
cat > compare.py <<'EOT'
from importlib.metadata import version

from jira2markdown import convert

guess, seen = convert(open("page").read()), open("seen.md").read()
print(f"one would guess, as of jira2markdown {version('jira2markdown')}:\n{guess.strip()}\nseen:\n{seen.strip()}")
print("back in Jira, one would guess: # the lab; seen:", open("seen").read().splitlines()[1])
right = ("`docker compose -f my_lab_1.yml up`", "# the lab\nrm *old*\n")
known = ("`docker compose -f my*lab*1.yml up`", "1. the lab\nrm **old**\n")
same = all(text in guess for text in right) and all(text in seen for text in known)
raise SystemExit(not same or "h1. the lab" not in open("seen").read())
EOT
venv/bin/python compare.py
