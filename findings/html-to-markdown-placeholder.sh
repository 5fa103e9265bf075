#!/bin/sh
# markdownify and html2text, which make Markdown of HTML (of an Anki field, say): a placeholder such as <port>, rightly
# escaped in the HTML, stands bare in the Markdown. Any reader of that Markdown takes it for a tag, and it is gone from the
# page. Both escape stars, markdownify underscores too, so one would think that text comes back as text.
# Needs python3 and the Python package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check markdownify==1.2.3 html2text==2025.4.15 markdown-it-py==4.3.0 2> pip.log ||
    { cat pip.log; exit 2; }
cat > there_and_back.py <<'EOF'
import html
import re
from importlib.metadata import version

from html2text import html2text
from markdown_it import MarkdownIt
from markdownify import markdownify

FIELD = "<p>docker run -p &lt;port&gt;:80 web</p>"


def seen_on_the_page(markdown: str) -> str:
    """What a browser shows of `markdown`: tags that it does not know show nothing."""
    return html.unescape(re.sub("<[^>]*>", "", MarkdownIt("commonmark").render(markdown))).strip()


print(*(f"{name} {version(name)}" for name in ("markdownify", "html2text", "markdown-it-py")), sep=", ")
print("HTML of the field:", FIELD)
print("one would guess:   docker run -p <port>:80 web")
shown = {convert.__name__: seen_on_the_page(convert(FIELD)) for convert in (markdownify, html2text)}
for name, text in shown.items():
    print(f"seen, {name}: {text}")
raise SystemExit(set(shown.values()) != {"docker run -p :80 web"})
EOF
venv/bin/python there_and_back.py
