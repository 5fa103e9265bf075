#!/bin/sh
# mdit-py-plugins, the formulas of markdown-it-py: with the plugin's defaults two shell variables in a sentence are a
# formula. Both dollar signs and the blank before the second one are gone. Pandoc, where this notation comes from, wants no
# blank before the closing dollar and no digit after it; here both are allowed unless allow_space and allow_digits are off.
# Needs python3 and the Python package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check markdown-it-py==4.3.0 mdit-py-plugins==0.7.0 2> pip.log ||
    { cat pip.log; exit 2; }
cat > formulas.py <<'EOF'
from importlib.metadata import version

from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin

SENTENCES = ("Set $HOME and $PATH first.", "Run it as $(id -u):$(id -g) in the container.", "A host costs $5 or $10.")


def rendered(sentence: str, **options: bool) -> str:
    return MarkdownIt("commonmark").use(dollarmath_plugin, **options).render(sentence).strip()


print("markdown-it-py", version("markdown-it-py"), "mdit-py-plugins", version("mdit-py-plugins"))
print("one would guess: the sentences stay as they are")
for sentence in SENTENCES:
    print("seen:", rendered(sentence))
strict = rendered(SENTENCES[0], allow_space=False, allow_digits=False)
print("seen with allow_space and allow_digits off:", strict)
raise SystemExit(not all("math inline" in rendered(sentence) for sentence in SENTENCES) or "math" in strict)
EOF
venv/bin/python formulas.py
