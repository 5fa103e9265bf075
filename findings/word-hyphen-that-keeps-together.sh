#!/bin/sh
# Notes from Word: a hyphen at which no line breaks (Ctrl+Shift+_), which people set so that an option stays with its dash, is an
# element of its own in the file, w:noBreakHyphen. docx2txt and docx2python leave it out: of `docker run -p 80:80` comes
# `docker run p 80:80`, and of `rm -i` comes `rm i`. mammoth, pandoc and markitdown make U+2011 of it, which looks right and is
# no dash to a shell: Docker takes the whole word for the name of an image. python-docx gives `-`.
# Needs python3 and the Python package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check python-docx==1.2.0 docx2txt==0.9 docx2python==3.7.1 mammoth==1.13.0 \
    markitdown==0.1.9 pypandoc_binary==1.17 2> pip.log || { cat pip.log; exit 2; }
cat > read.py <<'EOT'
from importlib.metadata import version

import docx
import docx2txt
import mammoth
import pypandoc
from docx.oxml import OxmlElement
from docx2python import docx2python
from markitdown import MarkItDown

document = docx.Document()
run = document.add_paragraph("docker run ").add_run()
run._r.append(OxmlElement("w:noBreakHyphen"))
run.add_text("p 80:80 nginx")
document.save("note.docx")
readers = {
    "docx2txt": docx2txt.process,
    "docx2python": lambda path: docx2python(path).text,
    "mammoth": lambda path: mammoth.extract_raw_text(open(path, "rb")).value,
    "markitdown": lambda path: MarkItDown().convert(path).text_content,
    "pypandoc_binary": lambda path: pypandoc.convert_file(path, "plain"),
}
guess = docx.Document("note.docx").paragraphs[0].text
print(f"one would guess, as of python-docx {version('python-docx')}: {guess}")
seen = {name: read("note.docx").strip() for name, read in readers.items()}
for name, text in seen.items():
    print(f"seen, {name} {version(name)}: {text.encode('ascii', 'backslashreplace').decode()}")
lost, other = "docker run p 80:80 nginx", "docker run \N{NON-BREAKING HYPHEN}p 80:80 nginx"
known = [lost, lost, other, other, other]
raise SystemExit(guess != "docker run -p 80:80 nginx" or list(seen.values()) != known)
EOT
venv/bin/python read.py
