"""The built front-end files: each name has a hash, so browsers may cache them for good; found by their source names."""

import json
from functools import cache
from pathlib import Path

from flask import Flask
from whitenoise import WhiteNoise

from quizapp.web.mounting import mounted_at

DIST = Path(__file__).resolve().parent.parent / "static" / "dist"


def init_app(app: Flask) -> None:
    """Serve `static/dist` under /static/dist/ before Flask, compressed copies too, and give templates `asset_url`."""
    DIST.mkdir(parents=True, exist_ok=True)  # the app must start in a checkout without a build
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app, root=DIST, prefix="static/dist/", immutable_file_test=r"^.+-[0-9A-Za-z]{8}\.\w+$"
    )
    app.jinja_env.globals["asset_url"] = asset_url
    app.jinja_env.globals["asset_name"] = asset_name


def asset_url(name: str) -> str:
    """The address of a built file: `asset_url("main.css")` -> `/static/dist/main-3F2A9C1B.css`, where it is mounted.

    Raises KeyError for a name that the build did not make, FileNotFoundError before the first build (`make setup`).
    """
    return f"{mounted_at()}/static/dist/{_manifest()[name]}"


def asset_name(name: str) -> str:
    """The name of a built file without its folder. Raises what `asset_url` raises."""
    return _manifest()[name]


@cache
def built_file(name: str) -> str:
    """The text of a built file, for one that is served under another address. Raises what `asset_url` raises."""
    return (DIST / _manifest()[name]).read_text(encoding="utf-8")


@cache
def _manifest() -> dict[str, str]:
    """Source name to built name, from the file that the build wrote; read once in a process."""
    path = DIST / "manifest.json"
    if not path.exists():
        raise FileNotFoundError(f"{path} is missing; run `make setup` to build the front end")
    manifest: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return manifest
