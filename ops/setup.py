"""`make setup`: everything that running and testing needs, made once. Knows nothing of running and testing."""

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

from ops import interpreters
from ops.checkout import Checkout
from ops.command import as_command
from ops.console import Failed, Progress, run_logged
from ops.docker_api import answers
from ops.engine import Engine, Place, choose, is_cluster, names_cluster, own_engine
from ops.image import BASE, IMAGE_PACKAGES, base_step, image_step
from ops.node import Node, find_or_install_node
from ops.pins import unpinned
from ops.steps import EachTime, Stamp, Step, bring_up_to_date
from ops.system import ask_for_root, find_program, install_packages, own_caches
from ops.uv import find_or_install_uv

VENV, PACKAGES, FITTING, CLUSTER, FRONT_END_PACKAGES, ASSETS = (
    "Virtual environment",
    "Python packages",
    "Package that fits schedules to learners",
    "Packages for a Kubernetes cluster",
    "Front-end packages",
    "Scripts and styles",
)
# A source of packages: environments of before kept what was pinned no more, and this has each looked at once.
NOTHING_ELSE = "and nothing else"


def venv_step(checkout: Checkout) -> Step:
    """The virtual environment; made anew for a Python of another version, or one that a person names, or once the
    checkout was moved: its scripts name paths.
    """

    def work(progress: Progress) -> None:
        uv = find_or_install_uv(checkout, progress.show)
        log = checkout.log("venv")
        python = interpreters.fastest(os.environ)
        run_logged(
            # One of this machine: uv could fetch another one, from a place that is not in reach wherever PyPI is.
            [uv.program, "venv", "--clear", "--python", python, "--no-python-downloads", str(checkout.venv)],
            cwd=checkout.root,
            env=uv.env,
            log=log,
            mend=f"{checkout.venv} could not be made: see {log}, and check the disk and who owns the folder.",
            show=progress.show,
        )

    return Step(
        title=VENV,
        record=Stamp(
            file=checkout.stamp("venv"),
            makes=checkout.python,
            # Not this Python's path: inside the environment, the one that it was made with begins the same steps.
            sources=(interpreters.kind(), os.environ.get(interpreters.NAMED, ""), str(checkout.venv)),
        ),
        work=work,
    )


def packages_step(checkout: Checkout, *, title: str, name: str, proof: str, after: tuple[str, ...] = (VENV,)) -> Step:
    """The pinned packages of one requirements file. `proof` is a script that is there once they are."""
    requirements = checkout.root / f"{name}.txt"
    return Step(
        title=title,
        record=Stamp(
            file=checkout.stamp(name),
            makes=checkout.venv / "bin" / proof,
            sources=(requirements, checkout.stamp("venv"), NOTHING_ELSE),
        ),
        work=lambda progress: install_pins(checkout, name, progress),
        after=after,
    )


def fitting_step(checkout: Checkout) -> Step:
    """The package that fits FSRS's weights, where it has a wheel for this machine. The product works without it.

    Where there is none it is looked for once, and again when its pin changes or the environment is made anew.
    """
    name = "requirements-fitting"
    looked_for = checkout.venv / "looked-for-fitting"  # goes with the environment, whether a package was found or not

    def work(progress: Progress) -> None:
        try:
            install_pins(checkout, name, progress, "--only-binary", ":all:")
        except Failed:
            progress.note(
                f"none for this machine, see {checkout.log(name)}: intervals come from FSRS's default weights"
            )
        looked_for.touch()

    record = Stamp(
        file=checkout.stamp(name),
        makes=looked_for,
        sources=(checkout.root / f"{name}.txt", checkout.stamp("venv")),
    )
    return Step(title=FITTING, record=record, work=work, after=(PACKAGES,))


def cluster_step(checkout: Checkout) -> Step:
    """The packages with which sandboxd asks a Kubernetes cluster."""
    return packages_step(checkout, title=CLUSTER, name="requirements-kubernetes", proof="wsdump", after=(PACKAGES,))


def install_pins(checkout: Checkout, name: str, progress: Progress, *wanted: str) -> None:
    """Install `<name>.txt`, every file checked against its hash, and compile it: each start loads a thousand.

    `wanted` are options for uv. Where the registry is not in reach, once more from what uv has kept of earlier times.
    What no lock file pins any more is removed before: it may have files of the same names as what takes its place.
    """
    uv = find_or_install_uv(checkout, progress.show)
    log = checkout.log(name)
    environment = ["--python", str(checkout.python)]
    install = [uv.program, "pip", "install", *uv.options, *environment, "--compile-bytecode", *wanted]

    def run(*command: str) -> None:
        run_logged(
            list(command),
            cwd=checkout.root,
            env=uv.env,
            log=log,
            mend=f"uv could not install {name}.txt: see {log}, and check that the package registry is in reach.",
            show=progress.show,
        )

    if left := unpinned(checkout):
        run(uv.program, "pip", "uninstall", *environment, *left)
    pins = ("--require-hashes", "-r", f"{name}.txt")
    try:
        run(*install, *pins)
    except Failed as error:
        try:
            run(*install, "--offline", *pins)
        except Failed:
            raise error from None


def front_end_packages_step(checkout: Checkout) -> Step:
    """The npm packages, with Node.js from the machine or, where it has none, from a Python package."""

    def work(progress: Progress) -> None:
        node = find_or_install_node(checkout, lambda: install_pins(checkout, "requirements-node", progress))
        log = checkout.log("npm")
        run_logged(
            # The tools that check the scripts are left out: see ops/scripts.py.
            [node.npm, "ci", "--omit=dev", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund"],
            cwd=checkout.root,
            env={**node.env(), **own_caches(checkout)},
            log=log,
            mend=f"npm could not install the front-end packages: see {log}, and check that the registry is in reach.",
            show=progress.show,
        )

    return Step(
        title=FRONT_END_PACKAGES,
        record=Stamp(
            file=checkout.stamp("npm"),
            makes=checkout.node_modules / ".package-lock.json",
            sources=(checkout.root / "package.json", checkout.root / "package-lock.json"),
        ),
        work=work,
        after=(VENV,),  # where Node.js may have to be put
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
        node = find_or_install_node(checkout, lambda: install_pins(checkout, "requirements-node", progress))
        run(progress, [node.node, "assets/build.mjs"], node)
        run(progress, [checkout.tool("python"), "-m", "whitenoise.compress", "--quiet", str(checkout.dist)], node)

    return Step(
        title=ASSETS,
        record=Stamp(
            file=checkout.stamp("assets"),
            makes=checkout.dist / "manifest.json",
            sources=(checkout.root / "assets", checkout.root / "package-lock.json"),
        ),
        work=work,
        after=(PACKAGES, FRONT_END_PACKAGES),
    )


def product_steps(checkout: Checkout) -> list[Step]:
    """What the product needs on any machine, the engine apart."""
    return [
        venv_step(checkout),
        packages_step(checkout, title=PACKAGES, name="requirements", proof="gunicorn"),
        fitting_step(checkout),
        *([cluster_step(checkout)] if names_cluster(os.environ) else []),
        front_end_packages_step(checkout),
        assets_step(checkout),
    ]


def tool_steps(checkout: Checkout) -> list[Step]:
    """What linters, type checker, tests and benchmarks need beside the product."""
    test_packages = packages_step(
        checkout, title="Test packages", name="requirements-dev", proof="pytest", after=(PACKAGES,)
    )
    return [test_packages, *([] if names_cluster(os.environ) else [cluster_step(checkout)])]


def engine_steps(checkout: Checkout, engine: Engine, using: ExitStack) -> list[Step]:
    """What hands-on questions need in the engine; nothing without one. Our own engine is in use until `using` ends."""
    match engine:
        case None:
            return []
        case str() as url if is_cluster(url):
            return []  # its nodes get the images from a registry
        case str() as url:
            return [image_step(checkout, url, after=(PACKAGES,))]
        case Place() as place:
            return own_engine_steps(checkout, place, using)


def own_engine_steps(checkout: Checkout, place: Place, using: ExitStack) -> list[Step]:
    """Our own engine and what hands-on questions need in it."""
    if not answers(place.url):
        ask_for_root("A Docker engine of our own is started")
    tools = Step(
        title="Tools for the sandbox image",
        record=EachTime(),
        work=lambda _: install_packages(IMAGE_PACKAGES, reason="The image is made here", checkout=checkout),
    )
    engine = Step(
        title="Docker engine of our own",
        record=EachTime(),
        work=lambda _: using.enter_context(own_engine(place, checkout)),
        after=(tools.title,),
    )
    image = image_step(checkout, place.url, after=(PACKAGES, engine.title, BASE))
    if find_program("dockerd") is None:  # so the image is not there either, and its base can be begun at once
        return [tools, engine, base_step(checkout, place.url, after=(tools.title,)), image]
    if find_program("mmdebstrap") is None:  # a registry may have what there would have to be installed for
        return [engine, image]
    return [engine, base_step(checkout, place.url, after=(engine.title,)), image]


@contextmanager
def set_up(checkout: Checkout, engine: Engine, steps: Sequence[Step]) -> Iterator[str | None]:
    """Do these steps and what the engine needs, side by side; the engine's address for as long as the block runs."""
    with ExitStack() as using:
        bring_up_to_date([*steps, *engine_steps(checkout, engine, using)])
        yield engine.url if isinstance(engine, Place) else engine


def main() -> None:
    """Make everything that `make run` needs."""
    checkout = Checkout.here()
    with set_up(checkout, choose(os.environ), product_steps(checkout)):
        pass


if __name__ == "__main__":
    as_command(main)
