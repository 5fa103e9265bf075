#!/bin/sh
# sphinx-mdinclude, which brings a README into Sphinx by making reStructuredText of its Markdown: a backslash that Markdown shows is
# written as it is, and there it guards the next sign and is not shown. So the folder C:\nas\backup is C:nasbackup, the share
# \\nas\backup is \nasbackup, and neither is there. Code that is bold is shown with double backquotes around it, and so is code
# with a letter right behind it, `.env`s, since reStructuredText wants a blank there. Nothing is said. m2r2, which does the
# same work, writes all three so that they are kept.
# Needs python3 and the Python package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check sphinx-mdinclude==0.6.2 m2r2==2.1.0 docutils==0.22.4 2> pip.log ||
    { cat pip.log; exit 2; }
cat > notes.md <<'EOT'
The backup is in C:\nas\backup now.

The share is \\\\nas\backup here.

Two `.env`s and **`docker run`** too.
EOT
cat > read.py <<'EOT'
import html
import re
from importlib.metadata import version

import m2r2
from docutils.core import publish_parts
from sphinx_mdinclude.render import RestMarkdown


def shown(rest: str) -> list[str]:
    page = publish_parts(rest, writer="html5", settings_overrides={"report_level": 5})["body"]
    return [html.unescape(re.sub("<[^>]+>", "", text)) for text in re.findall("<p>(.*?)</p>", page, re.DOTALL)]


for name in ("sphinx-mdinclude", "m2r2", "docutils"):
    print(name, version(name))
text = open("notes.md").read()
guess, seen = shown(m2r2.convert(text)), shown(RestMarkdown()(text))
print("one would guess, as of m2r2:", *guess, sep="\n  ")
print("seen:", *seen, sep="\n  ")
right = [r"The backup is in C:\nas\backup now.", r"The share is \\nas\backup here.", "Two .envs and docker run too."]
known = ["The backup is in C:nasbackup now.", r"The share is \nasbackup here.", "Two ``.env``s and ``docker run`` too."]
raise SystemExit(guess != right or seen != known)
EOT
venv/bin/python read.py
