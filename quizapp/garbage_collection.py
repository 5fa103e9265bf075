"""Holds Python's collector of unused objects back while many are made that stay in use. Knows no note.

A parsed note is some hundred thousand objects, none of which the collector can take. It looks through all of them again
and again, and through all that the process has besides: a fifth of the time of an import, a third beside a full heap.
"""

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_lock = threading.Lock()
_holders = 0  # blocks that run now, of all threads: the collector is one for the process


@contextmanager
def collector_held() -> Iterator[None]:
    """No collection within the block, for one file at a time: what is unused by then is found after it.

    Of blocks in one another, or of several threads, the last one to end lets it go. Where somebody else has switched
    the collector off, it stays so.
    """
    global _holders
    with _lock:
        held = _holders > 0 or gc.isenabled()
        if held:
            gc.disable()
            _holders += 1
    try:
        yield
    finally:
        if held:
            with _lock:
                _holders -= 1
                if not _holders:
                    gc.enable()
