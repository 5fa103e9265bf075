"""The built front-end files: each name has a hash, so browsers may cache them for good; found by their source names."""

import json
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, cast

from flask import Flask
from whitenoise import WhiteNoise
from whitenoise.responders import MissingFileError
from whitenoise.string_utils import decode_path_info

from quizapp.settings import Settings
from quizapp.web.kept_assets import DIST, HASHED
from quizapp.web.mounting import mounted_at

PREFIX = "/static/dist/"


class BuiltFiles(WhiteNoise):  # type: ignore[misc]
    """WSGI middleware: the built files of this version, and those of others that were kept, compressed copies too."""

    def __init__(self, application: Any, *, dist: Path, kept: Path) -> None:
        """Serve the files of `dist` as they are now, and whatever lies in `kept` whenever somebody asks for it."""
        super().__init__(application, root=dist, prefix=PREFIX, immutable_file_test=rf"^{PREFIX}{HASHED.pattern}$")
        self._kept = kept

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """See WSGI."""
        url = decode_path_info(environ.get("PATH_INFO", ""))
        for find in (self.files.get, self._of_another_version):
            file = find(url)
            if file is not None:
                with suppress(FileNotFoundError):  # a build of another version in the same folder has removed it
                    return cast(Iterable[bytes], self.serve(file, environ, start_response))
        return cast(Iterable[bytes], self.application(environ, start_response))

    def _of_another_version(self, url: str) -> Any:
        """What was kept of another version under this address; None for nothing."""
        name = url.removeprefix(PREFIX)
        if url == name or not HASHED.fullmatch(name):
            return None
        try:
            return self.get_static_file(str(self._kept / name), url)
        except MissingFileError:
            return None


def init_app(app: Flask, settings: Settings) -> None:
    """Serve `static/dist` under /static/dist/ before Flask, and give templates `asset_url`."""
    DIST.mkdir(parents=True, exist_ok=True)  # the app must start in a checkout without a build
    app.wsgi_app = BuiltFiles(  # type: ignore[method-assign]
        app.wsgi_app, dist=DIST, kept=settings.assets_dir
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
