"""Every lab is proved on a real host: untouched it fails, solutions pass, wrong tries fail where they should."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from uuid import uuid4

import pytest

from quizapp.catalogue.lab_file import read_lab
from quizapp.catalogue.lab_format import LabDefinition
from quizapp.labs import hosts
from quizapp.labs.grading import Grade
from quizapp.labs.jobs import Job
from quizapp.labs.values import draw, substitute
from quizapp.labs.verdicts import Verdict
from quizapp.sandboxes.client import Sandbox, SandboxClient
from tests.sandbox.conftest import ready

FILES = sorted((Path(__file__).parents[2] / "content" / "labs").glob("*/lab.yaml"))
ATTEMPT_S = 30.0  # as long as a command may take; a learner has more time
ATTEMPT_BYTES = 16 * 1024

pytestmark = pytest.mark.sandbox


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """What somebody does on a fresh host, the answer that they type (a command prints it), and what must come of it."""

    lab: LabDefinition
    run: str | None
    answer: str | None
    passes: bool
    fails: str | None = None


def read(path: Path) -> LabDefinition:
    """The lab of a file."""
    return read_lab(path.read_text(encoding="utf-8"), folder=path.parent.name)


def attempts(path: Path) -> Iterator[tuple[str, Attempt]]:
    """The attempts that a lab file describes, named."""
    lab = read(path)
    drawn = draw(lab.vars, rng=Random(lab.id))
    lab = LabDefinition.model_validate(substitute(lab.model_dump(mode="json"), drawn))
    yield f"{lab.id}-untouched", Attempt(lab=lab, run=None, answer=None, passes=False)
    for number, right in enumerate(lab.solutions, start=1):
        yield f"{lab.id}-solution-{number}", Attempt(lab=lab, run=right.run, answer=right.answer, passes=True)
    for number, wrong in enumerate(lab.wrong, start=1):
        attempt = Attempt(lab=lab, run=wrong.run, answer=wrong.answer, passes=False, fails=wrong.fails)
        yield f"{lab.id}-wrong-{number}", attempt


def job_on(sandbox: Sandbox, lab: LabDefinition) -> Job:
    """What a run of the lab would ask this sandbox with."""
    return Job(
        run_id=uuid4(),
        owner=sandbox.owner,
        lab=lab,
        sandbox_id=sandbox.id,
        is_ready=True,
        trouble="",
        is_open=True,
        has_predicted=True,
        others=(),
    )


def graded(client: SandboxClient, attempt: Attempt) -> Grade:
    """The grade of an attempt on a host of its own."""
    sandbox = ready(client, attempt.lab.id)
    job = job_on(sandbox, attempt.lab)
    assert hosts.set_up(client, job) is None
    typed = ""
    for command in (attempt.run, attempt.answer):
        if command is not None:
            (result,) = client.run(sandbox.id, [command], learner=True, each_s=ATTEMPT_S, output_bytes=ATTEMPT_BYTES)
            typed = result.output.strip()
    return hosts.examine(client, job, typed=typed if attempt.answer is not None else "")


CASES = [case for path in FILES for case in attempts(path)]


@pytest.mark.parametrize("attempt", [case[1] for case in CASES], ids=[case[0] for case in CASES])
def test_a_lab_tells_right_from_wrong(real: SandboxClient, attempt: Attempt) -> None:
    grade = graded(real, attempt)
    seen = [(each.name, each.verdict.value, each.seen) for each in grade.checks]
    assert grade.verdict is (Verdict.PASS if attempt.passes else Verdict.FAIL), seen
    if attempt.fails is not None:
        blocking = next(each.name for each in grade.checks if each.verdict is not Verdict.PASS)
        assert blocking == attempt.fails, seen
    if attempt.passes:
        assert [grade.happened[prediction.name] != "" for prediction in attempt.lab.predict] == [
            True for _ in attempt.lab.predict
        ]


def test_set_up_runs_once(real: SandboxClient) -> None:
    lab = read(FILES[0]).model_copy(update={"setup": "echo once >> /root/log; test -e /root/log"})
    attempt = Attempt(lab=lab, run=None, answer=None, passes=False)
    graded(real, attempt)
    graded(real, attempt)  # the same owner, so the same host
    (result,) = real.run(ready(real, lab.id).id, ["cat /root/log"], learner=True, each_s=5, output_bytes=100)
    assert result.output == "once\n"


def test_a_set_up_that_fails_says_so(real: SandboxClient) -> None:
    lab = read(FILES[0]).model_copy(update={"setup": "echo first\nfalse\necho never"})
    sandbox = ready(real, lab.id)
    trouble = hosts.set_up(real, job_on(sandbox, lab))
    assert trouble is not None
    assert "(first)" in trouble


def test_the_networks_of_a_host_can_be_drawn(real: SandboxClient) -> None:
    lab = read(FILES[0])
    sandbox = ready(real, lab.id)
    steps = (
        "docker network create front",
        "docker run -d --name web -p 8080:80 nginx",
        "docker network connect front web",
        "docker run -d --name alone --network none nginx",
    )
    real.run(sandbox.id, steps, learner=True, each_s=ATTEMPT_S, output_bytes=ATTEMPT_BYTES)
    drawn = hosts.networks(real, job_on(sandbox, lab))
    assert drawn is not None
    seen = {network.name: [(each.name, list(each.ports)) for each in network.containers] for network in drawn.networks}
    assert seen == {"bridge": [("web", ["8080→80/tcp"])], "front": [("web", [])], "none": [("alone", [])]}
    assert drawn.networks[0].containers[0].address == "172.17.0.2"
