#!/bin/sh
# nsyslog-parser of the npm registry, on the lines that network devices send: RFC 3164 has a program's name end at its first
# sign that is no letter or digit, as in `su:`, and many devices name none. The parser takes the first word for the program
# and the second for its process: of `link eth0 is down` the message is `down`, from a program `link` with the process
# `eth0`, and `is` is nowhere. And in the form of RFC 5424 a value with an escaped quote makes the structured data part of the
# message, and `-`, which stands for no process there, is one of that name. glossy, of the same registry, reads both rightly.
# Needs node, npm and its package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm install --silent --no-audit --no-fund nsyslog-parser@0.10.1 glossy@0.1.7 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > read.mjs <<'EOF'
import { readFileSync } from "node:fs";
import glossy from "glossy";
import parse from "nsyslog-parser";

const version = (name) => JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8")).version;
console.log("nsyslog-parser", version("nsyslog-parser"), "glossy", version("glossy"));
const known = [
  ["<13>Nov 30 18:00:00 gw link eth0 is down", "link eth0 is down", ["link", "eth0", "down"]],
  [
    '<13>1 2026-11-30T18:00:00Z gw app - - [a@1 text="say \\"hi\\""] started',
    "started",
    ["app", "-", '[a@1 text="say \\"hi\\""] started'],
  ],
];
let changed = false;
for (const [line, guess, expected] of known) {
  const { appName, pid, message } = parse(line);
  const other = glossy.Parse.parse(line).message;
  console.log(`${line}\none would guess, as glossy: message ${JSON.stringify(other)}`);
  console.log(`seen: message ${JSON.stringify(message)}, program ${JSON.stringify(appName)}, process ${JSON.stringify(pid)}`);
  changed ||= other !== guess || JSON.stringify([appName, pid, message]) !== JSON.stringify(expected);
}
process.exit(changed ? 1 : 0);
EOF
node read.mjs
