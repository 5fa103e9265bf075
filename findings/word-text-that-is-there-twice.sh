#!/bin/sh
# Notes from Word, read by docx2txt and docx2python: what has been moved while changes are tracked stands in the file where it was
# (w:moveFrom) and where it is (w:moveTo), and both read it at both places; so of steps put in order `systemctl stop db` comes
# first and last. Text that is taken away while changes are tracked is left out, as one would think. And a text box is in the
# file twice, for newer and for older programs (mc:AlternateContent, of which a reader takes one): they read both, so a
# question in a box is asked twice. mammoth and pandoc give the moved line once, and mammoth the box once.
# Needs python3 and the Python package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check python-docx==1.2.0 docx2txt==0.9 docx2python==3.7.1 mammoth==1.13.0 \
    2> pip.log || { cat pip.log; exit 2; }
cat > read.py <<'EOT'
from importlib.metadata import version

import docx
import docx2txt
import mammoth
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx2python import docx2python

SPACES = (
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)
BOX = "<w:txbxContent><w:p><w:r><w:t>Which port?</w:t></w:r></w:p></w:txbxContent>"
MARKS = f'{nsdecls("w", "wp", "a")} {SPACES} w:id="1" w:author="A" w:date="2026-12-01T00:00:00Z"'
new = f'<a:graphicData uri="wps"><wps:wsp><wps:txbx>{BOX}</wps:txbx></wps:wsp></a:graphicData>'
elements = [
    f"<w:moveFrom {MARKS}><w:r><w:t>systemctl stop db</w:t></w:r></w:moveFrom>",
    f"<w:r {MARKS}><w:t>cp -a /srv/db /backup</w:t></w:r>",
    f"<w:del {MARKS}><w:r><w:delText>rm -r /backup</w:delText></w:r></w:del>",
    f"<w:moveTo {MARKS}><w:r><w:t>systemctl stop db</w:t></w:r></w:moveTo>",
    f'<w:r {MARKS}><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:inline><a:graphic>{new}'
    f"</a:graphic></wp:inline></w:drawing></mc:Choice><mc:Fallback><w:pict><v:rect><v:textbox>{BOX}</v:textbox></v:rect></w:pict>"
    "</mc:Fallback></mc:AlternateContent></w:r>",
]
document = docx.Document()
for element in elements:
    document.add_paragraph()._p.append(parse_xml(element))
document.save("note.docx")
readers = {
    "mammoth": lambda path: mammoth.extract_raw_text(open(path, "rb")).value,
    "docx2txt": docx2txt.process,
    "docx2python": lambda path: docx2python(path).text,
}
seen = {}
for name, read in readers.items():
    seen[name] = [line.strip() for line in read("note.docx").splitlines() if line.strip()]
    print("one would guess, as" if name == "mammoth" else "seen,", name, version(name), seen[name])
once = ["cp -a /srv/db /backup", "systemctl stop db", "Which port?"]
twice = ["systemctl stop db", "cp -a /srv/db /backup", "systemctl stop db", "Which port?", "Which port?"]
raise SystemExit(list(seen.values()) != [once, twice, twice])
EOT
venv/bin/python read.py
