"""Which Python of the machine the virtual environment is made with: the fastest of this kind. Knows no step.

Several of one version often lie side by side, as Debian's own and one that pyenv has compiled: without profile-guided
optimisation the second takes a quarter more of the processor for the same work. How one was built is not to be had from
`sysconfig` (Debian's names no such option), so each does the same small task, and what it takes is compared.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from math import inf
from pathlib import Path

FOLDERS = ("/usr/local/bin", "/usr/bin")  # beside those of PATH: where the machine's own packages put theirs
FASTER = 0.9  # the share of this Python's time that another may take at most to be taken: less of a gain may be chance
ROUNDS = 3  # in turn: another program may slow one of them for all of a tenth of a second
SCRIPT = b"#!"  # what a script begins with
TASK_MOST_S = 20.0  # a task takes 0.2 s; a Python that has not done it by then is not taken
NAMED = "PYTHON"  # make hands on what a person has named, as in `make PYTHON=python3.12 run`: that one is taken

# Refuses to work in a Python of another kind, or without a module that the product needs: Debian has packages with a
# part of the library. Prints the least of several measurements, since other work makes one longer and none shorter.
TASK = """
import asyncio, bz2, ctypes, lzma, multiprocessing, sqlite3, ssl, sys, sysconfig, time, uuid, zoneinfo
assert f"{sys.implementation.cache_tag} {sys.abiflags} {sys.maxsize}" == sys.argv[1]

class Note:
    def __init__(self, number):
        self.number, self.words = number, {}
    def words_of(self, text):
        self.words[text] = sum(len(word) for word in f"{text}-{self.number}".split("-"))
        return self.words.get(text, 0)

def task():
    began, total = time.process_time(), 0
    for number in range(1000):
        total += Note(number).words_of(str(number))
        try:
            [total][number]
        except IndexError:
            total += 1
    return time.process_time() - began

print(min(task() for _ in range(60)))
"""


def kind() -> str:
    """What tells which packages' files this Python takes: its version without the last number, its build, its width."""
    return f"{sys.implementation.cache_tag} {sys.abiflags} {sys.maxsize}"


def fastest(environ: Mapping[str, str]) -> str:
    """The Python to make an environment with: this very one, if a person has named it or no other is clearly faster."""
    beside = [] if environ.get(NAMED) else others(environ)
    taken = dict.fromkeys((sys.executable, *beside), inf)
    for _ in range(ROUNDS if beside else 0):
        taken = {python: min(least_s, seconds_taken(python)) for python, least_s in taken.items()}
    best = min(taken, key=taken.__getitem__)
    return best if taken[best] <= FASTER * taken[sys.executable] else sys.executable


def others(environ: Mapping[str, str], folders: Iterable[str] = FOLDERS) -> list[str]:
    """The machine's other Pythons that have this one's version in their name.

    Scripts of that name are left out: those of pyenv choose one of several, and that is the one that runs this.
    """
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    looked_at = [*environ.get("PATH", "").split(os.pathsep), *folders]
    found = (shutil.which(name, path=folder) for folder in looked_at if Path(folder).is_absolute())
    programs = dict.fromkeys(Path(path).resolve() for path in found if path)
    return [str(program) for program in programs if program != Path(sys.executable).resolve() and _is_compiled(program)]


def _is_compiled(program: Path) -> bool:
    with program.open("rb") as file:
        return file.read(len(SCRIPT)) != SCRIPT


def seconds_taken(python: str) -> float:
    """What the task takes this Python of the processor; endlessly much where it cannot do it."""
    command = [python, "-I", "-S", "-c", TASK, kind()]
    try:
        said = subprocess.run(command, capture_output=True, text=True, timeout=TASK_MOST_S, check=True).stdout
        return float(said)
    except (OSError, subprocess.SubprocessError, ValueError):
        return inf
