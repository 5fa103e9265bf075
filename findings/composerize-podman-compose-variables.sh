#!/bin/sh
# A command in single quotes on its way from `docker run` over composerize to podman-compose: in the shell the quotes keep
# `$HOME` for the container's own shell. composerize copies the text, and in a Compose file `$HOME` is a variable of the
# machine that reads the file, quotes or not; only `$$HOME` would reach the container.
# Needs python3, node, npm and their package indexes; no engine (podman-compose only asks `podman` for its version).
# Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm install --silent --no-audit --no-fund composerize@1.7.6 > npm.log 2>&1 || { cat npm.log; exit 2; }
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check podman-compose==1.6.0 PyYAML==6.0.4 2> pip.log || { cat pip.log; exit 2; }
mkdir bin
printf '#!/bin/sh\necho "podman version 5.4.2"\n' > bin/podman
chmod +x bin/podman
cat > convert.mjs <<'EOJ'
import composerize from "composerize";

process.stdout.write(composerize(process.argv[2]));
EOJ
node convert.mjs "docker run --rm -e WHO=container alpine sh -c 'echo \$WHO'" > compose.yaml
PATH="$PWD/bin:$PATH" WHO=machine venv/bin/podman-compose config > read.yaml 2> config.log || { cat config.log; exit 2; }
cat > compare.py <<'EOP'
import json
from importlib.metadata import version

import yaml

written = next(line.strip() for line in open("compose.yaml") if "command:" in line)
read = yaml.safe_load(open("read.yaml"))["services"]["alpine"]["command"]
print("composerize", json.load(open("node_modules/composerize/package.json"))["version"], end=", ")
print("podman-compose", version("podman-compose"))
print("the command was:            docker run --rm -e WHO=container alpine sh -c 'echo $WHO'")
print("written by composerize:    ", written)
print("one would guess, as read:  ", ["sh", "-c", "echo $WHO"])
print("seen, with WHO=machine set:", read)
raise SystemExit(read != ["sh", "-c", "echo machine"])
EOP
venv/bin/python compare.py
