"""What real clients do to a real server: forms that break off, bodies that are too long or have too many fields."""

import re
import select
import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing
from itertools import cycle
from pathlib import Path
from urllib.parse import urlencode

import pytest
from requests import Session as Browser
from sqlalchemy import Engine
from sqlalchemy import select as select_rows
from sqlalchemy.orm import Session

from quizapp import clock
from quizapp.accounts import service as accounts
from quizapp.accounts.models import Role, User
from quizapp.db import create_engine_for
from quizapp.labs.runs.models import LabRun
from quizapp.labs.wiring import REQUESTS_EACH
from quizapp.web.bodies import MAX_FIELDS
from quizapp.web.whole_requests import MAX_BODY_BYTES
from tests.conftest import make_settings, opened_app
from tests.filled import rows_of
from tests.gunicorns import ANSWER_S, Site, running_site
from tests.lab_builders import add_lab
from tests.web.pages import token_in
from tests.web.test_routes import filled

# What an answer may take that waits for no slow client, on a machine that is busy with other tests. By itself it takes
# a tenth of a second; where it waited for those clients, it took more than thirty.
QUICK_S = 10.0
HALF_HEAD = b"GET / HTTP/1.1\r\nHost: loc"
HALF_BODY = b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50\r\n\r\nname="
HALF_CHUNK = b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n50\r\nname="
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
# What pages and scripts send, by its type; `words` is the token of forms.
BODIES = {
    "application/x-www-form-urlencoded": "csrf_token={words}&text=some+words",
    "multipart/form-data; boundary=part": "--part\r\nContent-Disposition: form-data; name=csrf_token\r\n\r\n{words}\r\n"
    "--part\r\nContent-Disposition: form-data; name=files; filename=a.md\r\n\r\n# A note\r\n--part--\r\n",
    "application/json": '{{"csrf_token": "{words}", "text": "some words"}}',
}
HEALTH = b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.fixture(scope="module")
def site(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The running site that all tests of this file use."""
    with running_site(migrated_sqlite, tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture(scope="module")
def database(site: Site) -> Iterator[Engine]:
    """An engine on the site's database."""
    engine = create_engine_for(site.database_url)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def form(site: Site, database: Engine) -> tuple[str, str]:
    """The headers of a request of somebody who is signed in, and the token of their forms."""
    with Session(database) as db:
        link = accounts.make_link(db, user=accounts.owner(db, now=clock.now()), now=clock.now())
        db.commit()
    with Browser() as browser:
        page = browser.get(f"{site.address}/sign-in/{link}", timeout=ANSWER_S).text
        browser.post(f"{site.address}/sign-in/{link}", data={"csrf_token": token_in(page)}, timeout=ANSWER_S)
        page = browser.get(f"{site.address}/account", timeout=ANSWER_S).text
        return f"Host: localhost\r\nCookie: quizapp={browser.cookies['quizapp']}\r\n", token_in(page)


def calendar(form: tuple[str, str], *, hour: int, framing: str) -> tuple[bytes, bytes]:
    """The head and the body of a form that sets the hour at which a day begins; the last field is the longest."""
    headers, token = form
    body = urlencode({"csrf_token": token, "rollover_hour": hour, "zone": "America/Argentina/ComodRivadavia"}).encode()
    kind = "Content-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n"
    length = framing.format(length=len(body))
    return f"POST /account/calendar HTTP/1.1\r\n{headers}{kind}{length}\r\n\r\n".encode(), body


def hour(database: Engine) -> int | None:
    """The hour that the database has for the owner."""
    with Session(database) as db:
        return db.scalar(select_rows(User.rollover_hour).where(User.role == Role.OWNER))


@pytest.mark.parametrize("missing", [1, 5, 40, 200])
def test_a_form_that_breaks_off_is_refused_and_nothing_is_written(
    site: Site, database: Engine, form: tuple[str, str], missing: int
) -> None:
    head, body = calendar(form, hour=7, framing="Content-Length: {length}")
    assert site.answer_to(head, body[:-missing]).startswith(b"HTTP/1.1 400")
    assert site.answer_to(head).startswith(b"HTTP/1.1 400")
    assert hour(database) == 4


@pytest.mark.parametrize("end", [b"", b"0", b"0\r\n", b"5\r\nab"])
def test_a_chunked_form_that_breaks_off_is_refused(
    site: Site, database: Engine, form: tuple[str, str], end: bytes
) -> None:
    head, body = calendar(form, hour=7, framing="Transfer-Encoding: chunked")
    assert site.answer_to(head, b"%x\r\n%s\r\n" % (len(body), body), end).startswith(b"HTTP/1.1 400")
    assert hour(database) == 4


def breaking_off(body: bytes) -> Iterator[tuple[str, bytes]]:
    """How a body that breaks off is framed, and what of it is sent: nothing, some of it, all but its end."""
    for sent in (b"", body[: len(body) // 2], body[:-1]):
        yield f"Content-Length: {len(body)}", sent
    half = len(body) // 2
    chunks = b"%x\r\n%s\r\n%x\r\n%s\r\n" % (half, body[:half], len(body) - half, body[half:])
    for sent in (b"", chunks[: len(chunks) // 2], chunks[:-1], chunks, chunks + b"0\r\n"):
        yield "Transfer-Encoding: chunked", sent


def test_no_route_writes_what_broke_off(tmp_path: Path, site: Site, database: Engine, form: tuple[str, str]) -> None:
    """Every route that takes something, with every type of body; the ways to break off take turns."""
    headers, token = form
    with opened_app(make_settings(tmp_path)) as app:
        taken = [filled(rule) for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())]
    with database.connect() as connection:
        before = rows_of(connection)
    for kind, text in BODIES.items():
        ways = cycle(breaking_off(text.format(words=token).encode()))
        for address, (framing, sent) in zip(sorted(taken * 2), ways, strict=False):
            said = f"{headers}X-CSRFToken: {token}\r\nContent-Type: {kind}\r\nConnection: close\r\n{framing}"
            answer = site.answer_to(f"POST {address} HTTP/1.1\r\n{said}\r\n\r\n".encode(), sent)
            assert answer.startswith(b"HTTP/1.1 400"), (address, kind, framing, sent)
            assert b"could not be understood" in answer, (address, kind, framing, sent)
    with database.connect() as connection:
        assert rows_of(connection) == before
    assert len(taken) > 100


@pytest.mark.parametrize("step", [3, 1000])
def test_a_whole_form_is_taken_in_one_piece_and_in_chunks(
    site: Site, database: Engine, form: tuple[str, str], step: int
) -> None:
    head, body = calendar(form, hour=5, framing="Content-Length: {length}")
    assert site.answer_to(head, body).startswith(b"HTTP/1.1 302")
    assert hour(database) == 5
    head, body = calendar(form, hour=4, framing="Transfer-Encoding: chunked")
    pieces = [body[start : start + step] for start in range(0, len(body), step)]
    chunks = [b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces]
    assert site.answer_to(head, *chunks, b"0\r\n\r\n").startswith(b"HTTP/1.1 302")
    assert hour(database) == 4


@pytest.mark.parametrize(
    ("sent", "times"), [(b"", 500), (HALF_HEAD, 200), (HALF_BODY, 200), (HALF_CHUNK, 200)], ids=range(4)
)
def test_slow_clients_keep_nobody_waiting(site: Site, sent: bytes, times: int) -> None:
    with ExitStack() as lines:
        for _ in range(times):
            lines.enter_context(site.connect()).sendall(sent)
        assert site.health_s() < QUICK_S


@pytest.mark.parametrize("sent", [b"", HALF_HEAD, HALF_BODY, HALF_CHUNK], ids=range(4))
def test_a_request_that_takes_too_long_is_dropped(site: Site, sent: bytes) -> None:
    with site.connect() as line:
        line.sendall(sent)
        assert line.recv(100) == b""


def test_a_byte_now_and_then_does_not_extend_the_time(site: Site) -> None:
    with site.connect() as line:
        line.settimeout(0.2)
        line.sendall(HALF_HEAD)
        for _ in range(20):  # for four seconds, twice as long as any request of this site may take
            try:
                assert line.recv(100) == b""
            except TimeoutError:
                line.sendall(b"a")
            else:
                return
        pytest.fail("it is still there")


@pytest.mark.parametrize("size", [MAX_BODY_BYTES + 1, 4 * 1024**2, 12 * 1024**2])
def test_a_body_over_the_limit_gets_its_page(site: Site, size: int) -> None:
    head = f"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: {size}\r\n\r\n".encode()
    answer = site.answer_to(head, bytes(size))
    assert answer.startswith(b"HTTP/1.1 413")
    assert b"</html>" in answer


@pytest.mark.parametrize("pieces", [16, 17, 64], ids="{} of 64 KiB".format)
def test_a_chunked_body_over_the_limit_gets_its_page_too(site: Site, form: tuple[str, str], pieces: int) -> None:
    head, body = calendar(form, hour=7, framing="Transfer-Encoding: chunked")
    filling = [b"%x\r\n&%s\r\n" % (65536, bytes(65535)) for _ in range(pieces)]
    answer = site.answer_to(head, b"%x\r\n%s\r\n" % (len(body), body), *filling, b"0\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 413")
    assert b"</html>" in answer


@pytest.mark.parametrize(("size", "kept"), [(MAX_BODY_BYTES, b"keep-alive"), (MAX_BODY_BYTES + 1, b"close")])
def test_who_is_refused_is_told_whether_the_connection_ends(site: Site, size: int, kept: bytes) -> None:
    head = f"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: {size}\r\n\r\n".encode()
    answer = site.answer_to(head, bytes(size), HEALTH)
    assert answer.startswith(b"HTTP/1.1 413")
    assert b"\r\nConnection: %s\r\n" % kept in answer
    assert answer.endswith(b"\r\n\r\nok\n") is (kept == b"keep-alive")


def test_bodies_that_are_refused_unread_keep_nobody_waiting(site: Site) -> None:
    with ExitStack() as lines:
        for _ in range(100):
            line = lines.enter_context(site.connect())
            line.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9999999\r\n\r\nab")
        assert site.health_s() < QUICK_S  # behind a hundred error pages


@pytest.fixture
def run(database: Engine, form: object) -> str:
    """The path of a run of the owner's, on a host that is set up."""
    with Session(database) as db:
        now = clock.now()
        host = {"sandbox_id": "a1", "started_at": now, "ready_at": now}
        owner = accounts.owner(db, now=now)
        run = LabRun(user_id=owner.id, lab=add_lab(db), values={"PORT": "8001"}, predictions={}, **host)
        db.add(run)
        db.commit()
        return f"/labs/runs/{run.id}"


def test_eighty_checks_of_one_learner_keep_nobody_waiting(site: Site, form: tuple[str, str], run: str) -> None:
    headers, token = form
    site.sandboxd.parent.mkdir()
    with ExitStack() as lines, closing(socket.socket(socket.AF_UNIX)) as silent:
        silent.bind(str(site.sandboxd))  # a sandboxd that takes every request and answers none
        silent.listen(100)
        asking = [lines.enter_context(site.connect()) for _ in range(80)]
        for line in asking:
            line.sendall(f"POST {run}/check HTTP/1.1\r\n{headers}X-CSRFToken: {token}\r\n\r\n".encode())
        assert site.health_s() < QUICK_S  # behind 76 error pages
        statuses = []
        while len(statuses) < 80 - REQUESTS_EACH:
            answered = select.select(asking, [], [], ANSWER_S)[0]
            assert answered
            statuses += [line.recv(12) for line in answered]
            asking = [line for line in asking if line not in answered]
    assert statuses == [b"HTTP/1.1 429"] * (80 - REQUESTS_EACH)


def test_a_form_of_very_many_fields_is_refused_before_it_is_read(site: Site, form: tuple[str, str]) -> None:
    with Browser() as browser:
        refused = browser.post(f"{site.address}/sign-in", data="a&" * MAX_FIELDS, timeout=ANSWER_S, headers=FORM)
        taken = browser.post(f"{site.address}/sign-in", data="a&" * (MAX_FIELDS - 1), timeout=ANSWER_S, headers=FORM)
    assert (refused.status_code, taken.status_code) == (413, 400)


def test_a_client_that_asks_for_leave_to_send_gets_it(site: Site) -> None:
    with site.connect() as line:
        head = HALF_BODY.partition(b"\r\n\r\n")[0]
        line.sendall(head + b"\r\nConnection: close\r\nExpect: 100-continue\r\n\r\n")
        assert line.recv(100).startswith(b"HTTP/1.1 100")
        line.sendall(bytes(50))
        assert b"HTTP/1.1 400" in b"".join(iter(lambda: line.recv(4096), b""))


def test_requests_on_one_connection_are_answered_in_their_order(site: Site) -> None:
    with site.connect() as line:
        for pieces in ([HEALTH], [HEALTH[:20], HEALTH[20:]], [HEALTH + HEALTH + HEALTH[:20], HEALTH[20:]]):
            for piece in pieces:
                line.sendall(piece)
            wanted = b"".join(pieces).count(b"\r\n\r\n")
            answers = b""
            while answers.count(b"ok\n") < wanted:
                answers += line.recv(4096)
            assert answers.count(b"HTTP/1.1 200") == wanted


def test_a_whole_head_and_body_are_taken_from_a_client_that_then_says_no_more(site: Site) -> None:
    with site.connect() as line:
        line.sendall(HEALTH)
        line.shutdown(socket.SHUT_WR)
        assert line.recv(4096).startswith(b"HTTP/1.1 200")


def test_what_a_server_counts_is_read_on_this_machine(site: Site) -> None:
    site.health_s()
    answer = site.answer_to(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").decode()
    assert answer.startswith("HTTP/1.1 200 ")
    assert re.search(r'^quizapp_requests_total\{endpoint="health",status="2xx"\} [1-9]', answer, re.MULTILINE)
    assert "\nquizapp_web_processes 1.0\n" in answer
