"""gunicorn's worker of the web process: `gunicorn --worker-class quizapp.web.server.Worker …`. Knows no application.

gunicorn's own threaded worker gives a connection to a thread before its request has come, without a deadline for the
rest, and closes connections in its one main thread, which waits for the client meanwhile. Here a request gets a thread
once it is whole; until then, and while a connection is closing, it costs a place in the main thread's poller.
"""

import errno
import resource
import selectors
import socket
import struct
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

from gunicorn import util
from gunicorn.http.unreader import SocketUnreader
from gunicorn.workers.gthread import TConn, ThreadWorker

from quizapp.web.whole_requests import Arrival

HEAD_S = 10.0  # from the beginning of a connection or a request until its head is whole; nginx is set to the same
REQUEST_S = 30.0  # until its body is whole: 1 MiB takes 28 s at 300 kbit/s, and the usual form a tenth of a second
ARRIVE_S = 1.0  # until a request is whole that has come when the process is told to end: a proxy sends it in pieces
SEND_S = 20  # a client that takes no byte of an answer for so long counts as gone
LINGER_S = 5.0  # how long a client that still sends has to see that the answer is there
LINGER_BYTES = 16 * 1024 * 1024  # read and thrown away meanwhile, so that a body over the limit sees its error page
LINGERING_MOST = 500  # connections that are closing; beyond that the oldest is closed at once
HELD_BYTES = 64 * 1024 * 1024  # of all requests that are not whole; beyond that the largest of them is dropped
PIECE_BYTES = 64 * 1024
OTHER_FILES = 256  # descriptors left for the database, sandboxd, terminals and libraries
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class _TimedUnreader(SocketUnreader):  # type: ignore[misc]
    """Reads what a thread still needs of a request, until `until`, in seconds of the monotonic clock."""

    until = 0.0

    def chunk(self, size_hint: int | None = None) -> bytes:
        """The next bytes. Raises ConnectionResetError, which gunicorn does not log, once the time is over."""
        left = self.until - time.monotonic()
        if left <= 0:
            raise ConnectionResetError(errno.ECONNRESET, "the request took too long")
        self.sock.settimeout(left)
        try:
            data: bytes = super().chunk(size_hint)
        except TimeoutError:
            raise ConnectionResetError(errno.ECONNRESET, "the request took too long") from None
        finally:
            self.sock.settimeout(None)
        return data


class _Connection(TConn):  # type: ignore[misc]
    """A connection, with what has come of its next request."""

    def __init__(self, worker: "Worker", *arguments: Any) -> None:
        super().__init__(*arguments)
        self._worker = worker
        self.drained = 0  # bytes thrown away while it is closing
        self.is_over = False  # whether the request that a thread handles will be refused before it has come
        self.came_whole = False  # whether it has; a request right behind another one may have come in part
        self.expect_request()

    def expect_request(self) -> None:
        """Begin to wait for a request."""
        self.arrival = Arrival()
        self.began = time.monotonic()

    @property
    def until(self) -> float:
        """The end of the time that the client has now, in seconds of the monotonic clock."""
        return self.began + (REQUEST_S if self.arrival.has_head else HEAD_S)

    def init(self) -> None:
        """Give gunicorn's parser what has come. Called in the thread that handles the request."""
        if not self.initialized:
            super().init()
            self.parser.unreader = _TimedUnreader(self.sock)
        if not len(self.arrival):  # the request came right behind the one before, and the parser has its beginning
            self.began = time.monotonic()
        self.is_over, self.came_whole = self.arrival.is_over, self.arrival.is_whole
        self.parser.unreader.until = self.began + REQUEST_S
        self.parser.unreader.unread(self.arrival.take())
        self.arrival = Arrival()

    def close(self, graceful: bool = False) -> None:
        """Close it; `graceful` lets the client read the answer first, which the worker's poller waits for."""
        if graceful:
            self._worker.linger(self)
        else:
            util.close(self.sock)


class Worker(ThreadWorker):  # type: ignore[misc]
    """See the module. It serves no TLS, which a proxy in front does."""

    worker_connections: int

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.arriving: set[_Connection] = set()
        self.lingering: dict[_Connection, float] = {}  # to the time when it is closed, the oldest first
        self.held_bytes = 0  # of the requests of all arriving connections
        self.arrive_until: float | None = None
        """Once it is told to end, until when requests may still arrive, in seconds of the monotonic clock."""

    @classmethod
    def check_config(cls, cfg: Any, log: Any) -> None:
        """Raises RuntimeError for TLS: requests would be looked at before they are deciphered."""
        if cfg.is_ssl:
            raise RuntimeError("quizapp.web.server serves no TLS: put a proxy in front that does.")
        super().check_config(cfg, log)

    def init_process(self) -> None:
        """Allow this process a descriptor for each connection, and no more connections than it may have."""
        others = OTHER_FILES + LINGERING_MOST
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if hard != resource.RLIM_INFINITY:
            self.worker_connections = min(self.worker_connections, hard - others)
        if soft != resource.RLIM_INFINITY:
            resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, self.worker_connections + others), hard))
        super().init_process()

    def accept(self, listener: socket.socket) -> None:
        """Take a new connection, and wait for its request without a thread."""
        try:
            client, address = listener.accept()
        except OSError as error:
            if error.errno not in (errno.EAGAIN, errno.EWOULDBLOCK, errno.ECONNABORTED):
                raise
            return
        self.nr_conns += 1
        client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", SEND_S, 0))
        connection = _Connection(self, self.cfg, client, address, listener.getsockname())
        self.arriving.add(connection)
        self._watch_new(client, partial(self._receive, connection))

    def _watch_new(self, client: socket.socket, receive: Callable[[socket.socket], None]) -> None:
        """Look for what comes on a connection that is new.

        A terminal's thread may close its socket while that lingers here. Its number is then given to a new one, which
        the poller believes that it knows: without this the whole process ended.
        """
        try:
            self.poller.register(client, selectors.EVENT_READ, receive)
        except KeyError:
            self.poller.unregister(client.fileno())
            self.poller.register(client, selectors.EVENT_READ, receive)

    def on_client_socket_readable(self, connection: _Connection, client: socket.socket) -> None:
        """The next request begins on a kept-alive connection."""
        self.keepalived_conns.remove(connection)
        self.arriving.add(connection)
        connection.expect_request()
        self.poller.modify(client, selectors.EVENT_READ, partial(self._receive, connection))
        self._receive(connection, client)

    def _cap_keepalive(self, deadline: float) -> None:
        """Take those who wait at the door, and close it; gunicorn calls this once, when it is told to end.

        It takes no connection from then on, but the kernel goes on to, until the last of the worker's answers is
        given. A proxy's form would wait there, and break off; a door that is closed sends it to another process. A
        socket of systemd stays open for the next one.
        """
        self.arrive_until = time.monotonic() + ARRIVE_S
        for listener in self.sockets:
            before = -1
            while before < self.nr_conns:
                before = self.nr_conns
                self.accept(listener)
            listener.close()
        super()._cap_keepalive(deadline)

    def murder_pending(self) -> None:
        """Drop what has taken too long; gunicorn calls this in every turn of its loop, at least once a second."""
        now = time.monotonic()
        is_late = self.arrive_until is not None and self.arrive_until < now
        for connection in [each for each in self.arriving if each.until < now or is_late]:
            self._drop(connection)
        for connection in [each for each, until in self.lingering.items() if until < now or not self.alive]:
            self._end_lingering(connection)

    def handle_request(self, req: Any, connection: _Connection) -> bool:
        """Answer a request. One that is refused before it has come ends its connection, and its answer says so."""
        if connection.is_over:
            req.force_close()
        return bool(super().handle_request(req, connection))

    def _keepalive_after(self, connection: _Connection, keepalive: bool) -> bool:
        """Whether the connection is kept. Not with a body that was refused unread, which `linger` throws away.

        gunicorn itself would read that here, in a thread, for up to five seconds. One that is in memory is thrown away
        here: its answer said that the connection is kept.
        """
        if connection.came_whole:
            return keepalive and bool(connection.parser.finish_body())
        reader = connection.parser.mesg.body.reader
        is_unread = getattr(reader, "length", 0) > 0 or getattr(reader, "parser", None) is not None
        return not is_unread and super()._keepalive_after(connection, keepalive)

    def linger(self, connection: _Connection) -> None:
        """Close the connection once the client has seen the answer's end, or after LINGER_S or LINGER_BYTES.

        The kernel would otherwise answer bytes that nobody has read with a reset, and the client would lose the answer.
        """
        try:
            connection.sock.shutdown(socket.SHUT_WR)
            connection.sock.setblocking(False)
            self.poller.register(connection.sock, selectors.EVENT_READ, partial(self._drain, connection))
        except (OSError, ValueError):  # closed already, as a terminal's is
            util.close(connection.sock)
            return
        self.lingering[connection] = time.monotonic() + LINGER_S
        if len(self.lingering) > LINGERING_MOST:
            self._end_lingering(next(iter(self.lingering)))

    def _receive(self, connection: _Connection, client: socket.socket) -> None:
        """Take what has come, and give the request to a thread if it is whole."""
        data = _received(client)
        if data is None:
            return
        if not data and not len(connection.arrival):
            self._drop(connection)
            return
        connection.arrival.add(data)
        self.held_bytes += len(data)
        if not data or connection.arrival.is_ready:  # without data it has broken off, which the application answers
            self._forget(connection)
            connection.data_ready = True
            self.enqueue_req(connection)
        elif connection.arrival.waits_for_leave:
            with suppress(OSError):
                client.send(CONTINUE)
        if self.held_bytes > HELD_BYTES:
            self._drop(max(self.arriving, key=lambda each: len(each.arrival)))

    def _drain(self, connection: _Connection, client: socket.socket) -> None:
        """Throw away what a client sends that has its answer."""
        data = _received(client)
        if data is None:
            return
        connection.drained += len(data)
        if not data or connection.drained > LINGER_BYTES:
            self._end_lingering(connection)

    def _forget(self, connection: _Connection) -> None:
        """Wait for this request no longer."""
        self.poller.unregister(connection.sock)
        self.arriving.remove(connection)
        self.held_bytes -= len(connection.arrival)

    def _drop(self, connection: _Connection) -> None:
        self._forget(connection)
        self.nr_conns -= 1
        connection.close()

    def _end_lingering(self, connection: _Connection) -> None:
        del self.lingering[connection]
        with suppress(KeyError, ValueError):  # another thread has closed it, and a new one has its number
            self.poller.unregister(connection.sock)
        util.close(connection.sock)


def _received(client: socket.socket) -> bytes | None:
    """The next bytes, empty at the end or after a reset; None if none are there."""
    try:
        return client.recv(PIECE_BYTES)
    except BlockingIOError:
        return None
    except OSError:
        return b""
