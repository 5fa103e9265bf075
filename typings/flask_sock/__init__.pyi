# What quizapp uses of Flask-Sock, which ships no types.
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Blueprint, Flask

V = TypeVar("V", bound=Callable[..., object])

class Sock:
    def __init__(self, app: Flask | None = None) -> None: ...
    def init_app(self, app: Flask) -> None: ...
    def route(self, path: str, bp: Blueprint | None = None, **kwargs: Any) -> Callable[[V], V]: ...
