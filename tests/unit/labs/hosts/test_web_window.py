"""What is read of a port's answer, and where a redirect may lead."""

import base64

import pytest

from quizapp import clock
from quizapp.labs.hosts import web_window
from quizapp.labs.hosts.web_window import ANSWER_BYTES, BadPort, PortAnswer, PortSilent
from quizapp.sandboxes.client import CommandResult
from quizapp.sandboxes.fake import FakeSandboxClient

ASKED = "http://127.0.0.1:8080/a/b"


def read(head: str, body: bytes = b"") -> PortAnswer:
    return web_window.read(head.replace("\n", "\r\n").encode() + b"\r\n\r\n" + body, asked=ASKED)


def test_status_kind_and_body_are_read_and_nothing_else() -> None:
    found = read("HTTP/1.1 404 Not Found\nSet-Cookie: a=b\nContent-Type: text/html; charset=x\nX-A: b", b"\0\xff<p>")
    assert found == PortAnswer(status=404, content_type="text/html; charset=x", location="", body=b"\0\xff<p>")


@pytest.mark.parametrize(
    ("location", "leads"),
    [
        ("/c?d=e", "/c?d=e"),
        ("c", "/a/c"),
        ("../../../c", "/c"),
        ("http://127.0.0.1:8080/c", "/c"),
        ("http://localhost:8080/c", "/c"),
        ("http://localhost/c", ""),
        ("http://127.0.0.1:8081/c", ""),
        ("https://127.0.0.1:8080/c", ""),
        ("//example.com/c", ""),
        ("http://example.com/", ""),
        ("javascript:alert(1)", ""),
        ("/%2e%2e/%2e%2e/labs", ""),
        ("/..%5clabs", ""),
        ("/a\\..\\b", ""),
    ],
)
def test_a_redirect_leads_to_the_same_port_alone(location: str, leads: str) -> None:
    assert read(f"HTTP/1.1 302 Found\nLocation: {location}").location == leads


@pytest.mark.parametrize("head", ["", "SSH-2.0-OpenSSH", "HTTP/1.1 x y", "HTTP/1.1"])
def test_what_is_no_answer_of_http_is_none(head: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read(head)


@pytest.mark.parametrize("text", ["", "0", "65536", "-1", "80a", "²", "1" * 5_000])
def test_only_a_port_is_a_port(text: str) -> None:
    with pytest.raises(BadPort):
        web_window.port_in(text)


@pytest.mark.parametrize(
    ("output", "exit_code"),
    [("", 7), ("not base64!", 0), (base64.b64encode(b"SSH-2.0").decode(), 0), ("", web_window.TOO_LARGE)],
)
def test_what_cannot_be_shown_is_said(output: str, exit_code: int) -> None:
    client = FakeSandboxClient(now=clock.now)
    client.get(sandbox_id := client.ask(owner="ada").id)
    client.answers = AllAnswer(output, exit_code)
    with pytest.raises(PortSilent):
        web_window.ask(client, sandbox_id, port=80, target="/", head=False)


def test_what_is_asked_is_one_word_of_the_shell_and_has_limits() -> None:
    client = FakeSandboxClient(now=clock.now)
    client.get(sandbox_id := client.ask(owner="ada").id)
    with pytest.raises(PortSilent):
        web_window.ask(client, sandbox_id, port=80, target="/'; touch /tmp/x; '", head=True)
    (command,) = client.ran
    assert "'http://127.0.0.1:80/'\"'\"'; touch /tmp/x; '\"'\"''" in command
    assert f"--max-filesize {ANSWER_BYTES}" in command
    assert "--head" in command
    with pytest.raises(BadPort):
        web_window.ask(client, sandbox_id, port=80, target="/" + "a" * 5_000, head=False)


class AllAnswer(dict[str, CommandResult]):
    """Every command prints the same."""

    def __init__(self, output: str, exit_code: int) -> None:
        self._one = CommandResult(exit_code=exit_code, output=output, milliseconds=1, timed_out=False, truncated=False)

    def get(self, command: str, default: object = None) -> CommandResult:  # type: ignore[override]
        return self._one
