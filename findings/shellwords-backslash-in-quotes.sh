#!/bin/sh
# shellwords of the npm registry, after Ruby's library of that name: within double quotes it takes away each backslash. A
# shell does so only before $, `, ", another backslash and the end of a line (POSIX, Shell Command Language, 2.2.3). So a
# pattern for grep or sed is another one: "a\.b" also finds axb, "s/\//:/" has a slash too many, and printf "%s\n" ends no
# line. An empty argument at the end is gone, as in ssh-keygen -N "", while one in the midst is kept; and its own `escape`
# makes nothing of an empty text.
# Needs node, npm and its package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm install --silent --no-audit --no-fund shellwords@1.1.1 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > split.mjs <<'EOF'
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { escape, split } from "shellwords";

console.log("shellwords", JSON.parse(readFileSync("node_modules/shellwords/package.json", "utf8")).version);
const known = [
  ['grep -E "a\\.b" names', ["grep", "-E", "a.b", "names"]],
  ['sed "s/\\//:/" names', ["sed", "s///:/", "names"]],
  ['printf "%s\\n" x', ["printf", "%sn", "x"]],
  ['ssh-keygen -f key -N ""', ["ssh-keygen", "-f", "key", "-N"]],
];
let changed = escape("") !== "";
for (const [line, expected] of known) {
  const out = execFileSync("sh", ["-c", `for word in ${line}; do printf '%s\\0' "$word"; done`], { encoding: "utf8" });
  const words = out.split("\0").slice(0, -1);
  const seen = split(line);
  console.log(`${line}\none would guess, as sh: ${JSON.stringify(words)}\nseen:                   ${JSON.stringify(seen)}`);
  changed ||= JSON.stringify(seen) !== JSON.stringify(expected) || JSON.stringify(words) === JSON.stringify(seen);
}
process.exit(changed ? 1 : 0);
EOF
node split.mjs
