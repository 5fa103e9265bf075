#!/bin/sh
# pytest-xdist with pytest 9.2: tests marked with one xdist_group run in several workers under --dist loadgroup.
# Needs python3 and the Python package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check pytest==9.2.0 pytest-xdist==3.8.0 2> pip.log || { cat pip.log; exit 2; }
cat > test_group.py <<'EOF'
import time
from pathlib import Path

import pytest


@pytest.mark.xdist_group("one")
@pytest.mark.parametrize("number", range(12))
def test_in_one_group(number: int, worker_id: str) -> None:
    Path(f"worker-{worker_id}").touch()
    time.sleep(0.1)
EOF
venv/bin/python -m pytest -q -n 3 --dist loadgroup > pytest.log || { cat pytest.log; exit 2; }
seen=$(ls worker-* | wc -l)
venv/bin/python - <<'EOF'
from importlib.metadata import version
print(*(f"{name} {version(name)}" for name in ("pytest", "pytest-xdist")), sep=", ")
EOF
echo "workers that ran the 12 tests of one group"
echo "one would guess: 1"
echo "seen:            $seen"
[ "$seen" -gt 1 ]
