#!/bin/sh
# A port mapping on its way from `docker run` over composerize to podman-compose: composerize writes `22:22` without quotes,
# as YAML 1.2 lets it; podman-compose reads YAML 1.1 (PyYAML), where two numbers below 60 with a colon between them are one
# number of base 60. So the container gets port 1342 published, at a port of the host that nobody chose. 8080:80 is kept.
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
run="docker run -d -p 22:22 -p 53:53/udp -p 53:53 -p 8080:80 alpine"
node convert.mjs "$run" > compose.yaml
PATH="$PWD/bin:$PATH" venv/bin/podman-compose config > read.yaml 2> config.log || { cat config.log; exit 2; }
cat > compare.py <<'EOP'
import json
from importlib.metadata import version

import yaml

written = [line.split("- ")[1].strip() for line in open("compose.yaml") if line.strip().startswith("- ")]
read = yaml.safe_load(open("read.yaml"))["services"]["alpine"]["ports"]
print("composerize", json.load(open("node_modules/composerize/package.json"))["version"], end=", ")
print("podman-compose", version("podman-compose"), "PyYAML", version("PyYAML"))
print("written by composerize:  ", written)
print("one would guess, as read:", ["22:22", "53:53/udp", "53:53", "8080:80"])
print("seen, as read:           ", read)
raise SystemExit(read != [22 * 60 + 22, "53:53/udp", 53 * 60 + 53, "8080:80"])
EOP
venv/bin/python compare.py
