"""The learner's shell in a sandbox: keys, greeting, history, completion."""

import shlex
import threading
from datetime import UTC, datetime, timedelta

import pytest

from quizapp import clock
from quizapp.labs.hosts.motd import BOLD, PLAIN
from quizapp.labs.runs import shell_history
from quizapp.labs.runs.plain_text import plain
from quizapp.sandboxes.engine.docker import DockerEngine
from quizapp.sandboxes.recipe.template import SHELL
from quizapp.sandboxes.terminals.transcript import Transcript
from tests.sandbox.sandboxes.world import EACH_S, World

pytestmark = pytest.mark.sandbox

EPOCH = datetime.fromtimestamp(0, UTC)
KEYS = rb"$'\020\021\023.'"  # Ctrl-P, Ctrl-Q, Ctrl-S and a full stop, as bash quotes them


def test_a_terminal_on_the_learners_host(world: World) -> None:
    shown = world.type("tty; id -un; pwd; stty size; docker ps -q | wc -l; exit\n")
    assert "docker-host:~# " in shown
    for expected in ("/dev/pts/", "root", "/root", "40 100"):
        assert expected in shown


def test_keys_that_detach_a_client_or_stop_output_elsewhere_reach_the_shell(world: World, engine: DockerEngine) -> None:
    shell = engine.shell(world.ref, (SHELL,), rows=40, columns=100)
    timer = threading.Timer(EACH_S, shell.close)  # output that was stopped would be waited for without end
    timer.start()
    shown = b""
    # The shell itself reads the keys, since what comes while it gives the terminal to a program may be lost.
    for typed, awaited in (
        (b"", b"# "),
        (b"echo now; read -r keys; printf '%q' \"$keys\"\n", b"\x07now\r\n"),
        (b"\x10\x11\x13.\n", KEYS),
    ):
        shell.send(typed, wait_s=EACH_S)
        while awaited not in shown and (more := shell.receive()) is not None:
            shown += more
    timer.cancel()
    shell.close()
    assert KEYS in shown


def test_an_editor_for_beginners_and_the_habit_of_sudo(world: World) -> None:
    assert world.do("command -v nano; sudo -u root -E id -u; sudo A=1 printenv A").output == "/usr/bin/nano\n0\n1\n"
    assert "without sudo" in world.do("sudo").output


def test_the_greeting_says_what_is_not_kept(world: World) -> None:
    shown = world.type("exit\n")
    assert "docker pause does not work" in " ".join(shown.split())


def test_the_greeting_is_as_wide_as_the_terminal(own_world: World) -> None:
    task = f"Start a container {BOLD}web{PLAIN} with its port published.\n\n- In the background, so that it runs on\n"
    own_world.do(f"printf %s {shlex.quote(task)} > /etc/motd.task")
    narrow = own_world.type("exit\n", columns=34)
    assert f"Start a container {BOLD}web{PLAIN} with its\r\nport published.\r\n" in narrow
    assert "- In the background, so that it\r\n  runs on\r\n" in narrow
    greeting = plain(narrow.partition("docker-host:")[0])
    assert all(len(line) <= 34 or " " not in line.strip() for line in greeting.splitlines())
    assert "nothing of it is kept. You are root at 192.168.50.10," in own_world.type("exit\n", columns=100)


def test_the_shell_marks_where_commands_begin_and_end(own_world: World) -> None:
    recorder = (transcript := Transcript()).recorder()
    recorder.take(own_world.type("echo one\n\nls /nope 2> /dev/null\nexit\n").encode())
    assert [(one.output, one.exit_code) for one in transcript.printed()][:2] == [("one\r\n", 0), ("", 2)]
    history = shell_history.read(own_world.run(shell_history.COMMAND)[0].output, since=EPOCH, now=clock.now())
    for typed, printed in zip(history, transcript.printed(), strict=False):
        assert timedelta(0) <= printed.at - typed.at <= timedelta(seconds=1)


def test_the_shell_completes_docker_and_shows_the_task(own_world: World) -> None:
    own_world.do("echo 'Your task: start a web server.' > /etc/motd.task")
    shown = own_world.type("docker netw\tls --format '<{{.Name}}>'; exit\n")
    assert "Your task: start a web server." in shown
    assert "docker network ls" in shown
    assert "<bridge>" in shown
