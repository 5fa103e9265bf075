#!/bin/sh
# markdown-it-py with its preset `gfm-like`: names of files become links to web sites. GitHub links http://, https://, www. and
# addresses of mail (GFM 0.29, section 6.9); the preset asks linkify-it, which takes any ending of two letters for a
# country. install.sh, setup.py, main.rs, README.md and libc.so are such names, and some of those sites exist and belong to
# others. resolv.conf and node.js are safe. Within code nothing is linked.
# Needs python3 and the Python package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check "markdown-it-py[linkify]==4.3.0" linkify-it-py==2.2.0 2> pip.log ||
    { cat pip.log; exit 2; }
cat > links.py <<'EOF'
import re
from importlib.metadata import version

from markdown_it import MarkdownIt

NOTE = "Run install.sh and setup.py, see README.md, and look for libc.so; then edit resolv.conf and `deploy.sh`."
print("markdown-it-py", version("markdown-it-py"), "linkify-it-py", version("linkify-it-py"))
print("one would guess: no link, as on GitHub, since nothing in it is an address")
seen = re.findall('href="([^"]+)"', MarkdownIt("gfm-like").render(NOTE))
print("seen:", seen)
raise SystemExit(seen != ["http://install.sh", "http://setup.py", "http://README.md", "http://libc.so"])
EOF
venv/bin/python links.py
