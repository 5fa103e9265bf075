"""Says each step of a try with the seconds that it took. Knows no installation."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from ops.console import say


@contextmanager
def step(what: str) -> Iterator[None]:
    """Say that `what` is done and how long it took, once the block has ended well."""
    began = time.monotonic()
    yield
    say(f"  ok   {what}, {time.monotonic() - began:.1f} s")
