#!/bin/sh
# envfile of the npm registry, which reads a .env file and writes it back: it takes out all quotes of a line, not only those
# around a value. JSON is none any more, `it's up` is `its up`, and a command in quotes is other words. A value over several
# lines, such as a key, keeps its first; comments are gone. So a program that reads a file, sets one variable and writes the
# file has changed the others. dotenv, of the same registry, reads the same file rightly.
# Needs node, npm and its package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm install --silent --no-audit --no-fund envfile@7.1.0 dotenv@18.0.10 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > .env <<'EOF'
LOG={"driver": "json-file", "keep": "3"}
GREETING="it's up"
CERTIFICATE="-----BEGIN-----
c2VjcmV0
-----END-----"
EOF
cat > edit.mjs <<'EOF'
import { readFileSync } from "node:fs";
import dotenv from "dotenv";
import { parse, stringify } from "envfile";

const version = (name) => JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8")).version;
console.log("envfile", version("envfile"), "dotenv", version("dotenv"));
const text = readFileSync(".env", "utf8");
const written = stringify({ ...parse(text), PORT: "8080" });
console.log(`one would guess: the same values as before, and PORT\n${JSON.stringify(dotenv.parse(text), null, 1)}`);
console.log(`seen, the file written with PORT added:\n${written}`);
const known = ["LOG={driver: json-file, keep: 3}", "GREETING=its up", "CERTIFICATE=-----BEGIN-----", "PORT=8080", ""];
process.exit(written === known.join("\n") ? 0 : 1);
EOF
node edit.mjs
