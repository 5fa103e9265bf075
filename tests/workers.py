"""Which worker of pytest-xdist gets which test: the next free one gets the next test, or all tests of certain files."""

from pathlib import Path
from typing import Any

from xdist.scheduler import LoadScopeScheduling

ROOT = Path(__file__).parents[1]
# The tests of each of these files go to one worker, in their order, and begin before all others, since they take long.
TOGETHER = {
    "tests/test_architecture.py",  # on the syntax trees of all modules, which take two seconds of the processor
    "tests/unit/test_glossary.py",
    "tests/unit/test_loading.py",  # some on what one start has loaded
    "tests/sandbox/sandboxes/test_vm.py",  # on one virtual machine, which takes long to start
    "tests/sandbox/test_engine_faults.py",  # there is one engine to stop
    "tests/sandbox/test_command_effects.py",  # beside one host of the reference
    "tests/sandbox/test_sandboxd_terminals.py",  # some on one learner's host
    "tests/web/web/test_gunicorn.py",  # on one running site, which takes three seconds of the processor to start
}

# So do those of each file here: some on one learner's host or where the test before ended. Those in a row share a
# Chromium, which takes two seconds of the processor to start and to end.
BROWSER = "tests/browser/"

# And those of all these files, one after the other: on one running product, which takes six seconds of the processor.
ON_ONE_PRODUCT = tuple(f"{BROWSER}test_{name}.py" for name in ("chain", "editors_day", "lab_page", "terminal"))


class Spread(LoadScopeScheduling):  # type: ignore[misc]
    """Groups by file where tests belong together. xdist's own `loadgroup` does not group with pytest 9.2."""

    def _split_scope(self, nodeid: str) -> str:
        """What is given to a worker as one: a file or several, or else a single test."""
        file = nodeid.partition("::")[0]
        if file in ON_ONE_PRODUCT:
            return ON_ONE_PRODUCT[0]
        return file if file in TOGETHER or file.startswith(BROWSER) else nodeid

    def mark_test_complete(self, node: Any, item_index: int, duration: float = 0) -> None:
        """A worker is done with a test. What it is done with is forgotten: else it is counted after every test."""
        scope = self._split_scope(self.registered_collections[node][item_index])
        super().mark_test_complete(node, item_index, duration)
        if all(self.assigned_work[node][scope].values()):
            del self.assigned_work[node][scope]
