#!/bin/sh
# downdoc of the npm registry, which makes Markdown of AsciiDoc: a pipe in a table's cell is written \| in AsciiDoc. downdoc
# ends the cell there all the same and leaves the backslash, so a command becomes two cells, all cells behind it move on by
# one, and the last one of the table is gone, since it has no row any more. Of a table of ports and commands the second row
# has a command for its port. Nothing is said. asciidoctor, of the same registry, reads two rows.
# Needs node, npm and its package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm install --silent --no-audit --no-fund downdoc@1.1.0-stable asciidoctor@4.1.0 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > ports.adoc <<'EOF'
|===
|Port |Who listens

|22
|ss -ltn \| grep :22

|80
|curl -I localhost
|===
EOF
cat > convert.mjs <<'EOF'
import { readFileSync } from "node:fs";
import { convert } from "asciidoctor";
import downdoc from "downdoc";

const version = (name) => JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8")).version;
console.log("downdoc", version("downdoc"), "asciidoctor", version("asciidoctor"));
const text = readFileSync("ports.adoc", "utf8");
const html = await convert(text, { standalone: false });
const guess = [...html.matchAll(/<td[^>]*><p[^>]*>(.*?)<\/p>/g)].map((found) => found[1]);
console.log("one would guess, as asciidoctor:", guess);
const seen = downdoc(text);
console.log(`seen:\n${seen}`);
const known = "| Port | Who listens |\n| --- | --- |\n| 22 | ss -ltn \\ |\n| grep :22 | 80 |";
process.exit(`${guess}` === "22,ss -ltn | grep :22,80,curl -I localhost" && seen.trim() === known ? 0 : 1);
EOF
node convert.mjs
