"""Compares the engine's containers with the pool's records (`plan`), and calls the pool regularly (`Reaper`)."""

import logging
import threading
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

from quizapp.errors import QuizappError
from quizapp.sandboxes.engine.protocol import Engine, Found
from quizapp.sandboxes.pool.ownership import INSTALLATION, INSTANCE, WORKSHOP, Ownership, Signer, workshop_signer

log = logging.getLogger(__name__)

# A container ends itself at the end of its life. If more than this many without a record seem to have missed that end,
# the clock of this machine is taken to be wrong, and none of them is removed.
OVERDUE_MOST = 2
STARTED_WITHIN = timedelta(minutes=10)  # after a container was created; a workshop that still lives takes one minute
LIFE_SLACK = timedelta(seconds=60)  # from the alarm of a container's first process to its end, on a busy machine


@dataclass(frozen=True, kw_only=True)
class OwnContainer:
    """A container whose labels this installation signed."""

    found: Found
    ownership: Ownership

    @property
    def has_ended(self) -> bool:
        """Whether the container was started and no longer runs."""
        return not (self.found.running or self.found.fresh)

    def is_overdue(self, now: datetime) -> bool:
        """Whether it has not ended though its first process should have ended it, LIFE_SLACK included."""
        return not self.has_ended and self.ownership.ends_at + LIFE_SLACK < now

    def is_forgotten(self, now: datetime) -> bool:
        """Whether nobody has started it for STARTED_WITHIN, so that no first process will ever end it."""
        return self.found.fresh and self.found.created_at + STARTED_WITHIN < now


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What `Pool.reconcile` does about the engine's containers."""

    adopt: tuple[OwnContainer, ...]
    """Containers without a record; each gets one."""
    remove: tuple[OwnContainer, ...]
    """Containers without a record that have ended or are overdue."""
    lost: tuple[str, ...]
    """The ids of READY and CLAIMED sandboxes whose container does not run."""
    braked: tuple[OwnContainer, ...]
    """Overdue containers that are not removed, since there are more than OVERDUE_MOST."""


def own_containers(engine: Engine, signer: Signer) -> tuple[OwnContainer, ...]:
    """Every container on the engine with labels that this installation signed for it, not forged or copied ones."""
    pairs = ((found, signer.read(found.name, found.labels)) for found in engine.list(INSTANCE, signer.instance))
    return tuple(OwnContainer(found=found, ownership=ownership) for found, ownership in pairs if ownership is not None)


def plan(own: tuple[OwnContainer, ...], *, known: Collection[str], ready: Collection[str], now: datetime) -> Plan:
    """The plan for the containers `own`. `known` ids have a record.

    `ready` ids were READY or CLAIMED before the engine made its list, so their containers must be running in it.
    """
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
    """Remove this installation's ended and overdue containers, or with `everything` all of them; returns those.

    Uses no pool. Raises what the engine raises.
    """
    doomed = tuple(one for one in own_containers(engine, signer) if everything or one.has_ended or one.is_overdue(now))
    _remove(engine, doomed)
    return doomed


def sweep_workshops(engine: Engine, key: bytes, *, now: datetime) -> tuple[OwnContainer, ...]:
    """Remove what workshops of the installation with this key have left behind, and return it; others still work.

    One that was killed while the engine did not answer leaves containers that the engine makes later. Raises what the
    engine raises.
    """
    found = engine.list(INSTALLATION, Signer(key).instance)
    pairs = ((one, workshop_signer(key, one.labels.get(WORKSHOP, "")).read(one.name, one.labels)) for one in found)
    made = (OwnContainer(found=one, ownership=ownership) for one, ownership in pairs if ownership is not None)
    doomed = tuple(one for one in made if one.is_forgotten(now) or one.is_overdue(now))
    _remove(engine, doomed)
    return doomed


def _remove(engine: Engine, doomed: Collection[OwnContainer]) -> None:
    with ThreadPoolExecutor() as threads:
        tuple(threads.map(lambda one: engine.remove(one.found.ref), doomed))


class Reaper:
    """A thread that calls `tick` and waits `every_s` seconds, until it is stopped. Errors of `tick` are only logged."""

    def __init__(self, tick: Callable[[], None], *, every_s: float) -> None:
        self._tick = tick
        self._every_s = every_s
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="reaper", daemon=True)

    def start(self) -> None:
        """Start the thread, which calls `tick` at once."""
        self._thread.start()

    def stop(self) -> None:
        """Stop the thread, and wait until its present call of `tick` returns."""
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
