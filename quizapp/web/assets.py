"""The built front end: hashed files served as immutable, found by the names their sources have."""

import json
from functools import cache
from pathlib import Path

from flask import Flask
from whitenoise import WhiteNoise

DIST = Path(__file__).resolve().parent.parent / "static" / "dist"


def init_app(app: Flask) -> None:
    """Serve `static/dist` under /static/dist/ ahead of Flask, compressed copies included, and offer `asset_url`."""
    DIST.mkdir(parents=True, exist_ok=True)  # a checkout that has not been built yet must still start
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app, root=DIST, prefix="static/dist/", immutable_file_test=r"^.+-[0-9A-Za-z]{8}\.\w+$"
    )
    app.jinja_env.globals["asset_url"] = asset_url


def asset_url(name: str) -> str:
    """The address of a built file: `asset_url("main.css")` -> `/static/dist/main-3F2A9C1B.css`.

    Raises KeyError for a name that the build did not make; `make setup` builds.
    """
    return f"/static/dist/{_manifest()[name]}"


@cache
def _manifest() -> dict[str, str]:
    """Source name to built name, as the build wrote it."""
    path = DIST / "manifest.json"
    if not path.exists():
        raise FileNotFoundError(f"{path} is missing; run `make setup` to build the front end")
    manifest: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return manifest
