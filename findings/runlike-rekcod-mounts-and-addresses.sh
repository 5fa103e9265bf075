#!/bin/sh
# runlike and rekcod, which write the `docker run` command of a container from `docker inspect`: of a volume that came with
# --mount, as all of Compose's do, runlike keeps the path and not the name, so the copy starts with an empty volume of its
# own; rekcod leaves it out. A port published at 127.0.0.1 and ::1 gets brackets from neither, without which Docker refuses
# the address, and rekcod keeps only the last of the two. --read-only and --tmpfs are gone in both; so is the memory limit
# in rekcod. A folder with a blank in its name comes without quotes, and so as two words, though variables have theirs.
# The text below is what an engine (20.10.24) said of such a container, less what does not matter here.
# Needs python3, node, npm and their package indexes; no engine. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm install --silent --no-audit --no-fund rekcod@3.0.0 > npm.log 2>&1 || { cat npm.log; exit 2; }
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check runlike==1.5.4 2> pip.log || { cat pip.log; exit 2; }
cat > inspected.json <<'EOJ'
[{
  "Id": "868a5c571863", "Name": "/shop", "Image": "sha256:487518b4c18c", "State": {"Running": false},
  "HostConfig": {
    "Binds": ["/srv/my data:/data:ro"],
    "Mounts": [{"Type": "volume", "Source": "orders", "Target": "/var/lib/orders"}],
    "PortBindings": {"80/tcp": [{"HostIp": "127.0.0.1", "HostPort": "8080"}, {"HostIp": "::1", "HostPort": "8080"}]},
    "Memory": 268435456, "ReadonlyRootfs": true, "Tmpfs": {"/run": "size=64m"}, "NetworkMode": "default", "Runtime": "runc",
    "PidMode": "", "CpusetCpus": "", "CpusetMems": "", "RestartPolicy": {"Name": "", "MaximumRetryCount": 0},
    "LogConfig": {"Type": "json-file", "Config": {}}
  },
  "Mounts": [
    {"Type": "bind", "Source": "/srv/my data", "Destination": "/data", "Mode": "ro", "RW": false, "Propagation": "rprivate"},
    {"Type": "volume", "Name": "orders", "Source": "/var/lib/docker/volumes/orders/_data", "Destination": "/var/lib/orders",
     "Driver": "local", "Mode": "z", "RW": true, "Propagation": ""}
  ],
  "Config": {
    "Hostname": "shop", "Domainname": "", "User": "", "Tty": false, "OpenStdin": false, "AttachStdin": false,
    "AttachStdout": false, "AttachStderr": false, "Env": ["GREETING=good day"], "Cmd": ["sleep", "60"], "Image": "alpine:3.20",
    "ExposedPorts": {"80/tcp": {}}, "Volumes": null, "WorkingDir": "", "Entrypoint": null, "Labels": {}
  },
  "NetworkSettings": {"Ports": {}, "Networks": {"bridge": {"IPAMConfig": null, "Aliases": null}}}
}]
EOJ
venv/bin/runlike --stdin < inspected.json > runlike.txt
node_modules/.bin/rekcod inspected.json > rekcod.txt
cat > compare.py <<'EOP'
import json
import re
from importlib.metadata import version

commands = {name: open(f"{name}.txt").read().strip() for name in ("runlike", "rekcod")}
print("runlike", version("runlike"), "rekcod", json.load(open("node_modules/rekcod/package.json"))["version"])
print("one would guess: the volume orders at /var/lib/orders, two addresses of which one in brackets, '/srv/my data' in quotes")


def seen_in(command: str) -> dict[str, object]:
    return {
        "published": re.findall(r"(?:-p|--publish)[ =](\S+)", command),
        "name of the volume": "orders:/var/lib/orders" in command,
        "its path": "/var/lib/orders" in command,
        "quotes round the folder": bool(re.search(r"['\"]/srv/my data", command)),
        "--read-only": "--read-only" in command,
        "--tmpfs": "--tmpfs" in command,
        "--memory": "--memory" in command or " -m " in command,
    }


seen = {name: seen_in(command) for name, command in commands.items()}
for name, command in commands.items():
    print(f"seen, {name}: {command}\n      {seen[name]}")
none = {"name of the volume": False, "quotes round the folder": False, "--read-only": False, "--tmpfs": False}
known = {
    "runlike": {**none, "published": ["127.0.0.1:8080:80", "::1:8080:80"], "its path": True, "--memory": True},
    "rekcod": {**none, "published": ["::1:8080:80/tcp"], "its path": False, "--memory": False},
}
raise SystemExit(seen != known)
EOP
venv/bin/python compare.py
