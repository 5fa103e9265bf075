"""Checks the scripts under assets/: lint and formatting, types, unit tests. Knows nothing of the checks of Python."""

from ops.checkout import Checkout
from ops.console import Progress, run_logged
from ops.node import Node, find_or_install_node
from ops.setup import pip_install
from ops.steps import Stamp, Step


def script_tools_step(checkout: Checkout) -> Step:
    """The tools that check the scripts, beside the packages of `front_end_packages_step`, which comes before it."""

    def work(progress: Progress) -> None:
        node = find_or_install_node(checkout, lambda: pip_install(checkout, "requirements-node", progress))
        log = checkout.log("npm-tools")
        run_logged(
            # Adds what is lacking and leaves package-lock.json alone; `npm ci` would install the rest once more.
            [node.npm, "install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund"],
            cwd=checkout.root,
            env=node.env(),
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
    )


def script_checks(checkout: Checkout, node: Node) -> list[list[str]]:
    """The commands that check the scripts, the quick ones first."""
    biome, tsc = (str(checkout.node_modules / ".bin" / name) for name in ("biome", "tsc"))
    return [
        [biome, "check"],
        [node.node, "--test-reporter=spec", "tests/js/all.js"],
        [tsc],
        [tsc, "--project", "tests/js"],
    ]
