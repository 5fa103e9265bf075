"""Compare the engine's list with what the pool knows: `plan` decides what to do, `Reaper` is the clockwork."""

import logging
import threading
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

from quizapp.errors import QuizappError
from quizapp.sandboxes.engine.protocol import Engine, Found
from quizapp.sandboxes.pool.ownership import INSTANCE, Ownership, Signer

log = logging.getLogger(__name__)

# A container ends itself at the end of its life. Several that did not, and that nobody here knows, mean a wrong clock.
OVERDUE_MOST = 2
LIFE_SLACK = timedelta(seconds=60)  # a first process's way from its alarm to its end, on a busy host


@dataclass(frozen=True, kw_only=True)
class OwnContainer:
    """A container whose labels this installation signed."""

    found: Found
    ownership: Ownership

    @property
    def has_ended(self) -> bool:
        """Whether nothing of it can run again."""
        return not (self.found.running or self.found.fresh)

    def is_overdue(self, now: datetime) -> bool:
        """Whether it still runs though its own first process should have ended it."""
        return not self.has_ended and self.ownership.ends_at + LIFE_SLACK < now


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What one pass does: take on, remove, declare lost by id. `braked` are overdue ones that it leaves alone."""

    adopt: tuple[OwnContainer, ...]
    remove: tuple[OwnContainer, ...]
    lost: tuple[str, ...]
    braked: tuple[OwnContainer, ...]


def own_containers(engine: Engine, signer: Signer) -> tuple[OwnContainer, ...]:
    """Every container on the engine that this installation signed; none with forged or borrowed labels."""
    pairs = ((found, signer.read(found.name, found.labels)) for found in engine.list(INSTANCE, signer.instance))
    return tuple(OwnContainer(found=found, ownership=ownership) for found, ownership in pairs if ownership is not None)


def plan(own: tuple[OwnContainer, ...], *, known: Collection[str], ready: Collection[str], now: datetime) -> Plan:
    """What to do about the engine's list. `known` ids have a record; `ready` ones were so before the list was made."""
    strangers = [one for one in own if one.ownership.id not in known]
    ended = tuple(one for one in strangers if one.has_ended)
    overdue = tuple(one for one in strangers if one.is_overdue(now))
    braked = overdue if len(overdue) > OVERDUE_MOST else ()
    running = {one.ownership.id for one in own if one.found.running}
    return Plan(
        adopt=tuple(one for one in strangers if one not in ended and one not in overdue),
        remove=ended + (() if braked else overdue),
        lost=tuple(sorted(set(ready) - running)),
        braked=braked,
    )


def sweep(engine: Engine, signer: Signer, *, everything: bool, now: datetime) -> tuple[OwnContainer, ...]:
    """Remove what has ended or is overdue, or `everything`, straight on the engine, and return what was removed."""
    doomed = tuple(one for one in own_containers(engine, signer) if everything or one.has_ended or one.is_overdue(now))
    with ThreadPoolExecutor() as threads:
        tuple(threads.map(lambda one: engine.remove(one.found.ref), doomed))
    return doomed


class Reaper:
    """A thread that calls `tick` every `every_s` seconds until it is stopped. An engine that is off is waited for."""

    def __init__(self, tick: Callable[[], None], *, every_s: float) -> None:
        self._tick = tick
        self._every_s = every_s
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="reaper", daemon=True)

    def start(self) -> None:
        """Begin, with a first pass at once."""
        self._thread.start()

    def stop(self) -> None:
        """End after the pass that is under way."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while True:
            try:
                self._tick()
            except QuizappError as error:
                log.warning("reaper: %s", error)
            except Exception:
                log.exception("reaper: a pass failed, the next one tries again")
            if self._stop.wait(self._every_s):
                return
