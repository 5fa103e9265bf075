"""From Enter to the verdict on a command in its card of the review, beside two bare execs of the same command.

The product's figure is one request to web, which has the command run on one host, the right one on another, and the
states of both compared; both hosts were begun before, as the page does. The baseline runs the command twice, once after
the other, on two hosts of the same kind, by the engine and nothing else. Both are medians, measured in turn.
"""

import os
import re
import statistics
import time
from collections.abc import Mapping

import docker
from requests import Session

from benchmarks.product import claimed, form_token, has_engine, own_containers, product_and_client, wait_for
from benchmarks.rows import Row, beside
from quizapp.sandboxes.client import SandboxClient, SandboxState

ROUNDS = 5  # after one that warms up; each takes four hosts
TRIES = "1000"  # starts an hour: each round takes two hosts
LAB = "/labs/publish-in-one-line/card"
COMMAND = "docker run -d -P nginx"  # not what is asked for: what was right before is right at once, without a host
ANSWER_S = 60.0
REST_S = 1.0  # so that the removal of the hosts before does not slow the next round
SIDES = (".reference", ".attempt")
# Runs a command on the learner's host, as a terminal of it would.
BARE = """. /usr/local/libexec/sandbox/common.sh
read -r host < "$STATE/host.pid"
exec nsenter --target "$host" --user --mount --net --pid --ipc --uts --cgroup --setuid 0 --setgid 0 bash -c "$1"
"""


def run() -> list[Row]:
    """Measure on a product of its own, which is removed afterwards. No rows without an engine."""
    if not has_engine():
        return []
    with product_and_client(SANDBOX_STARTS_AN_HOUR=TRIES) as (product, client):
        browser = own_containers(product.link)
        token = form_token(browser.get(f"{product.address}/account", timeout=ANSWER_S).text)
        address = f"{product.address}{LAB}"
        taken = [(_verdict_s(browser, address, token, client), _bare_s(client)) for _ in range(ROUNDS + 1)][1:]
    ours, bare = (statistics.median(column) for column in zip(*taken, strict=True))
    return [beside("twin-command", value=ours, baseline=bare, unit="s", note="baseline: two bare execs of it")]


def _verdict_s(browser: Session, address: str, token: str, client: SandboxClient) -> float:
    """The seconds for one command, once its hosts are up."""
    drawn = _post(browser, address, {"csrf_token": token})
    number = re.search(r'name="number" value="(\d+)"', drawn["html"])
    assert number, drawn
    wait_for(lambda: _are_up(client), "both hosts are up")
    time.sleep(REST_S)
    began = time.perf_counter()
    graded = _post(browser, f"{address}/command", {"csrf_token": token, "number": number[1], "command": COMMAND})
    took = time.perf_counter() - began
    assert "Not yet" in graded["html"], graded
    wait_for(lambda: _are_up(client), "the hosts for a further try are up, and disturb no more")
    return took


def _post(browser: Session, address: str, fields: Mapping[str, str]) -> dict[str, str]:
    answer = browser.post(address, data=fields, headers={"Accept": "application/json"}, timeout=ANSWER_S)
    answer.raise_for_status()
    found: dict[str, str] = answer.json()
    return found


def _are_up(client: SandboxClient) -> bool:
    up = [each for each in client.list() if each.state is SandboxState.CLAIMED]
    return len([each for each in up if (each.owner or "").endswith(SIDES)]) == len(SIDES)


def _bare_s(client: SandboxClient) -> float:
    """The seconds for the command on one host, and then on another."""
    owners = [f"bare {side}" for side in SIDES]
    for owner in owners:
        client.ask(owner=owner)
    hosts = [claimed(client, owner) for owner in owners]
    engine = docker.DockerClient(os.environ["QUIZAPP_ENGINE"])
    time.sleep(REST_S)
    try:
        found = [engine.containers.list(filters={"label": f"quizapp.sandbox.id={host.id}"})[0] for host in hosts]
        began = time.perf_counter()
        for container in found:
            assert container.exec_run(["bash", "-c", BARE, "bare", COMMAND]).exit_code == 0
        return time.perf_counter() - began
    finally:
        engine.close()
        for host in hosts:
            client.end(host.id)
