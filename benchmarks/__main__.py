"""Run every benchmark of this folder, print a table and write build/bench.json. `make bench` calls this."""

import sys
import traceback
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import benchmarks
from benchmarks.rows import Row, table, write_json

RESULTS = Path(__file__).resolve().parent.parent / "build" / "bench.json"
NOT_BENCHMARKS = {"__main__", "kills_learners", "kills_processes", "product", "rows"}


def main() -> int:
    """Run all benchmarks, also after one has failed. Returns the exit status: 1 if any has failed, else 0."""
    rows: list[Row] = []
    failed: list[str] = []
    for name in sorted({module.name for module in iter_modules(benchmarks.__path__)} - NOT_BENCHMARKS):
        print(f"running {name}", file=sys.stderr, flush=True)
        try:
            rows += import_module(f"benchmarks.{name}").run()
        except Exception:
            traceback.print_exc()
            failed.append(name)
    print(table(rows))
    write_json(rows, RESULTS)
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
