"""How long requests take and how they end, by endpoint. Knows no page and no format.

The endpoints are those of the application, and all addresses that it does not have count as one, so that nobody can
make up more of them. Connections of terminals are not counted: they last as long as a person likes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

from quizapp.process_figures import CELL_BYTES, CELLS_OF_TIMES, REQUESTS, Cells, ProcessRows, Times

NOWHERE = "nowhere"  # an address that the site does not have
CLASSES = 5  # of status codes, from 1xx on
CELLS_EACH = CLASSES + CELLS_OF_TIMES


@dataclass(frozen=True, kw_only=True)
class EndpointTimes:
    """The requests of one endpoint."""

    endpoint: str
    answers: Sequence[int]
    """How many were answered by 1xx, 2xx and so on."""
    times: Times


class RequestTimes:
    """Counts the requests of one application. Safe to use from any thread."""

    def __init__(self, endpoints: Sequence[str]) -> None:
        self._names = (NOWHERE, *sorted(endpoints))[: REQUESTS.size // CELL_BYTES // CELLS_EACH]
        self._places = {name: number * CELLS_EACH for number, name in enumerate(self._names)}
        self._cells = Cells(crc32("\n".join(self._names).encode()), len(self._names) * CELLS_EACH)

    def share(self, rows: ProcessRows, number: int) -> None:
        """Go on in this row, before the first request."""
        self._cells.share(rows.spans(REQUESTS), number)

    def note(self, endpoint: str | None, status: int, seconds: float) -> None:
        """Count a request that was answered with this status after so many seconds."""
        place = self._places.get(endpoint or NOWHERE, 0)
        self._cells.add_time(place + CLASSES, seconds, also=place + status // 100 - 1)

    def found(self) -> Sequence[EndpointTimes]:
        """Those of every endpoint that was asked for, summed over all processes."""
        return [one for one in self.every() if one.times.count]

    def every(self) -> Sequence[EndpointTimes]:
        """The same of all endpoints."""
        cells = self._cells.summed()
        return [
            EndpointTimes(
                endpoint=name,
                answers=[round(count) for count in cells[place : place + CLASSES]],
                times=Times.of(cells, place + CLASSES),
            )
            for name, place in self._places.items()
        ]

    @property
    def processes(self) -> int:
        """How many processes have begun to serve since the server's start, one after another in a place as one."""
        return self._cells.processes
