"""The checks of the scripts under assets/: lint, formatting, types, unit tests. Knows nothing of the Python checks."""

from ops.checkout import Checkout
from ops.console import Progress, run_logged
from ops.node import Node, find_or_install_node
from ops.setup import FRONT_END_PACKAGES, install_pins
from ops.steps import Stamp, Step
from ops.system import own_caches


def script_tools_step(checkout: Checkout) -> Step:
    """The step that installs the tools that check scripts. It needs the packages of `front_end_packages_step`."""

    def work(progress: Progress) -> None:
        node = find_or_install_node(checkout, lambda: install_pins(checkout, "requirements-node", progress))
        log = checkout.log("npm-tools")
        run_logged(
            # Installs only missing packages and does not change package-lock.json; `npm ci` would install all again.
            [node.npm, "install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund"],
            cwd=checkout.root,
            env={**node.env(), **own_caches(checkout)},
            log=log,
            mend=f"npm could not install the tools for scripts: see {log}, and check that the registry is in reach.",
            show=progress.show,
        )

    return Step(
        title="Script tools",
        record=Stamp(
            file=checkout.stamp("npm-tools"),
            makes=checkout.node_modules / ".bin" / "biome",
            sources=(checkout.root / "package-lock.json", checkout.stamp("npm")),
        ),
        work=work,
        after=(FRONT_END_PACKAGES,),
    )


def script_checks(checkout: Checkout, node: Node) -> list[list[str]]:
    """The commands that check the scripts, the quick ones first."""
    biome, tsc = (str(checkout.node_modules / ".bin" / name) for name in ("biome", "tsc"))
    return [
        [biome, "check"],
        [node.node, "--test-reporter=spec", "tests/js/all.js"],
        [tsc],
        [tsc, "--project", "tests/js"],
        [tsc, "--project", "assets/js/worker"],
    ]
