"""Try all promises or those named, print a table and write build/trust.json. For `make trust`."""

import argparse
import importlib
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from ops.console import Progress, say
from ops.logged import beating, written_to
from trust.promises import Judged, Promise, Scale, table, write_json

BUILD = Path(__file__).resolve().parent.parent / "build"
RESULTS = BUILD / "trust.json"
LOG = BUILD / "logs" / "trust.log"
Row = Callable[[Scale], Promise]
# Each row's name and where its function is, the quick ones first.
ROWS: Mapping[str, str] = {
    "dependencies": "trust.dependencies:run",
    "routes": "trust.routes:run",
    "clocks": "trust.clocks:run",
    "save-crash": "trust.save_crash:run",
    "two-tabs": "trust.two_tabs:run",
    "concurrency": "trust.concurrency:run",
    "bad-inputs": "trust.bad_inputs:run",
    "xss": "trust.xss:run",
    "leaks": "trust.leaks:run",
    "engine": "trust.engine:run",
    "several-processes": "trust.several_processes:run",
    "class": "trust.lesson:run",
    "connections": "trust.connections:run",
    "saves": "trust.saves:run",
    "saves-postgresql": "trust.saves:run_on_postgresql",
}


def main(arguments: Sequence[str]) -> int:
    """Run the rows that are named, or all, whatever becomes of each. Returns the exit status: 1 if one is not held."""
    parser = argparse.ArgumentParser(prog="python -m trust", description=__doc__)
    parser.add_argument("--short", action="store_true", help="less of each, in minutes")
    parser.add_argument("rows", nargs="*", help="names of rows; all without any")
    given = parser.parse_args(arguments)
    unknown = [name for name in given.rows if name not in ROWS]
    if unknown:
        say(f"  !!   No row is called {', '.join(unknown)}: choose from {', '.join(ROWS)}.")
        return 1
    scale = Scale.SHORT if given.short else Scale.FULL
    promises, broken = run_rows(given.rows or list(ROWS), scale)
    print(table(promises))
    write_json(promises, RESULTS, scale=scale)
    say(f"       What the services said is in {LOG}.")
    if broken:
        say(f"  !!   came to no end: {', '.join(broken)}")
    failed = [one for one in promises if one.judged not in (Judged.HELD, Judged.NOT_RUN)]
    return 1 if broken or failed else 0


def run_rows(names: Sequence[str], scale: Scale) -> tuple[list[Promise], list[str]]:
    """The promises that were tried, and the names of rows that broke off."""
    promises: list[Promise] = []
    broken: list[str] = []
    with written_to(LOG):
        for name in names:
            try:
                with Progress(name), beating():
                    promises.append(function_of(name)(scale))
            except Exception:
                traceback.print_exc()
                broken.append(name)
    return promises, broken


def function_of(name: str) -> Row:
    """What tries the promise of this name. Its libraries are loaded only now."""
    module, _, function = ROWS[name].partition(":")
    run: Row = getattr(importlib.import_module(module), function)
    return run


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
