#!/bin/sh
# shell-quote, with which most tools of npm take a command apart: a `#` in the midst of a word begins a comment there. In a
# shell it does only at a word's beginning (POSIX, Shell Command Language, 2.3, rule 9). So `docker build` of a repository
# with branch and folder behind its address builds the default branch, and a password or an address loses its end. What is
# cut off stands in an object `{ comment }`, which whoever keeps the texts alone throws away. Quotes or a backslash help.
# Needs node, npm and its package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm install --silent --no-audit --no-fund shell-quote@1.12.0 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > parse.mjs <<'EOF'
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { parse } from "shell-quote";

console.log("shell-quote", JSON.parse(readFileSync("node_modules/shell-quote/package.json", "utf8")).version);
const known = [
  ["docker build https://example.org/app.git#v2:web", ["docker", "build", "https://example.org/app.git", { comment: "v2:web" }]],
  ["docker run -e PASSWORD=a#b nginx", ["docker", "run", "-e", "PASSWORD=a", { comment: "b nginx" }]],
];
let changed = false;
for (const [line, expected] of known) {
  const words = execFileSync("sh", ["-c", `printf '%s\\n' ${line}`], { encoding: "utf8" }).trimEnd().split("\n");
  const seen = parse(line);
  console.log(`${line}\none would guess, as sh: ${JSON.stringify(words)}\nseen:                   ${JSON.stringify(seen)}`);
  changed ||= JSON.stringify(seen) !== JSON.stringify(expected) || !words.some((word) => word.includes("#"));
}
process.exit(changed ? 1 : 0);
EOF
node parse.mjs
