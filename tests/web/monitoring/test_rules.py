"""Alerts and dashboard ask for metrics and labels that the two services have."""

import json
import re
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Iterator, Mapping

import pytest
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families as parsed
from ruamel.yaml import YAML

from quizapp.process_figures import MEASURES, LoggedFault
from quizapp.sandboxes.client import EndCause, SandboxState, Step, StepState
from quizapp.sandboxes.pool.metrics import AskOutcome, Metrics
from quizapp.settings import ROOT

ONE_DATABASE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # all of them say the same
RULES = ROOT / "deploy" / "prometheus"
DASHBOARD = ROOT / "deploy" / "grafana" / "quizapp.json"
OF_PROMETHEUS = {"job", "instance"}  # labels that it adds to whatever it is told
NAME = re.compile(r"\b(quizapp_[a-z_]+)(?:\{([^}]*)\})?")
MATCHER = re.compile(r'(\w+)\s*(=~|!~|!=|=)\s*"([^"]*)"')
BY = re.compile(r"by \(([^)]*)\)")
SERIES = re.compile(r"_(bucket|count|sum|total|created|info)$")


def alerts() -> list[dict[str, object]]:
    document = YAML(typ="safe").load((RULES / "alerts.yml").read_text(encoding="utf-8"))
    return [rule for group in document["groups"] for rule in group["rules"]]


def panels() -> list[dict[str, object]]:
    return [panel for panel in json.loads(DASHBOARD.read_text(encoding="utf-8"))["panels"] if panel["type"] != "row"]


def queries() -> Iterator[str]:
    """Every query of the alerts and of the dashboard."""
    for rule in alerts():
        yield str(rule["expr"])
    for panel in panels():
        yield from (target["expr"] for target in panel["targets"])  # type: ignore[index, attr-defined]


@pytest.fixture
def said(client: FlaskClient) -> Mapping[str, Mapping[str, set[str]]]:
    """Of every metric of both services, its labels and their values, once everything has happened once."""
    pool = Metrics(lambda: (), most=3)
    pool.count(SandboxState.STARTING, SandboxState.READY, start_s=2)
    pool.started([Step(name="create", title="", state=StepState.DONE, seconds=1)])
    pool.waited(1)
    pool.count_ask(AskOutcome.WARM)
    pool.ended(EndCause.ASKED)
    pool.count_fault("EngineFault")
    MEASURES.note(LoggedFault(at=1.0, reference="0", endpoint="health", kind="Error"))
    client.get("/made-up")
    web = client.application.test_client().get("/metrics").text
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for text in (web, pool.text().decode()):
        for family in parsed(text):
            for sample in family.samples:
                labels = found[sample.name]
                for name, value in sample.labels.items():
                    labels[name].add(value)
    return found


@ONE_DATABASE
def test_every_query_names_metrics_and_labels_that_there_are(said: Mapping[str, Mapping[str, set[str]]]) -> None:
    wrong = []
    for query in queries():
        named = NAME.findall(query)
        for name, labels in named:
            there = said.get(name)
            asked = {label for label, _, _ in MATCHER.findall(labels)}
            if there is None or asked - there.keys() - OF_PROMETHEUS:
                wrong.append((query, name, asked))
        grouped = {label.strip() for labels in BY.findall(query) for label in labels.split(",")}
        if grouped - {label for name, _ in named for label in said.get(name, {})} - OF_PROMETHEUS:
            wrong.append((query, "by", grouped))
    assert wrong == []


@ONE_DATABASE
def test_every_value_that_a_query_looks_for_is_one_that_a_label_has(
    client: FlaskClient, said: Mapping[str, Mapping[str, set[str]]]
) -> None:
    known = {
        "status": {f"{number}xx" for number in range(1, 6)},
        "outcome": {*said["quizapp_sign_ins_total"]["outcome"], *map(str, AskOutcome)},
        "state": set(map(str, SandboxState)),
        "cause": set(map(str, EndCause)),
        "endpoint": set(client.application.view_functions),
    }
    wrong = [
        (label, value)
        for query in queries()
        for _, labels in NAME.findall(query)
        for label, _, values in MATCHER.findall(labels)
        for value in values.split("|")
        if label not in OF_PROMETHEUS and value not in known[label]
    ]
    assert wrong == []


@ONE_DATABASE
def test_every_metric_is_on_the_dashboard_or_an_alert(said: Mapping[str, object]) -> None:
    asked = {name for query in queries() for name, _ in NAME.findall(query)}
    family = {SERIES.sub("", name) for name in said}
    shown = {SERIES.sub("", name) for name in asked}
    assert family - shown == set()


def test_every_alert_says_what_to_do_and_is_tested() -> None:
    named = [str(rule["alert"]) for rule in alerts()]
    tried = "".join(path.read_text(encoding="utf-8") for path in RULES.glob("*.test.yml"))
    assert [name for name in named if f"alertname: {name}" not in tried] == []
    assert all({"summary", "action"} == set(rule["annotations"]) for rule in alerts())  # type: ignore[call-overload]


def test_the_dashboard_has_each_panel_once_and_none_over_another() -> None:
    whole = json.loads(DASHBOARD.read_text(encoding="utf-8"))
    taken = [
        (x, y)
        for panel in whole["panels"]
        for place in [panel["gridPos"]]
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]
    assert len(taken) == len(set(taken))
    assert len({panel["id"] for panel in whole["panels"]}) == len(whole["panels"])
    assert max(x for x, _ in taken) < 24


@pytest.mark.skipif(shutil.which("promtool") is None, reason="no promtool here; Debian's package prometheus has it")
@pytest.mark.parametrize(
    "command",
    [
        "check rules alerts.yml",
        "check config prometheus.yml",
        "test rules alerts.test.yml",
        "test rules alerts-of-days.test.yml",
    ],
)
def test_prometheus_understands_the_rules_and_they_do_what_they_say(command: str) -> None:
    ran = subprocess.run(["promtool", *command.split()], cwd=RULES, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
