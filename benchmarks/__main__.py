"""Run all benchmarks or those named, show which runs, print a table and write build/bench.json. For `make bench`."""

import importlib
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.rows import Row, table, write_json
from ops.console import Progress, say
from ops.logged import beating, written_to

BUILD = Path(__file__).resolve().parent.parent / "build"
RESULTS = BUILD / "bench.json"
LOG = BUILD / "logs" / "bench.log"
# Each benchmark's name and where its function is, the quick ones first.
BENCHMARKS = {
    "review-post": "benchmarks.review_post:run",
    "rating-to-next-card": "benchmarks.next_card_shown:run",
    "page-weight": "benchmarks.page_weight:run",
    "next-card": "benchmarks.flat:next_card",
    "ordered-card": "benchmarks.flat:ordered_card",
    "adaptive": "benchmarks.adaptive:run",
    "review-page": "benchmarks.flat:review_page",
    "today-page": "benchmarks.flat:today_page",
    "answer": "benchmarks.answer:run",
    "add-cards": "benchmarks.flat:add_cards",
    "pages-10k-questions": "benchmarks.flat:pages_10k_questions",
    "question-page-10k": "benchmarks.quiz_pages:run",
    "content-list-10k": "benchmarks.editing:content_list",
    "content-list-10k-by-need": "benchmarks.editing:by_need",
    "save-in-500": "benchmarks.editing:save",
    "preview-60k": "benchmarks.note_editing:typed",
    "editor-script": "benchmarks.note_editing:script",
    "search-10k": "benchmarks.searching:run",
    "import-own": "benchmarks.imports:own_notes",
    "import-unchanged": "benchmarks.imports:unchanged",
    "import-others": "benchmarks.imports:others_notes",
    "import-10k": "benchmarks.imports:ten_thousand",
    "reworded-2k": "benchmarks.imports:rewording",
    "import-beside-anki": "benchmarks.imports:beside_anki",
    "apkg-2k": "benchmarks.imports:package",
    "pages-during-import": "benchmarks.import_beside:run",
    "database-1m": "benchmarks.answer:size",
    "interval-preview": "benchmarks.memory:interval_preview",
    "refit-12k": "benchmarks.memory:refit_12k",
    "rebuild-100k": "benchmarks.memory:rebuild_100k",
    "progress-1m": "benchmarks.memory:progress_1m",
    "idle": "benchmarks.idle:run",
    "sandbox": "benchmarks.sandbox:run",
    "sandbox-claim": "benchmarks.sandbox_claim:run",
    "twin-command": "benchmarks.twin_command:run",
    "pass-to-verdict": "benchmarks.pass_to_verdict:run",
    "live": "benchmarks.live:run",
    "herd": "benchmarks.herd:run",
    "set-up-second": "benchmarks.set_up:second",
    "set-up-first": "benchmarks.set_up:first",
    "soak": "benchmarks.soak:run",
    "load": "benchmarks.load:run",
    "kills": "benchmarks.kills:run",
    "power-cut": "benchmarks.power_cut:run",
    "backup-drills": "benchmarks.backup_drills:run",
    "store-kills": "benchmarks.store_kills:run",
    "store-kills-postgresql": "benchmarks.store_kills:run_on_postgresql",
    "capacity-times": "benchmarks.capacity_times:run",
    "suite": "benchmarks.suite:run",
}
# One takes as long as all others together; the other compares nothing, and wants a machine that does nothing else.
WHEN_NAMED = {"suite", "capacity-times"}


def main(names: Sequence[str]) -> int:
    """Run those named, or all but the longest, whatever becomes of each. Returns the exit status: 1 if one failed."""
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        say(f"  !!   No benchmark is called {', '.join(unknown)}: choose from {', '.join(BENCHMARKS)}.")
        return 1
    rows: list[Row] = []
    failed: list[str] = []
    with written_to(LOG):
        for name in names or [name for name in BENCHMARKS if name not in WHEN_NAMED]:
            try:
                with Progress(name), beating():
                    rows += function_of(name)()
            except Exception:
                traceback.print_exc()
                failed.append(name)
    print(table(rows))
    write_json(rows, RESULTS)
    say(f"       What the services said is in {LOG}.")
    if failed:
        say(f"  !!   failed: {', '.join(failed)}")
    return 1 if failed else 0


def function_of(name: str) -> Callable[[], list[Row]]:
    """What runs the benchmark of this name. Its libraries are loaded only now."""
    module, _, function = BENCHMARKS[name].partition(":")
    run: Callable[[], list[Row]] = getattr(importlib.import_module(module), function)
    return run


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
