#!/bin/sh
# Notes from Word: a number that Word keeps up to date, as that of a figure or a table in its caption or a property of the document
# in a sentence, stands in the file as a field with the last value within (w:fldSimple). pandoc and mammoth, and markitdown
# which is built on it, leave out the value with the field, python-docx's `text` too: "Table 2: Ports" is "Table : Ports", and of
# "listens on port 8443" the number is gone, without a gap to be seen. docx2txt and docx2python keep it.
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
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx2python import docx2python
from markitdown import MarkItDown


def field(code: str, value: str):
    return parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr=" {code} "><w:r><w:t>{value}</w:t></w:r></w:fldSimple>')


document = docx.Document()
for before, code, value, after in (("Table ", "SEQ Table", "2", ": Ports"), ("It is on port ", "DOCPROPERTY Port", "8443", " now.")):
    paragraph = document.add_paragraph(before)
    paragraph._p.append(field(code, value))
    paragraph.add_run(after)
document.save("note.docx")
readers = {
    "docx2txt": docx2txt.process,
    "docx2python": lambda path: docx2python(path).text,
    "python-docx": lambda path: "\n".join(paragraph.text for paragraph in docx.Document(path).paragraphs),
    "mammoth": lambda path: mammoth.extract_raw_text(open(path, "rb")).value,
    "markitdown": lambda path: MarkItDown().convert(path).text_content,
    "pypandoc_binary": lambda path: pypandoc.convert_file(path, "plain"),
}
whole = "Table 2: Ports / It is on port 8443 now."
print("one would guess:", whole)
seen = {}
for name, read in readers.items():
    seen[name] = " / ".join(" ".join(line.split()) for line in read("note.docx").splitlines() if line.strip())
    print(f"seen, {name} {version(name)}: {seen[name]}")
cut = "Table : Ports / It is on port now."
raise SystemExit(list(seen.values()) != [whole, whole, cut, cut, cut, cut])
EOT
venv/bin/python read.py
