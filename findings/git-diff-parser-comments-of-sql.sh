#!/bin/sh
# git-diff-parser of the npm registry, which makes objects of what `git diff` and `git format-patch` print: a line that was
# taken away has a dash before it, so a comment of SQL or Lua, `-- drop the rest`, stands there as `--- drop the rest`. That
# looks like the line that names the old file, and the parser passes over it; likewise a line added that begins with `++ `.
# So a review of the change, or a patch that is put together again, has lines less; the lines behind get numbers too low.
# How many lines come is said in each hunk's head. parse-diff, of the same registry, counts them and has all.
# Needs node, npm, its package index and git. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm install --silent --no-audit --no-fund git-diff-parser@1.0.0 parse-diff@0.12.0 > npm.log 2>&1 || { cat npm.log; exit 2; }
printf '%s\n' 'create table host (id int);' '-- takes the old names away' 'drop table name;' 'select 1;' > old.sql
printf '%s\n' 'create table host (id int);' 'select 2;' > new.sql
git diff --no-index old.sql new.sql > change.diff || true
cat > read.mjs <<'EOT'
import { readFileSync } from "node:fs";
import gitDiffParser from "git-diff-parser";
import parseDiff from "parse-diff";

const version = (name) => JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8")).version;
console.log("git-diff-parser", version("git-diff-parser"), "parse-diff", version("parse-diff"));
const text = readFileSync("change.diff", "utf8");
const marks = { normal: " ", deleted: "-", added: "+" };
const lines = gitDiffParser(text).commits[0].files[0].lines.filter((line) => line.text !== "");
const seen = lines.map((line) => `${line.ln1 ?? line.ln2} ${marks[line.type]}${line.text}`);
const changes = parseDiff(text)[0].chunks[0].changes;
const guess = changes.map((change) => `${change.ln1 ?? change.ln} ${change.content}`);
console.log(`one would guess, as of parse-diff:\n${guess.join("\n")}\nseen:\n${seen.join("\n")}`);
const all = ["1  create table host (id int);", "2 --- takes the old names away", "3 -drop table name;", "4 -select 1;", "2 +select 2;"];
const known = ["1  create table host (id int);", "2 -drop table name;", "3 -select 1;", "2 +select 2;"];
process.exit(`${guess}` === `${all}` && `${seen}` === `${known}` ? 0 : 1);
EOT
node read.mjs
