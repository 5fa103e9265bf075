"""Labs told right from wrong on real hosts: those that the last commits changed and a sample, as `labs verify` does it.

`make verify-labs` proves all of them.
"""

import json
import re
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import pytest

from quizapp import clock, create_app
from quizapp.catalogue.labs.lab_example import example
from quizapp.catalogue.labs.lab_file import read_lab
from quizapp.catalogue.labs.lab_format import LabDefinition
from quizapp.catalogue.labs.lab_parts import LabTemplate
from quizapp.labs.hosts import run_host
from quizapp.labs.proof import attempt, proof
from quizapp.labs.proof.attempt import with_values
from quizapp.labs.proof.typist import type_in
from quizapp.labs.runs import shell_history
from quizapp.sandboxes.client import SandboxClient
from quizapp.sandboxes.daemon import wiring
from quizapp.sandboxes.engine.docker_images import DockerImages
from quizapp.sandboxes.recipe.image_build import VM_RECIPE, ensure_image
from quizapp.verdicts import Verdict
from tests.sandbox.conftest import EACH_S, Sandboxd, ready
from tests.sandbox.test_contract import read_until

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "content" / "labs").glob("*/lab.yaml"))
MODEL = next(path for path in FILES if path.parent.name == "publish-or-publish-all")
TEMPLATE = re.compile(r"^template: *(\w+)", re.MULTILINE)  # the usual kind without such a line
SAMPLE = 3  # about eight seconds each
STEP_S = 30.0

pytestmark = pytest.mark.sandbox


def read(path: Path) -> LabDefinition:
    """The lab of a file."""
    return read_lab(path.read_text(encoding="utf-8"), folder=path.parent.name)


def is_userns(path: Path) -> bool:
    """Whether the lab wants the usual kind of host, by the line that says so: to read all labs in full takes long."""
    said = TEMPLATE.search(path.read_text(encoding="utf-8"))
    return said is None or said[1] == LabTemplate.USERNS


def git(*arguments: str) -> str:
    """What git prints; nothing where there is no repository."""
    ran = subprocess.run(
        ["git", *arguments, "--", "content/labs"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return ran.stdout


def to_prove() -> list[Path]:
    """Labs with changes that are not committed or that the newest commit has, and a sample that each commit renews."""
    changed = git("diff", "--name-only", "HEAD") + git("show", "--name-only", "--format=", "HEAD")
    quick = [path for path in FILES if is_userns(path)]  # a machine without KVM takes minutes
    sample = Random(git("rev-parse", "HEAD") + str(len(FILES))).sample(quick, k=min(SAMPLE, len(quick)))
    return [path for path in FILES if path in sample or str(path.relative_to(ROOT)) in changed]


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    """Two attempts at a time."""
    with ThreadPoolExecutor(2) as pool:
        yield pool


@pytest.fixture
def machines(sandboxd: Sandboxd, engine_url: str) -> Iterator[SandboxClient]:
    """A way to sandboxes of every kind."""
    ensure_image(DockerImages(engine_url), on_line=lambda line: None, recipe=VM_RECIPE)
    with wiring.workshop(sandboxd.settings) as client:
        yield client


@pytest.mark.parametrize("path", to_prove(), ids=lambda path: path.parent.name)
def test_a_lab_tells_right_from_wrong(request: pytest.FixtureRequest, pool: ThreadPoolExecutor, path: Path) -> None:
    lab = read(path)
    client = request.getfixturevalue("real" if lab.template is LabTemplate.USERNS else "machines")
    assert proof.prove(client, lab, pool=pool, rng=Random(path.parent.name)).troubles == ()


def test_the_lab_that_a_new_one_begins_as_is_proved(real: SandboxClient, pool: ThreadPoolExecutor) -> None:
    lab = read_lab(example("a-new-lab"), folder="a-new-lab")
    assert proof.prove(real, lab, pool=pool, rng=Random(1)).troubles == ()


def test_a_lab_that_cannot_tell_is_found_out(real: SandboxClient, pool: ThreadPoolExecutor) -> None:
    lab = LabDefinition.model_validate(
        {
            **dict.fromkeys(("id", "title", "summary", "task", "reveal"), "a"),
            "level": 1,
            "minutes": 1,
            "checks": [{"name": "made", "run": "docker network ls", "expect": {"contains": "made"}, "hint": "{seen}"}],
            "predict": [
                {"name": "side", "label": "a", "kind": "choice", "options": ["a", "b"], "happened": "echo neither"},
                {"name": "silent", "label": "a", "kind": "text", "happened": "true"},
            ],
            "solutions": [{"run": "docker network create made"}, {"run": "docker network create other"}],
            "wrong": [{"run": "docker network create made-too", "why": "It counts all the same."}],
        }
    )
    row = proof.prove(real, lab, pool=pool, rng=Random(1))
    assert row.untouched is Verdict.FAIL
    assert (row.solutions, row.wrong) == ((Verdict.PASS, Verdict.FAIL), (Verdict.PASS,))
    assert row.troubles[:2] == (
        "Solution 1: side came to 'neither', which is none of its options.",
        "Solution 1: nothing says what became of silent.",
    )
    assert [trouble.partition(":")[0] for trouble in row.troubles[2:4]] == [
        "Solution 2 must pass",
        "Wrong attempt 1 must fail",
    ]


RIGHT = "docker run -d --name web1 -p 8080:80 nginx\ndocker run -d --name web2 --publish 8081:80 nginx\n"


@pytest.mark.parametrize(
    ("script", "verdict", "blocking", "exit_code"),
    [(RIGHT, "fail", "web2-option", 1), ("service docker stop\n", "could-not-check", None, 2)],
)
def test_an_attempt_is_graded_by_a_command(
    sandboxd: Sandboxd, tmp_path: Path, script: str, verdict: str, blocking: str | None, exit_code: int
) -> None:
    file = tmp_path / "attempt.sh"
    file.write_text(script)
    settings = sandboxd.settings.model_copy(update={"content_dir": ROOT / "content"})
    args = ["labs", "grade", MODEL.parent.name, "--script", str(file), "--answer", "8081", "--json"]
    ran = create_app(settings).test_cli_runner().invoke(args=args)
    row = json.loads(ran.stdout)
    assert (row["lab"], row["verdict"], ran.exit_code) == (MODEL.parent.name, verdict, exit_code)
    if blocking:
        assert next(each["name"] for each in row["checks"] if each["verdict"] != "pass") == blocking
        assert next(each["seen"] for each in row["checks"] if each["name"] == blocking) == "-p 8081:80"


def test_what_is_typed_in_a_terminal_is_remembered(real: SandboxClient) -> None:
    began = clock.now()
    sandbox = ready(real, "typist")
    assert type_in(real, sandbox.id, "docker network ls", within_s=STEP_S)
    remembered = run_host.examine(real, attempt.ticket_on(sandbox, read(MODEL)), typed="").history
    assert "docker network ls" in " ".join(
        each.command for each in shell_history.read(remembered, since=began, now=clock.now())
    )


def test_set_up_runs_once(real: SandboxClient) -> None:
    lab = read(MODEL).model_copy(update={"setup": "echo once >> /root/log; test -e /root/log"})
    sandbox = ready(real, lab.id)
    assert [run_host.set_up(real, attempt.ticket_on(sandbox, lab)) for _ in range(2)] == [None, None]
    (result,) = real.run(sandbox.id, ["cat /root/log"], learner=True, each_s=EACH_S, output_bytes=100)
    assert result.output == "once\n"


def test_a_terminal_begins_with_the_task(real: SandboxClient) -> None:
    lab, _ = with_values(read(MODEL), rng=Random(1))
    sandbox = ready(real, lab.id)
    assert run_host.set_up(real, attempt.ticket_on(sandbox, lab)) is None
    terminal = real.terminal(sandbox.id, rows=24, columns=80)
    shown = read_until(terminal, b"~# ").decode()
    assert f"Your task: {lab.title}\r\n" in shown
    assert "Two containers, one image, two ways to publish a port." in shown


def test_a_set_up_that_fails_says_so(real: SandboxClient) -> None:
    lab = read(MODEL).model_copy(update={"setup": "echo first\nfalse\necho never"})
    sandbox = ready(real, lab.id)
    trouble = run_host.set_up(real, attempt.ticket_on(sandbox, lab))
    assert trouble is not None
    assert "(first)" in trouble


def test_the_networks_of_a_host_can_be_drawn(real: SandboxClient) -> None:
    lab = read(MODEL).model_copy(update={"hide": ()})  # by itself it hides the port, which it asks for
    sandbox = ready(real, lab.id)
    steps = (
        "docker network create front",
        "docker run -d --name web -p 8080:80 nginx",
        "docker network connect front web",
        "docker run -d --name alone --network none nginx",
    )
    real.run(sandbox.id, steps, learner=True, each_s=STEP_S, output_bytes=1024)
    drawn = run_host.networks(real, attempt.ticket_on(sandbox, lab), hidden=())
    assert drawn is not None
    seen = {network.name: [(each.name, list(each.ports)) for each in network.containers] for network in drawn.networks}
    assert seen == {"bridge": [("web", ["8080→80/tcp"])], "front": [("web", [])], "none": [("alone", [])]}
    assert drawn.networks[0].containers[0].address == "172.17.0.2"
