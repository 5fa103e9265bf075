#!/bin/sh
# A file's name in a form. Browsers, by the standard that they share (WHATWG, "multipart/form-data encoding algorithm"), and
# urllib3 write a backslash in it as it is, and a quote as %22. Werkzeug undoes the quote and takes each backslash for a sign
# that guards what follows, so it is gone: two files of one form, `a\b.md` and `ab.md`, arrive under one name. Its own test
# client guards nothing, so there a quote ends the name, and a line feed makes the file a field of text that no view finds.
# Needs python3 and its package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check werkzeug==3.1.9 urllib3==2.5.0 2> pip.log || { cat pip.log; exit 2; }
cat > send.py <<'EOP'
from importlib.metadata import version
from io import BytesIO

from urllib3.filepost import encode_multipart_formdata
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

SENT = ("a\\b.md", "ab.md", 'a"b.md', "a\nb.md")


def arrived(builder: EnvironBuilder) -> list[str | None]:
    """The names of the files of a request, as Werkzeug reads it."""
    return [file.filename for file in Request(builder.get_environ()).files.values()]


def by_urllib3(name: str) -> list[str | None]:
    body, kind = encode_multipart_formdata({"file": (name, b"text")})
    return arrived(EnvironBuilder(method="POST", input_stream=BytesIO(body), content_type=kind))


def by_the_test_client(name: str) -> list[str | None]:
    return arrived(EnvironBuilder(method="POST", data={"file": (BytesIO(b"text"), name)}))


print("Werkzeug", version("werkzeug"), "urllib3", version("urllib3"))
print("one would guess, for each name:", [[name] for name in SENT])
urllib3, client = [by_urllib3(name) for name in SENT], [by_the_test_client(name) for name in SENT]
print("seen, sent by urllib3:         ", urllib3)
print("seen, sent by the test client: ", client)
raise SystemExit(urllib3[0] != ["ab.md"] or client[2] != ["a"] or client[3] != [])
EOP
venv/bin/python send.py
