#!/bin/sh
# Flask: a form in chunks over MAX_CONTENT_LENGTH is what comes before the limit, as if it were whole, without an error.
# Needs python3 and the Python package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check \
    Flask==3.1.3 Werkzeug==3.1.9 2> pip.log || { cat pip.log; exit 2; }
cat > app.py <<'EOF2'
from importlib.metadata import version
from io import BytesIO

from flask import Flask, request

app = Flask(__name__)
app.config["MAX_CONTENT_LENGTH"] = 1000


@app.post("/")
def save():
    after = "a" if "after" in request.form else "no"
    return f"{len(request.form['text']):,} characters, {after} field after them"


def sent(**said):
    body = BytesIO(b"text=" + 2000 * b"x" + b"&after=1")
    kind = "application/x-www-form-urlencoded"
    answer = app.test_client().post("/", input_stream=body, content_type=kind, environ_overrides=said)
    return answer.status if answer.status_code != 200 else f"{answer.status}, {answer.text}"


with_length = sent()
# What a server says of a body in chunks: it has no length, and the server watches over its end.
in_chunks = sent(**{"CONTENT_LENGTH": "", "wsgi.input_terminated": True})
print(*(f"{name} {version(name)}" for name in ("Flask", "Werkzeug")), sep=", ")
print("a form with 2,000 characters and a field after them, where 1,000 bytes are the most")
print(f"with its length: {with_length}")
print(f"one would guess: {with_length} in chunks too")
print(f"seen:            {in_chunks}")
raise SystemExit((with_length[:3], in_chunks) != ("413", "200 OK, 995 characters, no field after them"))
EOF2
venv/bin/python app.py
