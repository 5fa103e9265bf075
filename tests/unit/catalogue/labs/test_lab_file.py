"""Lab files: what is taken, and what is refused in which line."""

from pathlib import Path
from time import process_time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.admin.labs.typed_lab import read_typed_lab
from quizapp.catalogue.labs.lab_file import FAULTS_MAX, BadLab, read_lab
from quizapp.catalogue.labs.lab_format import LabDefinition, Variable
from quizapp.catalogue.labs.lab_lint import lint, weak_checks
from quizapp.catalogue.labs.lab_parts import Compare, LabTemplate, PredictionKind
from quizapp.catalogue.yaml_text import YAML_MAX_CHARS, BadYaml, read_mapping
from tests.examples import examples

LAB = """\
id: find-it
title: Find it
summary: Look where it is.
level: 2
minutes: 3
vars: {OCTET: {random: 20-90}}
task: Start `web`.
predict:
  - {name: where, label: Where, kind: choice, options: [here, there], happened: echo here}
answer: {name: port, label: Port, run: echo 80, compare: int, hint: 'Seen: {seen}.'}
checks:
  - name: runs
    run: docker ps -q
    expect: {matches: '^[0-9a-f]+$'}
    hint: Nothing runs.
solutions:
  - {run: docker run -d nginx, answer: echo 80}
wrong:
  - {run: 'true', answer: echo 81, why: Nothing was done., fails: runs}
reveal: It was here.
"""
RECORDING = "recorded: {{transcript: a, label: b, answer: '80', compare: {}, hint: c, happened: {{{}}}}}\n"
ONE_LINE = """\
id: one-line
title: One line
summary: Start it.
level: 2
minutes: 3
task: Start it.
command: {label: It, reference: docker run nginx, about: [containers, ports], hint: They differ.}
solutions:
  - {run: docker run nginx}
wrong:
  - {run: 'true', why: Nothing was done., fails: containers}
reveal: It was here.
"""
EXPLAIN = "explain: {{name: rule, label: The rule, run: echo 80, compare: int, hint: Not so.{}}}\n"
CPU_S = 2  # seconds; each of the texts took 10 s and more
LABS = sorted((Path(__file__).parents[4] / "content" / "labs").glob("*/lab.yaml"))


def faults(text: str, folder: str = "find-it") -> list[tuple[int, str]]:
    with pytest.raises(BadLab) as refused:
        read_lab(text, folder=folder)
    return [(fault.line, fault.message) for fault in refused.value.faults]


def test_a_lab_is_read() -> None:
    lab = read_lab(LAB, folder="find-it")
    assert lab.template is LabTemplate.USERNS
    assert lab.predict[0].kind is PredictionKind.CHOICE
    assert lab.answer is not None
    assert lab.answer.compare is Compare.INT
    assert (lab.vars["OCTET"].low, lab.vars["OCTET"].high) == (20, 90)


def test_what_is_stored_reads_as_the_same() -> None:
    lab = read_lab(LAB, folder="find-it")
    assert LabDefinition.model_validate(lab.model_dump(mode="json")) == lab


def test_a_lab_that_asks_for_a_command_is_graded_by_aspects() -> None:
    lab = read_lab(ONE_LINE, folder="one-line")
    assert lab.graded == ["containers", "ports"]
    assert LabDefinition.model_validate(lab.model_dump(mode="json")) == lab


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ("about: [containers, ports]", "about: [ports, ports]", "named twice"),
        ("about: [containers, ports]", "about: []", "command.about"),
        ("fails: containers", "fails: nat", "not one of containers, ports"),
        ("{run: docker run nginx}", "{run: docker run nginx, answer: echo 1}", "asks for none"),
        ("reveal:", EXPLAIN.format("") + "reveal:", "whose host is gone"),
    ],
)
def test_a_fault_of_a_command_is_named(old: str, new: str, word: str) -> None:
    assert old in ONE_LINE
    with pytest.raises(BadLab, match=word):
        read_lab(ONE_LINE.replace(old, new), folder="one-line")


@pytest.mark.parametrize(
    ("compare", "word"),
    [
        ("compare: letters", "names the single letters"),
        ("compare: letters, among: [ab, c]", "names the single letters"),
        ("compare: int, among: [a, b]", "compare: set or letters"),
    ],
)
def test_what_a_list_may_have_fits_the_kind_of_answer(compare: str, word: str) -> None:
    with pytest.raises(BadLab, match=word):
        read_lab(LAB.replace("compare: int", compare), folder="find-it")


@pytest.mark.parametrize(
    ("drawn", "word"),
    [
        ("{OCTET: {}}", "either random or shuffle"),
        ("{OCTET: {random: 1-2, shuffle: [a, b]}}", "either random or shuffle"),
        ("{OCTET: {shuffle: [a, a]}}", "two different words"),
        ("{OCTET: {random: 9-2}}", "must not be larger"),
    ],
)
def test_a_variable_is_a_range_or_words(drawn: str, word: str) -> None:
    with pytest.raises(BadLab, match=word):
        read_lab(LAB.replace("{OCTET: {random: 20-90}}", drawn), folder="find-it")


@pytest.mark.parametrize("path", LABS, ids=lambda path: path.parent.name)
def test_every_lab_of_ours_is_sound(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert lint(text, folder=path.parent.name) == ()
    assert weak_checks(text, folder=path.parent.name) == ()
    lab = read_lab(text, folder=path.parent.name)
    assert lab.predict, "it asks what is expected"
    assert lab.explain, "it asks what is seen"
    assert lab.recorded, "it can be done without a host"


@pytest.mark.parametrize(
    ("old", "new", "line", "word"),
    [
        ("minutes: 3", "minutes: three", 5, "minutes"),
        ("minutes: 3", "minutes: 3\nauthor: me", 6, "author"),
        ("level: 2", "level: 9", 4, "level"),
        ("id: find-it", "id: other", 1, "folder"),
        ("    hint: Nothing runs.\n", "", 12, "checks.0.hint"),
        ("'^[0-9a-f]+$'", "'('", 14, "regular expression"),
        ("{matches: '^[0-9a-f]+$'}", "{}", 14, "at least one of"),
        ("fails: runs", "fails: nothing", 1, "not one of runs, port"),
        ("options: [here, there]", "options: [here]", 9, "two different options"),
        ("random: 20-90", "random: 90-20", 6, "larger"),
        (", answer: echo 80}", "}", 1, "needs an answer"),
        ("name: runs", "name: port", 1, "given twice"),
        ("title: Find it", "title: Find it\ntitle: Again", 3, "duplicate"),
        ("title: Find it", "title: !!python/name:os.system", 2, "tag"),
        ("title: Find it", "title: [", 4, "YAML"),
        ("reveal:", RECORDING.format("int", "") + "reveal:", 1, "for every prediction"),
        ("reveal:", RECORDING.format("order", "where: here") + "reveal:", 20, "no order"),
        ("reveal:", RECORDING.format("int", "where: nowhere") + "reveal:", 1, "none of its options"),
        ("compare: int,", "compare: order, options: [a, b], diagram: {host: [a, c]},", 10, "each of the options once"),
        ("reveal:", "command: {label: It, reference: docker run, hint: No.}\nreveal:", 1, "has no checks"),
        ("reveal:", EXPLAIN.format(", shows: ip route") + "reveal:", 1, "in no other"),
        ("hint: 'Seen: {seen}.'", "hint: It., shows: ip route", 1, "explain has shows:"),
    ],
)
def test_a_fault_is_named_with_its_line(old: str, new: str, line: int, word: str) -> None:
    assert old in LAB
    found = faults(LAB.replace(old, new, 1))
    assert found[0][0] == line
    assert word in found[0][1]


def test_all_faults_come_at_once() -> None:
    found = faults(LAB.replace("minutes: 3", "minutes: x").replace("level: 2", "level: x"))
    assert [line for line, _ in found] == [4, 5]


def test_an_answer_that_nobody_asks_for_is_a_fault() -> None:
    lines = [line for line in LAB.splitlines() if not line.startswith("answer:")]
    assert "asks for none" in faults("\n".join(lines))[0][1]


def test_a_variable_may_be_one_number() -> None:
    assert Variable(random="7-7").low == 7


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("a: &x [1]\nb: *x", "aliases"),
        ("a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]", "aliases"),
        ("- a", "mapping"),
        ("", "mapping"),
        ("[" * 5_000, "nested too deeply"),
        ("a: " + "[{b: " * 100, "nested too deeply"),
        ("x: " + "y" * YAML_MAX_CHARS, "KiB"),
        ("".join(f"k{number}: 1\n" for number in range(20_000)), "more than 10,000"),
        ("a: 1\n---\nb: 2", "another document"),
        ("a: \x01", "characters"),
        ("a: 2026-13-41", "cannot be read"),
    ],
)
def test_yaml_that_is_not_read(text: str, word: str) -> None:
    with pytest.raises(BadYaml, match=word):
        read_mapping(text)


@pytest.mark.parametrize("text", ["[" * 5_000, "".join(f"k{number}: 1\n" for number in range(20_000))])
def test_yaml_of_too_many_parts_costs_no_more_than_what_is_read_of_it(text: str) -> None:
    begun = process_time()
    assert read_typed_lab(text, slug="a").remarks
    assert process_time() - begun < CPU_S


def test_of_very_many_faults_the_first_are_told() -> None:
    assert len(faults("".join(f"k{number}: 1\n" for number in range(2_000)))) == FAULTS_MAX


def test_no_and_on_are_words() -> None:
    assert read_mapping("a: no\nb: on").data == {"a": "no", "b": "on"}


def test_the_line_of_a_part_that_is_missing_is_that_of_what_holds_it() -> None:
    document = read_mapping("a: 1\nb:\n  - c: 2\n    d: 3\n")
    paths: list[tuple[list[str | int], int]] = [(["b", 0, "d"], 4), (["b", 0, "x"], 3), (["b", 5], 2), (["z"], 1)]
    assert [document.place_of(path)[0] for path, _ in paths] == [line for _, line in paths]


@examples(150)
@given(st.text(alphabet="ab:-[]{}&*!|>#'\"\n\t %@?,", max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        data: Any = read_mapping(text).data
    except BadYaml:
        return
    assert isinstance(data, dict)
