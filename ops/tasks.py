"""`make check`, `test`, `verify-labs`, `bench`, `trust`: the tools over the code, and what they need. Knows no test."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from ops.checkout import Checkout
from ops.command import as_command
from ops.console import Failed, child_env, say
from ops.engine import NO_ENGINE, choose
from ops.node import find_or_install_node
from ops.scripts import script_checks, script_tools_step
from ops.setup import (
    PACKAGES,
    front_end_packages_step,
    packages_step,
    product_steps,
    set_up,
    tool_steps,
    venv_step,
)
from ops.steps import bring_up_to_date
from ops.suite import compiled_meanwhile, run_tests, vm_image_in_the_making
from ops.system import find_program, install_packages

KEEP_COMPILED = {"PYTHONDONTWRITEBYTECODE": ""}  # or each of the tests' processes would compile all tests anew
HEADLESS = "chromium-headless-shell"  # without what only a screen shows: it takes a fifth less of the processor
# What some tests use of a machine, each with Debian's package that has it. Without, they are skipped with the reason.
TESTED_WITH = {"nginx": "nginx-light", "promtool": "prometheus"}
CHROMIUM_NAMES = (HEADLESS, "chromium", "chromium-browser", "google-chrome")


def check() -> int:
    """Lint, formatting and types, and the scripts' unit tests; needs no built front end and no engine."""
    checkout = Checkout.here()
    product = packages_step(checkout, title=PACKAGES, name="requirements", proof="gunicorn")
    scripts = [front_end_packages_step(checkout), script_tools_step(checkout)]
    bring_up_to_date([venv_step(checkout), product, *tool_steps(checkout), *scripts])
    return run_checks(checkout)


def run_checks(checkout: Checkout) -> int:
    """Run every checker, also after one has found something; returns how many did.

    mypy takes longer than all others together, so it works beside them, and says what it found at the end.
    """
    node = find_or_install_node(checkout, lambda: None)
    ruff, log, env = checkout.tool("ruff"), checkout.log("mypy"), child_env(node.env())
    with (
        log.open("wb") as said,
        subprocess.Popen(
            [checkout.tool("mypy")],
            cwd=checkout.root,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
        ) as types,
    ):
        found = 0
        for program, *arguments in ([ruff, "check"], [ruff, "format", "--check"], *script_checks(checkout, node)):
            say(f"  ...  {' '.join([Path(program).name, *arguments])}")
            found += subprocess.run([program, *arguments], cwd=checkout.root, env=env, check=False).returncode != 0
        say("  ...  mypy")
        found += types.wait() != 0
    say(log.read_text(encoding="utf-8").rstrip())
    return found


def test() -> int:
    """The checks, then every test; both run to the end, so that one run shows everything."""
    checkout = Checkout.here()
    bring_up_to_date([*product_steps(checkout), *tool_steps(checkout), script_tools_step(checkout)])
    chromium = find_or_install_chromium(checkout)
    install_tested_with(checkout)
    with set_up(checkout, choose(os.environ), []) as engine:
        env = child_env({"QUIZAPP_ENGINE": engine or NO_ENGINE, "QUIZAPP_CHROMIUM": chromium, **KEEP_COMPILED})
        with vm_image_in_the_making(checkout, env), compiled_meanwhile(checkout, env):
            found = run_checks(checkout)
        status = run_tests(checkout, env)
    if found:
        say(f"  !!   {found} of the checks before the tests found something: see the top of this output.")
    return status or found


def bench() -> int:
    """The benchmarks, on the engine that hands-on questions would use."""
    checkout = Checkout.here()
    chromium = find_or_install_chromium(checkout)
    with set_up(checkout, choose(os.environ), [*product_steps(checkout), *tool_steps(checkout)]) as engine:
        rows = os.environ.get("ROWS", "").split()
        return _python(checkout, "benchmarks", engine, *rows, QUIZAPP_CHROMIUM=chromium)


def trust() -> int:
    """What is promised to hold under attack and load, tried, on the engine that hands-on questions would use."""
    checkout = Checkout.here()
    chromium = find_or_install_chromium(checkout)
    with set_up(checkout, choose(os.environ), [*product_steps(checkout), *tool_steps(checkout)]) as engine:
        scale = ["--short"] if os.environ.get("SHORT") else []
        rows = os.environ.get("ROWS", "").split()
        return _python(checkout, "trust", engine, *scale, *rows, QUIZAPP_CHROMIUM=chromium)


def try_installations() -> int:
    """Both installations of the operator guide, brought up from nothing on an engine of their own, and used."""
    checkout = Checkout.here()
    bring_up_to_date([*product_steps(checkout), *tool_steps(checkout)])
    return _python(checkout, "installations", None, *os.environ.get("NAMES", "").split())


def verify_labs() -> int:
    """Every lab and every note's snippets, as `flask labs verify` and `content prove` do it, on the labs' engine."""
    checkout = Checkout.here()
    with set_up(checkout, choose(os.environ), product_steps(checkout)) as engine:
        flask = ("flask", engine, "--app", "wsgi")
        # Labs of every kind are proved, whichever kinds this installation offers.
        status = _python(checkout, *flask, "sandboxes", "build", "--template", "vm")
        return status or (  # both, so that one run shows everything
            _python(checkout, *flask, "labs", "verify") | _python(checkout, *flask, "content", "prove")
        )


def _python(checkout: Checkout, module: str, engine: str | None, *arguments: str, **env: str) -> int:
    """Run a module in the virtual environment, told which engine to use."""
    settings = child_env({"QUIZAPP_ENGINE": engine or NO_ENGINE, **env})
    command = [checkout.tool("python"), "-m", module, *arguments]
    return subprocess.run(command, cwd=checkout.root, env=settings, check=False).returncode


def find_or_install_chromium(checkout: Checkout) -> str:
    """The browser for tests and benchmarks; raises Failed where there is none to be had."""
    found = next(filter(None, map(find_program, CHROMIUM_NAMES)), None)
    if found is None:
        install_packages((HEADLESS,), reason="Pages are tested and measured in Chromium", checkout=checkout)
    return found or f"/usr/bin/{HEADLESS}"


def install_tested_with(checkout: Checkout) -> None:
    """Install what TESTED_WITH names and is not there; where it cannot be had, say so and go on."""
    missing = [package for program, package in TESTED_WITH.items() if find_program(program) is None]
    try:
        if missing:
            install_packages(missing, reason="Some tests run these", checkout=checkout)
    except Failed as error:
        say(f"  !!   {error} The tests that need them are skipped.")


TASKS: dict[str, Callable[[], int]] = {
    "check": check,
    "test": test,
    "verify-labs": verify_labs,
    "bench": bench,
    "trust": trust,
    "try-installations": try_installations,
}

if __name__ == "__main__":
    as_command(TASKS[sys.argv[1]])
