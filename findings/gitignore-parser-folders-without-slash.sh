#!/bin/sh
# gitignore-parser for Python, "spec-compliant" by its own page: a folder named in .gitignore without a slash at its end, as most
# files name node_modules or /dist, is ignored, and what is in it is not. So a tool that asks it for each file, to pack a
# project or to search it, takes node_modules and the build along; with `dist/` all is left out. `[^a].txt` means the
# opposite: of a name that is one letter, `^` and `a`. Nothing is said. git is asked beside it; pathspec, of the same index,
# agrees with git here.
# Needs python3, its package index and git. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check gitignore-parser==0.1.13 pathspec==1.1.1 2> pip.log || { cat pip.log; exit 2; }
git init --quiet work
mkdir -p work/node_modules/left work/dist work/build
printf '%s\n' node_modules /dist build/ '[^a].txt' > work/.gitignore
cat > ask.py <<'EOT'
import subprocess
from importlib.metadata import version

import pathspec
from gitignore_parser import parse_gitignore

FILES = ["node_modules/left/pad.js", "dist/app.js", "build/app.js", "a.txt", "b.txt", "app.js"]
print("gitignore-parser", version("gitignore-parser"), "pathspec", version("pathspec"))
print(subprocess.run(["git", "--version"], check=True, capture_output=True, text=True).stdout.strip())
for name in FILES:
    open(f"work/{name}", "w").close()
command = ["git", "-C", "work", "check-ignore", *FILES]
guess = subprocess.run(command, capture_output=True, text=True).stdout.split()
matches = parse_gitignore("work/.gitignore")
seen = [name for name in FILES if matches(f"work/{name}")]
other = [name for name in FILES if pathspec.GitIgnoreSpec.from_lines(open("work/.gitignore")).match_file(name)]
print("ignored: one would guess, as git:", *guess, "\nseen:", *seen)
right = ["node_modules/left/pad.js", "dist/app.js", "build/app.js", "b.txt"]
raise SystemExit(guess != right or other != guess or seen != ["build/app.js", "a.txt"])
EOT
venv/bin/python ask.py
