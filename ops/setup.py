"""`make setup`: everything that running and testing needs, made once. Knows nothing of running and testing."""

import importlib.util
import os
import sys

from ops.checkout import Checkout
from ops.console import Progress, run_logged
from ops.engine import engine_in_use
from ops.entry import as_command
from ops.image import image_step
from ops.node import Node, find_or_install_node
from ops.steps import Stamp, Step, bring_up_to_date
from ops.system import install_packages


def venv_step(checkout: Checkout) -> Step:
    """The virtual environment; made anew for another Python, or once the checkout was moved: its scripts name paths."""

    def work(progress: Progress) -> None:
        if importlib.util.find_spec("ensurepip") is None:  # Debian keeps it in a package of its own
            package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
            install_packages((package,), reason="This Python cannot make virtual environments", checkout=checkout)
        log = checkout.log("venv")
        run_logged(
            [sys.executable, "-m", "venv", "--clear", str(checkout.venv)],
            cwd=checkout.root,
            log=log,
            mend=f"{checkout.venv} could not be made: see {log}, and check the disk and who owns the folder.",
            show=progress.show,
        )

    return Step(
        title="Virtual environment",
        record=Stamp(
            file=checkout.stamp("venv"),
            makes=checkout.python,
            sources=(sys.version, sys.base_prefix, str(checkout.venv)),
        ),
        work=work,
    )


def packages_step(checkout: Checkout, *, title: str, name: str, proof: str) -> Step:
    """The pinned packages of one requirements file. `proof` is a script that is there once they are."""
    requirements = checkout.root / f"{name}.txt"
    return Step(
        title=title,
        record=Stamp(
            file=checkout.stamp(name),
            makes=checkout.venv / "bin" / proof,
            sources=(requirements, checkout.stamp("venv")),
        ),
        work=lambda progress: pip_install(checkout, name, progress),
    )


def pip_install(checkout: Checkout, name: str, progress: Progress) -> None:
    """Install `<name>.txt`, every file checked against its hash."""
    log = checkout.log(name)
    pip = [checkout.tool("python"), "-m", "pip", "install", "--disable-pip-version-check"]
    run_logged(
        [*pip, "--require-hashes", "-r", f"{name}.txt"],
        cwd=checkout.root,
        log=log,
        mend=f"pip could not install {name}.txt: see {log}, and check that the package registry is in reach.",
        show=progress.show,
    )


def front_end_packages_step(checkout: Checkout) -> Step:
    """The npm packages, with Node.js from the machine or, where it has none, from a Python package."""

    def work(progress: Progress) -> None:
        node = find_or_install_node(checkout, lambda: pip_install(checkout, "requirements-node", progress))
        log = checkout.log("npm")
        run_logged(
            # The tools that check the scripts are left out: see ops/scripts.py.
            [node.npm, "ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund"],
            cwd=checkout.root,
            env=node.env(),
            log=log,
            mend=f"npm could not install the front-end packages: see {log}, and check that the registry is in reach.",
            show=progress.show,
        )

    return Step(
        title="Front-end packages",
        record=Stamp(
            file=checkout.stamp("npm"),
            makes=checkout.node_modules / ".package-lock.json",
            sources=(checkout.root / "package.json", checkout.root / "package-lock.json"),
        ),
        work=work,
    )


def assets_step(checkout: Checkout) -> Step:
    """Scripts, styles and fonts, bundled under hashed names, with compressed copies beside them."""
    log = checkout.log("assets")

    def run(progress: Progress, command: list[str], node: Node) -> None:
        run_logged(
            command,
            cwd=checkout.root,
            env=node.env(),
            log=log,
            mend=f"The front end could not be built: see {log}.",
            show=progress.show,
        )

    def work(progress: Progress) -> None:
        node = find_or_install_node(checkout, lambda: pip_install(checkout, "requirements-node", progress))
        run(progress, [node.node, "assets/build.mjs"], node)
        run(progress, [checkout.tool("python"), "-m", "whitenoise.compress", "--quiet", str(checkout.dist)], node)

    return Step(
        title="Scripts and styles",
        record=Stamp(
            file=checkout.stamp("assets"),
            makes=checkout.dist / "manifest.json",
            sources=(checkout.root / "assets", checkout.root / "package-lock.json"),
        ),
        work=work,
    )


def product_steps(checkout: Checkout) -> list[Step]:
    """What the product needs on any machine, the engine apart."""
    return [
        venv_step(checkout),
        packages_step(checkout, title="Python packages", name="requirements", proof="gunicorn"),
        front_end_packages_step(checkout),
        assets_step(checkout),
    ]


def tool_steps(checkout: Checkout) -> list[Step]:
    """What linters, type checker, tests and benchmarks need beside the product."""
    return [packages_step(checkout, title="Test packages", name="requirements-dev", proof="pytest")]


def engine_steps(checkout: Checkout, engine: str | None) -> list[Step]:
    """What hands-on questions need in the engine; nothing without one."""
    return [] if engine is None else [image_step(checkout, engine)]


def main() -> None:
    """Make everything that `make run` needs."""
    checkout = Checkout.here()
    bring_up_to_date(product_steps(checkout))
    with engine_in_use(checkout, os.environ) as engine:
        bring_up_to_date(engine_steps(checkout, engine))


if __name__ == "__main__":
    as_command(main)
