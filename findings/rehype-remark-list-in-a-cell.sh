#!/bin/sh
# rehype-remark with remark-gfm, which makes Markdown of HTML: a list in a table's cell, as pages have it for options or ports,
# is written over several lines within the row. A row of Markdown is one line, so it ends in the midst of the cell: the
# cells behind the list and all rows that come next are text of the list's last entry. The program's own reader gives back
# a table of two rows and a list. Lines that are broken by <br> are joined by a blank, and the table stays one.
# Needs node, npm and its package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm install --silent --no-audit --no-fund unified@11.0.5 rehype-parse@9.0.1 rehype-remark@10.0.1 remark-gfm@4.0.1 \
    remark-parse@11.0.0 remark-stringify@11.0.0 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > convert.mjs <<'EOF'
import { readFileSync } from "node:fs";
import parseHtml from "rehype-parse";
import remark from "rehype-remark";
import gfm from "remark-gfm";
import parse from "remark-parse";
import stringify from "remark-stringify";
import { unified } from "unified";

const version = (name) => JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8")).version;
console.log("rehype-remark", version("rehype-remark"), "remark-gfm", version("remark-gfm"));
const html = `<table><tr><th>Service</th><th>Ports</th><th>Protocol</th></tr>
<tr><td>web</td><td><ul><li>80</li><li>443</li></ul></td><td>tcp</td></tr>
<tr><td>DNS</td><td>53</td><td>udp</td></tr></table>`;
const markdown = `${unified().use(parseHtml, { fragment: true }).use(remark).use(gfm).use(stringify).processSync(html)}`;
const blocks = unified().use(parse).use(gfm).parse(markdown).children;
const rows = blocks[0].type === "table" ? blocks[0].children.length : 0;
console.log(`seen:\n${markdown}`);
console.log("one would guess, read again: one table of three rows");
console.log(`seen, read again: ${blocks.map((block) => block.type).join(", ")}; the table has ${rows} rows`);
process.exit(`${blocks.map((block) => block.type)}` === "table,list" && rows === 2 ? 0 : 1);
EOF
node convert.mjs
