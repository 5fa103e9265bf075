"""What the processes of one server count and time, in memory that they share. Knows no room, no request and no format.

A cell is a double, and a row has the cells of one process. Each process adds to its own row, so that no two of them
ever write to the same cell, and whoever is asked sums all rows. The server's main process makes the memory before it
forks. It is in no file: prometheus_client's files for several processes (0.26.0) are written by `mmap`, and a disk that
is full then ends the process with SIGBUS.
"""

import json
import mmap
import threading
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum

ROWS_MOST = 32  # processes at once, those that leave while new ones come included; more are measured apart
ROW_BYTES = 128 * 1024  # a page of it takes memory once something is counted there
CELL_BYTES = 8
FAULTS_KEPT = 20  # of each process
FAULT_BYTES = 256
FAULT_NAME_CHARS = 60  # of an endpoint and of a class
# In seconds: pages that are quick, slow, above the 300 ms that nobody should wait for, and given up. With the last one,
# for whatever takes longer, they are also as many as there are cells for times.
BUCKETS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 1.0, 2.5, 10.0)
CELLS_OF_TIMES = len(BUCKETS_S) + 2  # the last but one for what took longer, the last one for the sum of seconds


@dataclass(frozen=True, kw_only=True)
class RowSpan:
    """Where something lies in each row, in bytes from the row's beginning."""

    first: int
    size: int


COUNTS = RowSpan(first=0, size=4096)
FAULTS = RowSpan(first=4096, size=8192)
REQUESTS = RowSpan(first=12288, size=ROW_BYTES - 12288)


class ProcessRows:
    """Memory for so many processes. One that is made before a fork is the same memory in both."""

    def __init__(self, most: int = ROWS_MOST) -> None:
        self._memory = memoryview(mmap.mmap(-1, most * ROW_BYTES))
        self._free = set(range(most))

    def take(self) -> int | None:
        """The number of a row for a new process; None if there is none. Called in the main process alone."""
        if not self._free:
            return None
        number = min(self._free)
        self._free.remove(number)
        return number

    def give_back(self, number: int | None) -> None:
        """Let the next process go on in this row: what the one before has counted stays in it."""
        if number is not None:
            self._free.add(number)

    def spans(self, span: RowSpan) -> Sequence[memoryview]:
        """That span of every row, in bytes."""
        starts = range(span.first, len(self._memory), ROW_BYTES)
        return [self._memory[start : start + span.size] for start in starts]


class Cells:
    """Cells of this process by their place, and their sums over all processes. Safe to use from any thread.

    `mark` says what the places mean. A row with another mark is of a process of another version, and not summed.
    """

    def __init__(self, mark: int, count: int) -> None:
        self._mark = float(mark)
        self._count = count + 1  # the first one is for the mark
        self._lock = threading.Lock()
        self.share([memoryview(bytearray(self._count * CELL_BYTES))], 0)

    def share(self, rows: Sequence[memoryview], own: int) -> None:
        """Go on in row number `own` of these; what was counted elsewhere before is not moved there."""
        self._rows = [row[: self._count * CELL_BYTES].cast("d") for row in rows]
        self._own = self._rows[own]
        if self._own[0] != self._mark:
            for place in range(self._count):
                self._own[place] = 0.0
            self._own[0] = self._mark

    def add(self, place: int, amount: float = 1.0) -> None:
        """Add to one cell."""
        with self._lock:
            self._own[place + 1] += amount

    def add_time(self, first: int, seconds: float, *, also: int | None = None) -> None:
        """Count a time among the CELLS_OF_TIMES from place `first` on, and one to the cell at the place `also`."""
        first += 1
        bucket = first + bisect_left(BUCKETS_S, seconds)
        own = self._own
        with self._lock:
            own[bucket] += 1.0
            own[first + CELLS_OF_TIMES - 1] += seconds
            if also is not None:
                own[also + 1] += 1.0

    def summed(self) -> Sequence[float]:
        """Every cell, summed over all processes."""
        rows = [row.tolist() for row in self._rows if row[0] == self._mark]
        return [sum(values) for values in zip(*rows, strict=True)][1:]

    @property
    def processes(self) -> int:
        """How many rows have been in use."""
        return sum(row[0] == self._mark for row in self._rows)


@dataclass(frozen=True, kw_only=True)
class Times:
    """How often something took how long."""

    counts: Sequence[int]
    """By bucket of BUCKETS_S, not added up; the last one for what took longer."""
    total_s: float

    @classmethod
    def of(cls, cells: Sequence[float], first: int) -> "Times":
        """The times from place `first` on."""
        last = first + CELLS_OF_TIMES - 1
        return cls(counts=[round(count) for count in cells[first:last]], total_s=cells[last])

    @property
    def count(self) -> int:
        """How many there were."""
        return sum(self.counts)

    def most_s(self, share: float) -> float | None:
        """The bound in seconds of the bucket in which this share of them is reached; None past the last one."""
        wanted, seen = share * self.count, 0
        for bound, count in zip(BUCKETS_S, self.counts, strict=False):
            seen += count
            if count and seen >= wanted:
                return bound
        return None


class Counted(StrEnum):
    """What is counted, beside requests."""

    REVIEW = "review"
    """A rating that was logged."""
    SIGN_IN = "sign-in"
    WRONG_GUESS = "wrong-guess"
    REFUSED_GUESS = "refused-guess"
    """A password that was not looked at, since too many before it were wrong."""
    REFUSED_WRITER = "refused-writer"
    """A writer whose turn at writing to SQLite did not come in time."""
    FULL_DISK = "full-disk"
    """A request that could not be done for want of room on a disk."""


@dataclass(frozen=True, kw_only=True)
class LoggedFault:
    """A fault whose log line and page have one reference."""

    at: float
    """Seconds since 1970."""
    reference: str
    endpoint: str
    kind: str
    """The name of the exception's class."""


_PLACES = {what: place for place, what in enumerate(Counted)}
_WAITS = len(_PLACES)


class Measures:
    """What this process and its neighbours have counted, the waits for a turn at writing, and their newest faults."""

    def __init__(self) -> None:
        self._cells = Cells(1, _WAITS + CELLS_OF_TIMES)
        self._faults: Sequence[memoryview] = [memoryview(bytearray(FAULTS.size))]
        self._own_faults = self._faults[0]
        self._next_fault = 0
        self._lock = threading.Lock()

    def share(self, rows: ProcessRows, number: int) -> None:
        """Go on in this row."""
        self._cells.share(rows.spans(COUNTS), number)
        self._faults = rows.spans(FAULTS)
        self._own_faults = self._faults[number]

    def count(self, what: Counted) -> None:
        """Count one."""
        self._cells.add(_PLACES[what])

    def waited(self, seconds: float) -> None:
        """Count a wait for a turn at writing."""
        self._cells.add_time(_WAITS, seconds)

    def note(self, fault: LoggedFault) -> None:
        """Keep a fault, in the place of this process's oldest."""
        said = asdict(fault) | {"endpoint": _short(fault.endpoint), "kind": _short(fault.kind)}
        text = json.dumps(said).encode().ljust(FAULT_BYTES, b"\0")
        with self._lock:
            first = self._next_fault * FAULT_BYTES
            self._own_faults[first : first + FAULT_BYTES] = text
            self._next_fault = (self._next_fault + 1) % FAULTS_KEPT

    def counts(self) -> dict[Counted, int]:
        """How often each thing was counted."""
        cells = self._cells.summed()
        return {what: round(cells[place]) for what, place in _PLACES.items()}

    def waits(self) -> Times:
        """How long writers waited for their turn."""
        return Times.of(self._cells.summed(), _WAITS)

    def faults(self) -> Sequence[LoggedFault]:
        """The newest FAULTS_KEPT of all processes, the newest first."""
        found = []
        for row in self._faults:
            for first in range(0, FAULTS_KEPT * FAULT_BYTES, FAULT_BYTES):
                text = bytes(row[first : first + FAULT_BYTES]).rstrip(b"\0")
                try:
                    found.append(LoggedFault(**json.loads(text)))
                except (ValueError, TypeError):  # none yet, or another process is writing it just now
                    continue
        return sorted(found, key=lambda fault: fault.at, reverse=True)[:FAULTS_KEPT]


def _short(name: str) -> str:
    """A name of code in so few bytes that a fault fits into FAULT_BYTES."""
    return name[:FAULT_NAME_CHARS].encode("ascii", "replace").decode()


MEASURES = Measures()
