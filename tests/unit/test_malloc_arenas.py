"""That a process of many threads has no more heaps of glibc's than it was told to, and gives back what is free."""

import platform
import subprocess
import sys

import pytest

from quizapp import malloc_arenas
from quizapp.settings import ROOT

# Threads that hold some memory beside each other; then how many heaps there are but the first, each at a multiple of
# 64 MiB, which is glibc's size for one.
SCRIPT = """
import re, sys, threading
from pathlib import Path
from quizapp import malloc_arenas
if "limit" in sys.argv:
    assert malloc_arenas.limit()
meet, held = threading.Barrier(16), []
def work():
    held.append(bytearray(2_000))
    meet.wait()
threads = [threading.Thread(target=work) for _ in range(16)]
for one in threads: one.start()
for one in threads: one.join()
maps = Path("/proc/self/maps").read_text()
begins = re.findall(r"^([0-9a-f]+)-\\S+ rw-p 0+ 00:00 0 *$", maps, re.MULTILINE)
print(sum(int(begin, 16) % 2**26 == 0 for begin in begins))
"""


def heaps_beside_the_first(*arguments: str) -> int:
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT, *arguments], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return int(ran.stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="heaps of this kind are glibc's")
def test_many_threads_share_two_heaps() -> None:
    assert heaps_beside_the_first() >= malloc_arenas.MOST
    assert heaps_beside_the_first("limit") == malloc_arenas.MOST - 1


# 40 MB in pieces that are freed but for the last, below which glibc keeps them by itself.
FREED = """
from pathlib import Path
from quizapp import malloc_arenas
def mib():
    (kib,) = (line.split()[1] for line in Path("/proc/self/status").read_text().splitlines() if "VmRSS" in line)
    return int(kib) / 1024
pieces = [bytes(2_000) for _ in range(20_000)]
last = bytes(2_000)
del pieces
before = mib()
assert malloc_arenas.trim()
print(before - mib())
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="trimming is glibc's")
def test_what_is_free_goes_back_to_the_system() -> None:
    ran = subprocess.run([sys.executable, "-c", FREED], cwd=ROOT, capture_output=True, text=True, check=True)
    assert float(ran.stdout) > 20
