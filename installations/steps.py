"""Says each step of a try with the seconds that it took. Knows no installation."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

from ops.console import say


def new_name() -> str:
    """A name that nobody has: each visit begins with an account of its own, without cards and runs."""
    return f"visitor-{uuid4().hex[:8]}"


@contextmanager
def step(what: str) -> Iterator[None]:
    """Say that `what` is done and how long it took, once the block has ended well."""
    began = time.monotonic()
    yield
    say(f"  ok   {what}, {time.monotonic() - began:.1f} s")
