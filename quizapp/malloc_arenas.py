"""How many heaps glibc gives to a process of many threads, and what it keeps. Knows no server.

By itself glibc makes eight for each processor, and what one thread has given back only threads of the same heap get: a
server whose 64 threads have all worked at once grew by 5 % more with each such moment, by 18 % in five minutes.
"""

import ctypes

M_ARENA_MAX = -8  # as malloc.h names it
MOST = 2


def limit() -> bool:
    """Let this process and its forks have MOST heaps; whether that could be set. Call it before there are threads.

    Only glibc knows it: with another C library nothing is done.
    """
    set_option = getattr(ctypes.CDLL(None), "mallopt", None)
    return set_option is not None and bool(set_option(M_ARENA_MAX, MOST))


def trim() -> bool:
    """Give the system what is free, within the heap too. Whether there was anything, and glibc.

    After a start it was 1 MiB of web's 79; after Progress had read 200,000 reviews, over and over, 35 of 160. It takes
    1 to 2 ms.
    """
    give_back = getattr(ctypes.CDLL(None), "malloc_trim", None)
    return give_back is not None and bool(give_back(0))
