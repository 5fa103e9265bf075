#!/bin/sh
# expand-braces of the npm registry (a million downloads a month), which writes out braces "like Bash": of rows of numbers it makes
# others. host{01..3} loses its zeros, host{9..11} gets one that nobody wrote, a row that goes down ({3..1}) or by steps
# ({10..1..3}) is no word at all, and steps of letters count for nothing. {1..2,5}, which Bash leaves as two words, is a row of
# fifty from 001 on, and of host{1..2}.{web,db} the order is another. No error is raised. Bash is asked beside it;
# brace-expansion, of the same registry, gives the same words as Bash.
# Needs node, npm, its package index and bash. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm install --silent --no-audit --no-fund expand-braces@0.1.2 brace-expansion@5.1.0 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > expand.mjs <<'EOT'
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expand } from "brace-expansion";
import expandBraces from "expand-braces";

const version = (name) => JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8")).version;
console.log("expand-braces", version("expand-braces"), "brace-expansion", version("brace-expansion"));
console.log(execFileSync("bash", ["--version"], { encoding: "utf8" }).split("\n")[0]);
const known = {
  "host{01..3}": "host1 host2 host3",
  "host{9..11}": "host09 host10 host11",
  "host{3..1}": "",
  "host{10..1..3}": "",
  "disk{a..e..2}": "diska diskb diskc diskd diske",
  "host{1..2}.{web,db}": "host1.web host2.web host1.db host2.db",
};
let same = true;
for (const [word, old] of Object.entries(known)) {
  const guess = execFileSync("bash", ["--norc", "-c", `echo ${word}`], { encoding: "utf8" }).trim();
  const seen = expandBraces(word).join(" ");
  console.log(`${word}: one would guess, as Bash: ${guess}; seen: ${seen || "nothing"}`);
  same &&= seen === old && seen !== guess && expand(word).join(" ") === guess;
}
const row = expandBraces("{1..2,5}");
console.log(`{1..2,5}: one would guess, as Bash: 1..2 5; seen: ${row.length} words, ${row[0]} to ${row.at(-1)}`);
process.exit(same && row.length === 50 ? 0 : 1);
EOT
node expand.mjs
