#!/bin/sh
# dockerfile-parse, which build systems ask for a Dockerfile's base images: it does not know heredocs, which Docker has had
# since 2021 (Dockerfile 1.4), and reads each line of one as an instruction. A query with FROM in it is one more stage, and
# the base image is then a table's name. `baseimage = ...` rewrites the query and leaves the image as it was.
# Needs python3 and the Python package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check dockerfile-parse==2.0.1 2> pip.log || { cat pip.log; exit 2; }
cat > Dockerfile <<'EOF'
FROM postgres:16
COPY <<SQL /docker-entrypoint-initdb.d/view.sql
CREATE VIEW names AS SELECT name
FROM users
SQL
EOF
cat > read.py <<'EOF'
from importlib.metadata import version
from pathlib import Path

from dockerfile_parse import DockerfileParser

file = DockerfileParser("Dockerfile")
print("dockerfile-parse", version("dockerfile-parse"))
print("one would guess: base image postgres:16, one stage; then FROM postgres:17 and the same query")
seen = (file.baseimage, file.parent_images, file.is_multistage)
print("seen: base image {}, of {}, several stages: {}".format(*seen))
file.baseimage = "postgres:17"
written = [line for line in Path("Dockerfile").read_text().splitlines() if line.startswith("FROM")]
print("seen after baseimage = postgres:17:", written)
known = seen == ("users", ["postgres:16", "users"], True) and written == ["FROM postgres:16", "FROM postgres:17"]
raise SystemExit(not known)
EOF
venv/bin/python read.py
