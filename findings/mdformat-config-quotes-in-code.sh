#!/bin/sh
# mdformat with mdformat-config, one of the plugins it recommends, on a note with a Compose file in a code block: the code is
# written anew by rules of YAML 1.2, where "22:22" and "no" need no quotes. What reads Compose files by YAML 1.1 (PyYAML
# here) then gets the port 1342 and a restart policy of false. So a formatter of notes changes what the code in them means.
# Needs python3 and its package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check mdformat==1.0.0 mdformat-config==0.2.1 PyYAML==6.0.4 2> pip.log ||
  { cat pip.log; exit 2; }
cat > note.md <<'EOM'
A service of one's own:

```yaml
services:
  shell:
    image: alpine
    restart: "no"
    ports:
      - "22:22"
```
EOM
cp note.md formatted.md
venv/bin/mdformat formatted.md > format.log 2>&1 || { cat format.log; exit 2; }
cat > compare.py <<'EOP'
from importlib.metadata import version

import yaml


def service(name: str) -> dict:
    return yaml.safe_load(open(name).read().split("```")[1].removeprefix("yaml"))["services"]["shell"]


print(", ".join(f"{name} {version(name)}" for name in ("mdformat", "mdformat-config", "PyYAML")))
before, after = service("note.md"), service("formatted.md")
print("before:         ", before)
print("one would guess:", before)
print("seen:           ", after)
raise SystemExit((after["restart"], after["ports"]) != (False, [22 * 60 + 22]))
EOP
venv/bin/python compare.py
