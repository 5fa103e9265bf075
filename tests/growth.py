"""Whether the time of a piece of work grows with the size of what it gets, or with the square of it."""

import time
from collections.abc import Callable

TIMES = 4  # as large; the time of quadratic work is then sixteen times as long
LINEAR_MOST = 9.0  # between the 4 of linear work and those 16, on a machine that does something else besides
TRIES = 3


def growth(work: Callable[[int], object], size: int) -> float:
    """How many times as long `work` takes for TIMES as much; at least `size` should take a millisecond."""
    return _seconds(work, TIMES * size) / _seconds(work, size)


def _seconds(work: Callable[[int], object], size: int) -> float:
    """The least of TRIES, in the processor's time of this thread: other programs can only make it longer."""
    taken = []
    for _ in range(TRIES):
        began = time.thread_time()
        work(size)
        taken.append(time.thread_time() - began)
    return min(taken)
