"""Raw connections: nothing lost at the start, nothing waits for ever, both limits hold."""

import os
import socket
import struct
import threading
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from quizapp.sandboxes.client import NoClearAnswer
from quizapp.sandboxes.engine import docker_stream
from quizapp.sandboxes.engine.docker_stream import DockerExec, DockerShell, Stream, TooMuch


class Peer(socket.socket):
    """The engine's end of a connection, which knows ours."""

    ours: socket.socket


@pytest.fixture
def peer() -> Iterator[Peer]:
    ours, theirs = socket.socketpair()
    peer = Peer(fileno=theirs.detach())
    peer.settimeout(5)
    peer.ours = ours
    yield peer
    peer.close()
    ours.close()


def stream_to(peer: Peer, *, read_ahead: int = 0) -> Stream:
    """A stream from the engine's end, `read_ahead` bytes of which the SDK has read into its buffer already."""
    reader = peer.ours.makefile("rb")
    if read_ahead:
        reader.peek(read_ahead)
    return Stream(SimpleNamespace(raw=SimpleNamespace(_fp=SimpleNamespace(fp=reader)), close=lambda: None))


def frame(content: bytes, stream: int = 1) -> bytes:
    return struct.pack(">BxxxL", stream, len(content)) + content


def test_what_came_with_the_headers_is_not_lost(peer: Peer) -> None:
    peer.sendall(b"prompt$ ")
    stream = stream_to(peer, read_ahead=8)
    peer.sendall(b"more")
    assert stream.receive() == b"prompt$ "
    assert stream.receive() == b"more"
    stream.close()


def test_hanging_up_wakes_who_waits(peer: Peer) -> None:
    stream = stream_to(peer)
    got: list[bytes] = []
    waiting = threading.Thread(target=lambda: got.append(stream.receive()))
    waiting.start()
    stream.hang_up()
    waiting.join(60)
    assert got == [b""]
    stream.close()
    stream.close()


def test_the_end_of_the_other_side(peer: Peer) -> None:
    stream = stream_to(peer)
    peer.close()
    assert stream.receive() == b""
    assert stream.send(b"typed", wait_s=0.1) == b""
    stream.close()


def test_sending_gives_back_what_is_not_taken(peer: Peer) -> None:
    stream = stream_to(peer)
    data = bytes(range(256)) * 8192  # 2 MiB, more than the kernel holds for a socket
    rest = stream.send(data, wait_s=0.05)
    assert 0 < len(rest) < len(data)
    stream.end_input()
    taken = b""
    while piece := peer.recv(65536):
        taken += piece
    assert taken + rest == data
    stream.close()


def test_closing_frees_the_connection(peer: Peer) -> None:
    stream = stream_to(peer)
    descriptor = peer.ours.fileno()
    stream.close()
    peer.ours.close()  # as the SDK does; the reader's own hold on it must be gone by now
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(descriptor)


def test_frames_of_both_streams_in_order(peer: Peer) -> None:
    stream = stream_to(peer)
    peer.sendall(frame(b"one ") + frame(b"two ", 2) + frame(b"") + frame(b"three")[:-2])
    peer.shutdown(socket.SHUT_WR)
    assert stream.read_frames(most_bytes=100, give_up_s=5) == b"one two "
    stream.close()


def test_too_much_and_too_late(peer: Peer) -> None:
    stream = stream_to(peer)
    peer.sendall(frame(b"x" * 101))
    with pytest.raises(TimeoutError):
        stream.read_frames(most_bytes=100, give_up_s=0.01)
    peer.sendall(frame(b"x" * 101))
    peer.shutdown(socket.SHUT_WR)
    with pytest.raises(TooMuch):
        stream.read_frames(most_bytes=100, give_up_s=5)
    stream.close()


def answering(peer: Peer, answer: bytes) -> threading.Thread:
    """Let the other side give this answer to an empty line, in two pieces."""

    def answer_it() -> None:
        assert peer.recv(10) == b"\n"
        peer.sendall(answer[:3])
        peer.sendall(answer[3:])

    thread = threading.Thread(target=answer_it)
    thread.start()
    return thread


def test_an_exec_waits_while_it_answers(peer: Peer) -> None:
    waiting = DockerExec(stream_to(peer))
    thread = answering(peer, frame(b"\n"))
    assert waiting.answers()
    thread.join()
    waiting.close()


@pytest.mark.parametrize("answer", [frame(b"sorry"), frame(b"\n", 2), frame(b"\n\n"), frame(b"\n")[:-1]])
def test_an_exec_that_says_something_else_does_not_wait(
    peer: Peer, answer: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(docker_stream, "ANSWERS_WITHIN_S", 0.1)
    waiting = DockerExec(stream_to(peer))
    thread = answering(peer, answer)
    assert not waiting.answers()
    thread.join()
    waiting.close()


def test_an_exec_that_has_ended_or_is_silent_does_not_wait(peer: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docker_stream, "ANSWERS_WITHIN_S", 0.05)
    waiting = DockerExec(stream_to(peer))
    assert not waiting.answers()
    peer.close()
    assert not waiting.answers()
    waiting.close()


def test_a_shell_waits_while_it_answers_as_a_terminal_does(peer: Peer) -> None:
    waiting = DockerShell(stream_to(peer), resize=lambda *_: None, kill=lambda: None)
    thread = answering(peer, b"\r\n")
    assert waiting.answers()
    thread.join()
    waiting.close()


def test_an_exec_gets_its_input_and_gives_its_output(peer: Peer) -> None:
    waiting = DockerExec(stream_to(peer))
    peer.sendall(frame(b"said"))
    peer.shutdown(socket.SHUT_WR)
    assert waiting.finish(b"asked", give_up_s=5, most_bytes=100) == b"said"
    assert peer.recv(100) == b"asked"
    assert peer.recv(100) == b""


def test_an_exec_past_a_limit_gives_no_clear_answer(peer: Peer) -> None:
    peer.sendall(frame(b"x" * 101))
    peer.shutdown(socket.SHUT_WR)
    with pytest.raises(NoClearAnswer):
        DockerExec(stream_to(peer)).finish(b"", give_up_s=5, most_bytes=100)
