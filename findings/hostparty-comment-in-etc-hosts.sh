#!/bin/sh
# hostparty of the npm registry, which adds names to /etc/hosts: a comment behind the names of a line is names to it, and it
# sorts the names. So `192.0.2.5 web api # old` is written as `192.0.2.5 # api old web`, all of which is a comment: whatever
# name is added to the file, web and api are no longer found. Lines that are comments are gone too.
# Needs node, npm and its package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm install --silent --no-audit --no-fund hostparty@1.0.15 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > hosts <<'EOF'
127.0.0.1 localhost
# the lab
192.0.2.5 web api # old
EOF
cat > add.mjs <<'EOF'
import { readFileSync } from "node:fs";
import hostparty from "hostparty";

console.log("hostparty", JSON.parse(readFileSync("node_modules/hostparty/package.json", "utf8")).version);
await hostparty.setup({ path: "hosts" }).add("192.0.2.9", ["db"]);
const lines = readFileSync("hosts", "utf8").trim().split("\n").filter((line) => !line.startsWith("#"));
console.log("one would guess, with db added at 192.0.2.9: web and api at 192.0.2.5, as before, and db");
console.log(`seen:\n${lines.join("\n")}`);
const known = ["", "127.0.0.1 localhost", "192.0.2.5 # api old web", "192.0.2.9 db"];
process.exit(JSON.stringify(lines) === JSON.stringify(known) ? 0 : 1);
EOF
node add.mjs
