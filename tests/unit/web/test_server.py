"""The worker's sockets: where another thread closes one of them, and when the worker is told to end."""

import selectors
import socket
from collections import deque
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import pytest
from gunicorn.config import Config

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


def test_one_that_is_told_to_end_takes_whoever_waits_and_closes_its_door() -> None:
    """gunicorn 27.0.1 leaves them waiting until it ends, and then breaks them off: a proxy had sent forms there."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.setblocking(False)
    worker: Any = Worker.__new__(Worker)
    worker.cfg, worker.sockets, worker.poller = Config(), [listener], selectors.DefaultSelector()
    worker.nr_conns, worker.held_bytes, worker.alive = 0, 0, False
    worker.arriving, worker.lingering, worker.keepalived_conns = set(), {}, deque()
    address = listener.getsockname()
    with socket.create_connection(address) as first, socket.create_connection(address) as second:
        first.sendall(b"POST /review HTTP/1.1\r\nContent-Length: 9\r\n\r\n")  # its body comes in another piece
        worker._cap_keepalive(0.0)
        assert (worker.nr_conns, len(worker.arriving)) == (2, 2)
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(address)
        worker.murder_pending()
        assert len(worker.arriving) == 2
        worker.arrive_until = 0.0
        worker.murder_pending()
        assert (worker.nr_conns, len(worker.arriving)) == (0, 0)
        assert second.recv(1) == b""
    worker.poller.close()
