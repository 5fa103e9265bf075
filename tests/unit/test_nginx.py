"""The configuration of nginx says what the web process says: limits, times, pages."""

import re

from quizapp import gunicorn_web
from quizapp.labs.wiring import PING_S
from quizapp.settings import ROOT
from quizapp.web.error_pages import _SENTENCES
from quizapp.web.server import HEAD_S, SEND_S
from quizapp.web.whole_requests import MAX_BODY_BYTES, UPLOAD_MAX_BYTES, UPLOADS

DEPLOY = ROOT / "deploy"
TERMINAL = "/labs/runs/0a1b2c3d-0000-4000-8000-000000000000/terminal"


def read(name: str) -> str:
    """A configuration with what it includes, without its comments."""
    text = re.sub(r"#.*", "", (DEPLOY / name).read_text(encoding="utf-8"))
    return re.sub(r"include (\S+);", lambda found: read(found[1]), text)


CONF = read("nginx.conf")
UNITS = {"s": 1, "m": 1024**2, "k": 1024, "": 1}


def said(name: str) -> list[int]:
    """Every value of a directive, in seconds or bytes."""
    return [int(number) * UNITS[unit] for number, unit in re.findall(rf"\b{name} (\d+)([smk]?);", CONF)]


def places(directive: str) -> set[str]:
    """The paths of the product, in one of its sites below a path too, for which the directive is set."""
    (pattern,) = re.findall(rf"location ~ (\S+) \{{[^}}]*\b{directive} ", CONF)
    paths = {*UPLOADS, TERMINAL, "/", "/content", "/content/import/x", "/review"}
    found = {path for path in paths if re.search(pattern, path)}
    assert found == {path for path in paths if re.search(pattern, f"/quiz{path}")}
    return found


def test_a_body_may_be_as_long_here_as_there() -> None:
    assert said("client_max_body_size") == [MAX_BODY_BYTES, UPLOAD_MAX_BYTES]
    assert places("client_max_body_size") == UPLOADS


def test_a_slow_client_has_as_long_here_as_there() -> None:
    assert said("client_header_timeout") == [HEAD_S]
    assert said("send_timeout") == [SEND_S]


def test_a_terminal_outlives_its_pings() -> None:
    assert places("proxy_set_header Upgrade") == {TERMINAL}
    assert min(said("proxy_read_timeout")) > 2 * PING_S


def test_a_connection_to_the_web_process_is_ended_on_this_side() -> None:
    assert max(said("keepalive_timeout")) < gunicorn_web.keepalive


def test_there_is_room_for_half_requests() -> None:
    assert said("worker_connections")[0] >= gunicorn_web.worker_connections
    assert said("worker_rlimit_nofile")[0] > 2 * said("worker_connections")[0]


def test_the_page_for_what_is_too_large_says_what_ours_says() -> None:
    page = (ROOT / "deploy" / "413.html").read_text(encoding="utf-8")
    assert "error_page 413 /413.html;" in CONF
    assert all(sentence in page for sentence in _SENTENCES[413])


def test_what_was_not_answered_goes_to_the_next_process_but_no_form_that_was_sent() -> None:
    (cases,) = re.findall(r"proxy_next_upstream ([^;]+);", CONF)
    assert cases.split() == ["error", "timeout"]  # with `non_idempotent` a form could be stored twice
    for name in ("nginx.conf", "nginx-compose.conf"):
        servers = re.findall(r"\bserver [\w.]+:8000([^;]*);", read(name))
        assert servers == [" max_fails=0"]


def test_there_is_a_page_for_when_no_process_answers() -> None:
    assert "error_page 502 504 /502.html;" in CONF
    assert "it may have been stored" in (DEPLOY / "502.html").read_text(encoding="utf-8")


def test_the_one_of_compose_differs_by_its_addresses_and_its_certificate_alone() -> None:
    def limits(conf: str) -> list[str]:
        kept = re.findall(r"[^;{}]+;", conf)
        return [line.strip() for line in kept if not re.search(r"\b(listen|server|pid|return|ssl_\w+) ", line)]

    assert limits(read("nginx-compose.conf")) == limits(CONF)


def test_compose_starts_it_from_where_it_is() -> None:
    compose = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    assert "./deploy:/etc/quizapp:ro" in compose
    assert '"-p", "/etc/quizapp", "-c", "nginx-compose.conf"' in compose
