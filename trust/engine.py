"""Engine and sandboxd are stopped, killed, paused by SIGSTOP and restarted while learners rate cards and have hosts.

No review may fail, and within RIGHT_S every page of a host says what is so: away while sandboxd is away, lost after the
engine has ended it, ready as before once a sandboxd is back. The control is a web application that believes what it was
told once, and asks sandboxd before it takes a review. Needs an engine of its own, so that no other one is touched.
"""

import re
import sys
import threading
import time
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from benchmarks.product import p95_ms, wait_for
from benchmarks.raters import Learner
from quizapp.db import create_engine_for
from quizapp.labs.hosts.run_host import HostState
from trust.concurrency import Written, lost, rate
from trust.forms import fields_of
from trust.people import learner_with_cards
from trust.person import Person
from trust.promises import Control, Promise, Scale, not_run
from trust.stricken import EVENTS, LAB, Deed, Event, Service, Stricken, engine_with_image, stricken, why_not

NAME = "engine"
LEARNERS = 20
PAUSE_S = 0.5  # of a learner between two reviews
RIGHT_S = 30.0  # after an event, until every page must say what is so
WEAK_RIGHT_S = 5.0  # the same for the control, whose pages never say it
LOOK_S = 0.1  # between two looks at a page
AIM = f"0 reviews failed or lost, every state right within {RIGHT_S:.0f} s"
WEAK_EVENTS = (Event(service=Service.SANDBOXD, deed=Deed.STOP), Event(service=Service.ENGINE, deed=Deed.KILL))


@dataclass(kw_only=True)
class Noticed:
    """What learners noticed of the events."""

    written: Written = field(default_factory=Written)
    states: int = 0
    """How often the page of a host was held against what is so."""
    wrong: list[str] = field(default_factory=list)
    """Pages that did not say in time what is so."""
    longest_s: float = 0.0
    """The longest time until a page said it."""

    @property
    def said(self) -> str:
        """The figures in words."""
        taken = self.written.taken_s
        first = "".join(f"; {one}" for one in [*self.written.refused[:2], *self.wrong[:3]])
        return (
            f"{self.written.said}, p95 {p95_ms(taken):.0f} ms, longest {max(taken):.1f} s; {len(self.wrong)} of "
            f"{self.states} states wrong, the slowest right after {self.longest_s:.1f} s{first}"
        )

    @property
    def is_clean(self) -> bool:
        """Whether nothing failed, and something was tried."""
        return not (self.written.refused or self.written.lost or self.wrong) and bool(self.written.acknowledged)


class HostPage:
    """Somebody with a run of a lab, and the page of its host."""

    def __init__(self, learner: Learner) -> None:
        self._person = Person(learner.link)
        page = self._person.get(f"/labs/{LAB}").text
        begun = self._person.post(f"/labs/{LAB}/prediction", fields_of(page, ending="/prediction"))
        self._run = urlsplit(begun.location).path

    def state(self) -> HostState | None:
        """What the page says; None where it did not come."""
        answer = self._person.get(f"{self._run}/host")
        found = re.search(r'data-host-state="(\w+)"', answer.text)
        return HostState(found[1]) if answer.status == 200 and found else None

    def is_ready(self) -> bool:
        """Whether the host is ready; does what a person does to have it so: asks for a host, and sets it up."""
        match self.state():
            case HostState.READY:
                return True
            case HostState.NONE | HostState.LOST | HostState.UNFIT:
                self._person.post(f"{self._run}/host", {"reset": "yes"})
            case HostState.UP:
                self._person.post(f"{self._run}/set-up", {})
        return False

    def seconds_until(self, right: Collection[HostState], *, within_s: float) -> float | None:
        """How long it takes until the page says one of these; None if it does not in time."""
        began = time.monotonic()
        while self.state() not in right:
            if time.monotonic() - began > within_s:
                return None
            time.sleep(LOOK_S)
        return time.monotonic() - began

    def close(self) -> None:
        """Close the browser."""
        self._person.close()


def run(scale: Scale) -> Promise:
    """Try it on an engine and products of its own, which are removed afterwards."""
    if missing := why_not():
        return not_run(NAME, aim=AIM, missing=missing)
    rounds, hosts = scale.count(short=len(EVENTS), full=50), scale.count(short=2, full=4)
    events = [EVENTS[number % len(EVENTS)] for number in range(rounds)]
    with engine_with_image() as (engine, place, home):
        with stricken(engine, place, home / "own") as running:
            found = noticed(running, events, hosts=hosts)
        with stricken(engine, place, home / "weak", app="trust.weak.believes_the_past:app") as running:
            weak = noticed(running, WEAK_EVENTS, hosts=1, within_s=WEAK_RIGHT_S)
    return Promise(
        name=NAME,
        done=f"{rounds} rounds of stop, kill, SIGSTOP and restart of engine and sandboxd beside {LEARNERS} learners "
        f"who rated and {hosts} with hosts",
        seen=found.said,
        aim=AIM,
        held=found.is_clean,
        control=Control(
            weakness="a host is what it was once, a review asks sandboxd first",
            seen=f"{len(weak.written.refused)} reviews refused, {len(weak.wrong)} of {weak.states} states wrong",
            failed=bool(weak.written.refused) and bool(weak.wrong),
        ),
    )


def noticed(running: Stricken, events: Sequence[Event], *, hosts: int, within_s: float = RIGHT_S) -> Noticed:
    """One event after the other, each once all hosts are ready, while people rate; then look at the log."""
    url = f"sqlite:///{running.installation.instance / 'quizapp.sqlite3'}"
    learners = _learners(url, running.installation.address, LEARNERS + hosts)
    pages = [HostPage(one) for one in learners[LEARNERS:]]
    seen = Noticed()
    with ThreadPoolExecutor(hosts) as looking, _rating(learners[:LEARNERS], seen):
        for number, event in enumerate(events, start=1):
            wait_for(lambda: all(looking.map(HostPage.is_ready, pages)), "the hosts are ready")
            look = partial(_look, looking, pages, seen=seen, within_s=within_s)
            running.strike(event)
            if event.lasts:
                look(event.away, when=f"{event.said}, away")
            running.mend(event)
            look({event.back}, when=f"{event.said}, back")
            print(f"round {number}: {event.said}: {seen.states} states, {seen.wrong}", file=sys.stderr)
    for page in pages:
        page.close()
    seen.written.lost = lost(url, seen.written.acknowledged)
    return seen


def _look(
    looking: ThreadPoolExecutor,
    pages: Sequence[HostPage],
    right: Collection[HostState],
    *,
    seen: Noticed,
    when: str,
    within_s: float,
) -> None:
    """Look at all pages at once until each says one of `right`, and count."""
    taken = list(looking.map(partial(HostPage.seconds_until, right=right, within_s=within_s), pages))
    seen.states += len(taken)
    for page, seconds in zip(pages, taken, strict=True):
        if seconds is None:
            seen.wrong.append(f"{when}: {page.state()}")
        else:
            seen.longest_s = max(seen.longest_s, seconds)


@contextmanager
def _rating(learners: Sequence[Learner], seen: Noticed) -> Iterator[None]:
    """Let them rate while the block runs, and count then."""
    until = threading.Event()
    with ThreadPoolExecutor(len(learners)) as pool:
        parts = [pool.submit(rate, learner, until, pause_s=PAUSE_S) for learner in learners]
        try:
            yield
        finally:
            until.set()
        for part in parts:
            seen.written.add(part.result())


def _learners(url: str, address: str, number: int) -> Sequence[Learner]:
    engine = create_engine_for(url)
    with Session(engine) as db:
        made = [learner_with_cards(db, address, one) for one in range(number)]
        db.commit()
    engine.dispose()
    return made
