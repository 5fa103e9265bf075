"""What the linter says of a lab file, and where."""

import pytest

from quizapp.catalogue.labs.lab_lint import lint

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
        ("level: 2", "levle: 2", (4, 1), "levle: Extra inputs are not permitted"),
        ("vars: {PORT", "vars: {PORT: 1, PORT", (6, 17), "duplicate key"),
    ],
)
def test_what_looks_wrong_is_told_with_its_place(old: str, new: str, place: tuple[int, int], says: str) -> None:
    text = SOUND.replace(old, new)
    assert text != SOUND
    told = [(line, column) for line, column, message in found(text) if says in message]
    assert told == [place], found(text)
