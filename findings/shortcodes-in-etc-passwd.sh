#!/bin/sh
# Short names of emoji and a line of /etc/passwd: the password's place holds `:x:`, which is the name of a red cross. Outside
# code, remark-gemoji and markdown-it-emoji put the cross there, right behind a letter too, and so does `print` of rich,
# which many commands show their output with; there it takes emoji=False or escaped text. PyMdown's emoji makes a picture
# from another server of it. `:o:` of a mount or a chown is a circle in the first three.
# Needs python3, node, npm and their package indexes. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm install --silent --no-audit --no-fund unified@11.0.5 remark-parse@11.0.0 remark-gemoji@8.0.0 remark-rehype@11.1.2 \
    rehype-stringify@10.0.1 markdown-it@15.0.3 markdown-it-emoji@3.1.0 > npm.log 2>&1 || { cat npm.log; exit 2; }
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check rich==15.0.0 pymdown-extensions==13.1.2 Markdown==3.11.3 2> pip.log ||
    { cat pip.log; exit 2; }
cat > line.mjs <<'EOF'
import MarkdownIt from "markdown-it";
import { full } from "markdown-it-emoji";
import rehypeStringify from "rehype-stringify";
import remarkGemoji from "remark-gemoji";
import remarkParse from "remark-parse";
import remarkRehype from "remark-rehype";
import { unified } from "unified";

const remark = unified().use(remarkParse).use(remarkGemoji).use(remarkRehype).use(rehypeStringify);
const text = (html) => html.replace(/<[^>]+>/g, "").trim();
console.log(text(String(await remark.process(process.argv[2]))));
console.log(text(new MarkdownIt().use(full).render(process.argv[2])));
EOF
cat > line.py <<'EOF'
import io
import re
import subprocess
from importlib.metadata import version

import markdown
from rich.console import Console

LINE = "root:x:0:0:root:/root:/bin/bash"
console = Console(file=io.StringIO(), width=100)
console.print(LINE)
by_rich = console.file.getvalue().strip()
picture = markdown.markdown(LINE, extensions=["pymdownx.emoji"])
by_node = subprocess.run(["node", "line.mjs", LINE], check=True, capture_output=True, text=True).stdout.split()
print("rich", version("rich"), "pymdown-extensions", version("pymdown-extensions"), "remark-gemoji 8.0.0, markdown-it-emoji 3.1.0")
print("one would guess:", LINE)
print("seen: remark-gemoji {}, markdown-it-emoji {}, rich {}".format(*by_node, by_rich))
print("seen: PyMdown", picture)
crossed = LINE.replace(":x:", "\N{CROSS MARK}")
known = by_node == [crossed, crossed] and by_rich == crossed and bool(re.search('root<img [^>]*src="https://[^>]*>0:0', picture))
raise SystemExit(not known)
EOF
venv/bin/python line.py
