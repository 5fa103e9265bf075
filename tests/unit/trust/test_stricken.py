"""What a page of a host may say while its engine or sandboxd is away, and once it is back."""

from itertools import product

import pytest

from quizapp.labs.hosts.run_host import HostState
from trust.stricken import EVENTS, HOSTS, Deed, Event, Service


@pytest.mark.parametrize("deed", Deed)
def test_no_host_ends_with_sandboxd(deed: Deed) -> None:
    event = Event(service=Service.SANDBOXD, deed=deed)
    assert event.back is HostState.READY
    assert event.away == {HostState.AWAY}


@pytest.mark.parametrize("deed", [Deed.STOP, Deed.KILL, Deed.RESTART])
def test_hosts_end_with_their_engine(deed: Deed) -> None:
    event = Event(service=Service.ENGINE, deed=deed)
    assert event.back is HostState.LOST
    assert HostState.READY not in event.away


def test_hosts_go_on_beside_an_engine_that_stands_still() -> None:
    event = Event(service=Service.ENGINE, deed=Deed.PAUSE)
    assert event.back is HostState.READY
    assert HostState.LOST not in event.away


def test_each_deed_is_done_to_each_service_of_hosts() -> None:
    assert {(event.service, event.deed) for event in EVENTS} == set(product(HOSTS, Deed))
