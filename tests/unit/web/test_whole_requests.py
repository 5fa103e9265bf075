"""When a request is whole, however its bytes come."""

import pytest

from quizapp.web.whole_requests import MAX_BODY_BYTES, MAX_HEAD_BYTES, UPLOAD_MAX_BYTES, UPLOADS, Arrival

GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
SIZED = b"POST / HTTP/1.1\r\ncontent-LENGTH: 12 \r\nHost: a\r\n\r\na=1\r\n\r\nb=2&c"
CHUNKED = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\na=1\r\n2;x=y\r\n&b\r\n0\r\n\r\n"
EMPTY_CHUNKED = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
TRAILERS = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\na=1\r\n0\r\nX-Sum: 1\r\n\r\n"


def came(*pieces: bytes) -> Arrival:
    arrival = Arrival()
    for piece in pieces:
        arrival.add(piece)
    return arrival


@pytest.mark.parametrize("request_bytes", [GET, SIZED, CHUNKED, EMPTY_CHUNKED, TRAILERS], ids=range(5))
@pytest.mark.parametrize("step", [1, 2, 5, 1000])
def test_it_is_whole_with_its_last_byte_and_not_before(request_bytes: bytes, step: int) -> None:
    before = request_bytes[:-1]
    arrival = came(*(before[start : start + step] for start in range(0, len(before), step)))
    assert not arrival.is_ready
    arrival.add(request_bytes[-1:])
    assert arrival.is_ready
    assert arrival.take() == request_bytes


@pytest.mark.parametrize("length", [b"9999999999999999", b"-1", b"1x", b"", str(MAX_BODY_BYTES + 1).encode()])
def test_a_length_that_will_be_refused_is_not_waited_for(length: bytes) -> None:
    assert came(b"POST / HTTP/1.1\r\nContent-Length: " + length + b"\r\n\r\n").is_ready


def test_a_head_without_end_is_waited_for_up_to_its_limit() -> None:
    assert not came(b"G" * MAX_HEAD_BYTES).is_ready
    assert came(b"G" * MAX_HEAD_BYTES, b"G").is_ready


def test_a_chunked_body_is_waited_for_up_to_its_limit() -> None:
    head = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert not came(head, b"x" * MAX_BODY_BYTES).is_ready
    assert came(head, b"x" * MAX_BODY_BYTES, b"x").is_ready


def test_what_is_refused_before_it_has_come_is_told_from_what_is_whole() -> None:
    head = b"POST / HTTP/1.1\r\nContent-Length: %d\r\n\r\n"
    chunked = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
    found = [came(GET), came(CHUNKED), came(head % 9), came(head % (MAX_BODY_BYTES + 1)), came(chunked, bytes(2**21))]
    assert [(one.is_whole, one.is_over) for one in found] == [
        (True, False), (True, False), (False, False), (False, True), (False, True)
    ]  # fmt: skip


def test_leave_is_waited_for_only_before_the_body() -> None:
    head = b"POST / HTTP/1.1\r\nExpect: 100-Continue\r\nContent-Length: 2\r\n\r\n"
    assert came(head).waits_for_leave
    assert not came(head, b"a").waits_for_leave
    assert not came(SIZED).waits_for_leave


@pytest.mark.parametrize("path", ["/content/import/preview", "/content/import?a=1", "/content/import/x/retire"])
def test_where_files_are_uploaded_a_body_may_be_longer(path: str) -> None:
    is_upload, length = path.partition("?")[0] in UPLOADS, UPLOAD_MAX_BYTES
    head = f"POST {path} HTTP/1.1\r\nContent-Length: {length}\r\n\r\n".encode()
    assert came(head).is_ready is not is_upload  # what is too long is answered at once
    assert came(head.replace(str(length).encode(), str(length + 1).encode())).is_ready
