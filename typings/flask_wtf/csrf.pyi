from collections.abc import Callable
from typing import TypeVar

from flask import Flask
from werkzeug.exceptions import BadRequest

V = TypeVar("V", bound=Callable[..., object])

class CSRFError(BadRequest):
    description: str

class CSRFProtect:
    def __init__(self, app: Flask | None = None) -> None: ...
    def init_app(self, app: Flask) -> None: ...
    def _get_csrf_token(self) -> str | None: ...
    def exempt(self, view: V) -> V: ...

def generate_csrf() -> str: ...
