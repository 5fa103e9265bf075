#!/bin/sh
# mktestdocs, which runs the Python of a project's Markdown so that its pages are tested: a block counts where its line is exactly
# ```python. With a title behind it, as MkDocs has it, with a blank before or behind the word, a capital, a fence of tildes or of four
# backquotes, or within a quote, it is passed over, though all of these are Python to Markdown and to the page. Nothing is
# said, so the test of a page with wrong code passes, and one of a page without any code that was found as well. Below
# each block fails if it runs.
# Needs python3 and the Python package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check mktestdocs==0.2.5 markdown-it-py==4.3.0 2> pip.log || { cat pip.log; exit 2; }
cat > pages.py <<'EOT'
import contextlib
import io
from importlib.metadata import version
from pathlib import Path

from markdown_it import MarkdownIt
from mktestdocs import check_md_file

CODE = "assert 1 == 2"
PAGES = {
    "as it has to be": f"```python\n{CODE}\n```\n",
    "in a list": f"- x\n\n  ```python\n  {CODE}\n  ```\n",
    "with a title": f'```python title="lab.py"\n{CODE}\n```\n',
    "a blank before the word": f"``` python\n{CODE}\n```\n",
    "a capital": f"```Python\n{CODE}\n```\n",
    "tildes": f"~~~python\n{CODE}\n~~~\n",
    "four backquotes": f"````python\n{CODE}\n````\n",
    "in a quote": f"> ```python\n> {CODE}\n> ```\n",
}
print("mktestdocs", version("mktestdocs"), "markdown-it-py", version("markdown-it-py"))
passed = []
for name, text in PAGES.items():
    Path("page.md").write_text(text)
    blocks = [token for token in MarkdownIt().parse(text) if token.type == "fence"]
    python = [block for block in blocks if block.info.split()[0].lower() == "python" and block.content.strip() == CODE]
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            check_md_file(Path("page.md"))
        passed.append(name)
    except AssertionError:
        pass
    seen = "it passes" if name in passed else "it fails"
    print(f"{name} ({len(python)} block of Python to markdown-it-py): one would guess it fails; seen: {seen}")
raise SystemExit(passed != list(PAGES)[2:])
EOT
venv/bin/python pages.py
