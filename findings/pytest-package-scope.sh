#!/bin/sh
# pytest: a fixture of scope "package" in a folder without __init__.py, which folders of tests need not have with
# --import-mode=importlib, is not ended after the last test of that folder: it lives to the end of the run, beside the
# tests of all other folders, and nothing says so. With an empty __init__.py there it ends where its scope says.
# Needs python3 and its package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
python3 -m venv .venv
.venv/bin/pip install --quiet --disable-pip-version-check pytest==9.2.0 2> pip.log || { cat pip.log; exit 2; }
mkdir -p suite/first suite/second
cat > suite/pytest.ini <<'EOF'
[pytest]
addopts = --import-mode=importlib -p no:cacheprovider
EOF
cat > suite/first/conftest.py <<'EOF'
import pytest


@pytest.fixture(scope="package")
def server():
    yield
    print("[the server ends]")
EOF
printf 'def test_first(server):\n    print("[first]")\n' > suite/first/test_first.py
printf 'def test_second():\n    print("[second]")\n' > suite/second/test_second.py
said() {
    .venv/bin/python -m pytest -q -s suite | grep -o '\[[^]]*[a-z]\]' | tr '\n' ' '
}
without=$(said)
touch suite/first/__init__.py
with=$(said)
echo "$(.venv/bin/python -m pytest --version), import mode importlib"
echo "a fixture of scope package in first/, and a test in each of first/ and second/"
echo "one would guess, and seen with first/__init__.py: $with"
echo "seen without it:                                  $without"
[ "$with" = "[first] [the server ends] [second] " ] && [ "$without" = "[first] [second] [the server ends] " ]
