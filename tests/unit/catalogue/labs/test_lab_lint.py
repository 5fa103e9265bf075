"""What the linter says of a lab file, and where."""

import pytest

from quizapp.catalogue.labs.lab_example import example
from quizapp.catalogue.labs.lab_lint import lint, weak_checks

SOUND = """\
id: find-it
title: Find it
summary: Look where it is.
level: 2
minutes: 3
vars: {PORT: {random: 8000-8999}}
task: Publish `web` on port 8080, and on ${PORT}.
checks:
  - name: runs
    run: docker port web
    expect: {contains: '0.0.0.0:8080'}
    hint: Nothing runs.
hints: [Look up `-p`.]
solutions:
  - {run: docker run -d -p 8080:80 nginx}
  - {run: docker run -d --publish 8080:80 nginx}
wrong:
  - {run: 'true', why: Nothing was done., fails: runs}
  - {run: docker run -d nginx, why: Not published., fails: runs}
reveal: It was here.
"""


def found(text: str) -> list[tuple[int, int, str]]:
    return [(fault.line, fault.column, fault.message) for fault in lint(text, folder="find-it")]


def test_a_sound_lab_is_left_in_peace() -> None:
    assert found(SOUND) == []


@pytest.mark.parametrize(
    ("old", "new", "place", "says"),
    [
        ("on port 8080", "on port 8081", (7, 1), "port 8081, which no check looks at"),
        ("  - {run: docker run -d --publish 8080:80 nginx}\n", "", (14, 1), "one solution"),
        (", fails: runs}\nreveal", "}\nreveal", (19, 5), "which check it fails"),
        ("  - {run: docker run -d nginx, why: Not published., fails: runs}\n", "", (17, 1), "one wrong attempt"),
        ("hints: [Look up `-p`.]\n", "", (7, 1), "no hints"),
        (", and on ${PORT}", "", (6, 8), "PORT is drawn and used nowhere"),
        ("It was here", "It was on ${PROT}", (20, 1), "${PROT} is no variable"),
        ("{run: docker run -d -p 8080:80 nginx}", "{run: 'true'}", (15, 6), "solution that is shown does nothing"),
        ("reveal: It", "shown: {fail: [docker ps -a x]}\nreveal: It", (20, 1), "No text of this lab shows: docker ps"),
        ("level: 2", "levle: 2", (4, 1), "levle: there is no such field here. Did you mean level?"),
        ("    expect:", "    expects:", (11, 5), "checks.0.expects: there is no such field here. Did you mean expect?"),
        (
            "level: 2",
            "colour: 2",
            (4, 1),
            "colour: there is none of this name here. There are address, ",
        ),
        ("vars: {PORT", "vars: {PORT: 1, PORT", (6, 17), "duplicate key"),
    ],
)
def test_what_looks_wrong_is_told_with_its_place(old: str, new: str, place: tuple[int, int], says: str) -> None:
    text = SOUND.replace(old, new)
    assert text != SOUND
    told = [(line, column) for line, column, message in found(text) if says in message]
    assert told == [place], found(text)


def test_a_hint_that_tells_the_right_answer_is_found() -> None:
    asked = "answer: {name: it, label: It, run: say 8080, compare: int, hint: 'Not {typed}, {seen}.'}\n"
    text = SOUND.replace("hints:", f"{asked}hints:").replace("nginx}", "nginx, answer: say}")
    assert "tells the right answer" in found(text)[0][2]
    assert found(text.replace(", {seen}", "")) == []


RECORDED = """\
recorded:
  transcript: '# docker port web => 0.0.0.0:8123 and 10.7.40.2'
  label: Port?
  answer: '8123'
  compare: int
  hint: Not {typed}.
"""


def test_a_number_of_one_run_in_a_text_that_all_read_is_found() -> None:
    text = f"{SOUND}{RECORDED}".replace(
        "vars: {", "setup: ip a add 10.7.${NET}.1/24 dev lo\nvars: {NET: {random: 30-90}, "
    )
    told = [message.split(". ")[0] for _, _, message in found(text)]
    assert told == [
        "10.7.40 is shown where other texts have ${NET}",
        "8123 is shown where other texts have ${PORT}",
    ]
    assert found(text.replace("8123", "${PORT}").replace("7.40.2", "7.${NET}.2")) == []
    assert found(text.replace("8123", "7123").replace("10.7.40.2", "110.7.40.2")) == [], "not of the variable's range"


@pytest.mark.parametrize(
    ("run", "rests_on"),
    [
        ("curl -s http://127.0.0.1:8080/", "call from the host alone"),
        ("code=$(http_code http://127.0.0.1:8080/)", "call from the host alone"),
        ("grep -x 1 /proc/1/root/var/lib/before", "file in the learner's reach"),
        ("iptables -S FORWARD | grep -q DOCKER", "rule's text"),
        ("iptables -t nat -nvL DOCKER | awk '/8080/'", "rule's text"),
    ],
)
def test_a_check_that_can_be_met_without_the_task_is_a_doubt(run: str, rests_on: str) -> None:
    (doubt,) = weak_checks(SOUND.replace("run: docker port web", f'run: "{run}"'), folder="find-it")
    assert (doubt.line, rests_on in doubt.message) == (10, True)


@pytest.mark.parametrize(
    "run",
    [
        "outside curl -s http://192.168.50.10:8080/",
        "docker exec app curl -w '%{http_code}' http://db/",
        "iptables -nvL",
    ],
)
def test_a_call_from_elsewhere_and_a_look_at_rules_are_no_doubts(run: str) -> None:
    assert weak_checks(SOUND.replace("run: docker port web", f'run: "{run}"'), folder="find-it") == ()


def test_nothing_is_found_in_the_lab_that_a_new_one_begins_as() -> None:
    assert lint(example("a-new-lab"), folder="a-new-lab") == ()
    assert weak_checks(example("a-new-lab"), folder="a-new-lab") == ()
