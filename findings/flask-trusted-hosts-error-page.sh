#!/bin/sh
# An error page of one's own and a request for a host that is not trusted. Flask looks at TRUSTED_HOSTS while it makes what
# builds addresses, keeps the error for later and has nothing that builds them. So a handler that draws the page of a 400
# with a link made by url_for, as the layout of most sites does, raises an AttributeError, does so again for the 500 that
# this is, and no answer comes from the application at all.
# Needs python3 and its package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check flask==3.1.3 werkzeug==3.1.9 2> pip.log || { cat pip.log; exit 2; }
cat > ask.py <<'EOP'
from importlib.metadata import version

from flask import Flask, url_for
from werkzeug.exceptions import HTTPException

app = Flask("site", static_folder=None)
app.config["TRUSTED_HOSTS"] = ["quiz.example"]
app.logger.disabled = True


@app.get("/")
def home() -> str:
    return "home"


@app.errorhandler(HTTPException)
def page(error: HTTPException) -> tuple[str, int]:
    return f'{error.name}. <a href="{url_for("home")}">Home</a>', error.code


def asked(path: str, host: str) -> object:
    try:
        return app.test_client().get(path, headers={"Host": host}).status_code
    except AttributeError as error:
        return f"AttributeError: {error}"


print("Flask", version("flask"), "Werkzeug", version("werkzeug"))
print("the same page for a wrong address:", asked("/nowhere", "quiz.example"))
print("one would guess, for another host: 400")
print("seen, for another host:           ", asked("/", "other.example"))
raise SystemExit(asked("/nowhere", "quiz.example") != 404 or asked("/", "other.example") == 400)
EOP
venv/bin/python ask.py
