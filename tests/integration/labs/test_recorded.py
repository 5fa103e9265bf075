"""What is kept with a run's timeline of what its host showed."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from quizapp.errors import NotFound
from quizapp.labs.hosts import command_box, network_map, run_host
from quizapp.labs.runs import recorded_output, replay, service, sharing, shell_history
from quizapp.labs.runs.events import Typed
from quizapp.labs.runs.models import LabRun
from quizapp.labs.runs.recorded_output import KEPT_CHARS, Seen
from quizapp.labs.runs.ticket import RunTicket
from quizapp.sandboxes.client import Printed
from quizapp.sandboxes.fake import FakeSandboxClient
from tests.lab_builders import NOON
from tests.lab_builders import printed as result

LATER = NOON + timedelta(seconds=100)
AT = NOON + timedelta(seconds=10)
PICTURE = json.dumps([{"name": "front", "driver": "bridge", "bridge": "br-1", "subnets": []}]) + "\n[]\n"


@pytest.fixture
def ticket(db: Session, run: LabRun, start: Callable[..., None]) -> RunTicket:
    """For a run with a ready host."""
    start(run)
    return service.ticket_of(db, user_id=run.user_id, run_id=run.id)


def typed_at(*commands: tuple[int, str]) -> str:
    """The shell's history file, with commands so many seconds after AT."""
    return "".join(f"#{int(AT.timestamp()) + seconds}\n{command}\n" for seconds, command in commands)


def printed(seconds: int, output: str, exit_code: int | None = 0) -> Printed:
    return Printed(at=AT + timedelta(seconds=seconds), output=output, exit_code=exit_code, is_cut=False)


def seen(history: str, *printed: Printed, networks: str = "") -> Seen:
    return Seen(history=history, printed=printed, networks=networks)


def see(db: Session, ticket: RunTicket, what: Seen, *, now: datetime = LATER) -> None:
    recorded_output.record_seen(db, ticket, what, now=now)


def kept(run: LabRun) -> Sequence[Typed]:
    return [event.data for event in run.events if isinstance(event.data, Typed)]


def test_each_typed_command_has_what_it_printed(db: Session, run: LabRun, ticket: RunTicket) -> None:
    history = typed_at((0, "id"), (5, "nope"))
    see(db, ticket, seen(history, printed(0, "\x1b[31muid=0\x1b[0m\r\n"), printed(6, "not found\r\n", 127)))
    assert [(one.command, one.printed, one.exit_code) for one in kept(run)] == [
        ("id", "uid=0\n", 0),
        ("nope", "not found\n", 127),
    ]


def test_commands_of_one_second_are_told_apart_by_their_order(db: Session, run: LabRun, ticket: RunTicket) -> None:
    see(db, ticket, seen(typed_at((0, "echo a"), (0, "echo b")), printed(0, "a"), printed(0, "b")))
    assert [one.printed for one in kept(run)] == ["a", "b"]


def test_what_comes_later_is_added_and_nothing_twice(db: Session, run: LabRun, ticket: RunTicket) -> None:
    see(db, ticket, seen(typed_at((0, "ping lan")), printed(0, "1\r\n", None)))
    for _ in range(2):
        see(db, ticket, seen(typed_at((0, "ping lan"), (9, "id")), printed(0, "1\r\n2\r\n"), printed(9, "uid=0")))
    assert [one.printed for one in kept(run)] == ["1\n2\n", "uid=0"]


def test_the_networks_stand_with_the_newest_command_if_they_have_changed(
    db: Session, run: LabRun, ticket: RunTicket
) -> None:
    see(db, ticket, seen(typed_at((0, "docker network create front")), networks=PICTURE))
    see(db, ticket, seen(typed_at((0, "docker network create front"), (3, "id")), networks=PICTURE))
    assert [one.networks for one in kept(run)] == [PICTURE, ""]
    shown = replay.replay(db, user_id=run.user_id, run_id=run.id, step=99)
    assert [bool(moment.networks) for moment in shown.moments] == [False, False, False, True, True]


def test_a_run_has_room_for_so_much(db: Session, run: LabRun, ticket: RunTicket) -> None:
    many = [(second, f"cat {second}") for second in range(60)]
    see(db, ticket, seen(typed_at(*many), *(printed(second, "x" * 9_000) for second, _ in many)))
    assert 0 < sum(len(one.printed) for one in kept(run)) <= KEPT_CHARS


def test_a_finished_run_gets_no_further_command_but_what_the_last_one_printed(
    db: Session, run: LabRun, ticket: RunTicket
) -> None:
    see(db, ticket, seen(typed_at((0, "id"))))
    service.show_solution(db, user_id=run.user_id, run_id=run.id, now=LATER)
    see(db, ticket, seen(typed_at((0, "id"), (9, "more")), printed(0, "uid=0"), printed(9, "nothing")))
    assert [(one.command, one.printed) for one in kept(run)] == [("id", "uid=0")]


def test_what_another_host_showed_is_not_taken(
    db: Session, run: LabRun, ticket: RunTicket, start: Callable[..., None]
) -> None:
    start(run, reset=True)
    see(db, ticket, seen(typed_at((0, "id")), printed(0, "uid=0")))
    assert kept(run) == []


def test_a_host_is_looked_at_in_one_go(ticket: RunTicket, client: FakeSandboxClient) -> None:
    client.answers = {network_map.COMMAND: result(PICTURE), shell_history.COMMAND: result(typed_at((0, "id")))}
    assert run_host.seen_on(client, ticket) == Seen(history=typed_at((0, "id")), printed=(), networks=PICTURE)
    client.answers = {network_map.COMMAND: result("no JSON")}
    assert run_host.seen_on(client, ticket) == Seen(history="", printed=(), networks="")


def test_a_command_of_the_box_is_in_the_timeline(db: Session, run: LabRun, ticket: RunTicket) -> None:
    command_box.record(db, ticket, "echo  a\nb", result("\x1b[1mhi\x1b[0m", exit_code=3), now=AT)
    assert kept(run) == [Typed(command="echo a b", printed="hi", exit_code=3, boxed=True)]


def test_a_link_lets_anybody_read_one_run_until_it_is_taken_back(db: Session, run: LabRun) -> None:
    sharing.make_link(db, user_id=run.user_id, run_id=run.id, link="a" * 43)
    sharing.make_link(db, user_id=run.user_id, run_id=run.id, link="b" * 43)
    assert sharing.shared_run(db, link="a" * 43) is run
    sharing.end_link(db, user_id=run.user_id, run_id=run.id)
    for link in ("a" * 43, "b" * 43, ""):
        with pytest.raises(NotFound):
            sharing.shared_run(db, link=link)
