#!/bin/sh
# markdown-it-multimd-table, which gives markdown-it the tables of MultiMarkdown, switched on for a note that was written for
# GitHub: in GitHub's tables a pipe in code is written \|, since it would end the cell otherwise, and the backslash is not
# shown (GFM 0.29, 4.10), nor is it by markdown-it alone. With the plugin it is: `ps aux \| grep ssh` is copied with it, and
# a shell then gives ps three arguments more. Outside code it is taken away as before. And `a || b` without code, three
# cells of which the second is empty, is one over two columns, so the third cell stands under another heading.
# Needs node, npm and its package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm install --silent --no-audit --no-fund markdown-it@14.3.3 markdown-it-multimd-table@4.2.3 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > tables.mjs <<'EOF'
import { readFileSync } from "node:fs";
import MarkdownIt from "markdown-it";
import multimd from "markdown-it-multimd-table";

const version = (name) => JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8")).version;
console.log("markdown-it", version("markdown-it"), "markdown-it-multimd-table", version("markdown-it-multimd-table"));
const note = "|Command|Port|Protocol|\n|-|-|-|\n|`ps aux \\| grep ssh`|22|tcp|\n|ping||icmp|\n";
const cells = (parser) => [...parser.render(note).matchAll(/<td(.*?)>(.*?)<\/td>/g)].map((found) => found[1] + found[2]);
const guess = cells(new MarkdownIt());
const seen = cells(new MarkdownIt().use(multimd));
console.log("one would guess, as markdown-it alone:", guess);
console.log("seen, with the plugin:                ", seen);
const known = [
  ["<code>ps aux | grep ssh</code>", "22", "tcp", "ping", "", "icmp"],
  ["<code>ps aux \\| grep ssh</code>", "22", "tcp", ' colspan="2"ping', "icmp"],
];
process.exit(JSON.stringify([guess, seen]) === JSON.stringify(known) ? 0 : 1);
EOF
node tables.mjs
