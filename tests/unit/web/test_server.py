"""The worker's list of sockets, where another thread closes one of them."""

import selectors
import socket
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

from quizapp.web.server import Worker


def test_a_new_connection_may_have_the_number_of_one_that_a_thread_has_closed() -> None:
    poller = selectors.DefaultSelector()
    worker: Any = SimpleNamespace(poller=poller, lingering={})
    gone, other = socket.socketpair()
    poller.register(gone, selectors.EVENT_READ, None)
    number = gone.fileno()
    gone.close()  # as a terminal's thread does
    new = socket.socket()
    assert new.fileno() == number
    Worker._watch_new(worker, new, print)
    assert poller.get_key(new).data is print
    lingers = Mock(sock=gone)
    worker.lingering[lingers] = 0.0
    Worker._end_lingering(worker, lingers)
    assert (worker.lingering, poller.get_key(new).data) == ({}, print)
    for each in (new, other):
        each.close()
    poller.close()
