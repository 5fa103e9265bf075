#!/bin/sh
# markdown-it-attrs, which VitePress has on by default: braces at the end of a paragraph, a list item, a heading or a cell are
# attributes, whatever stands in them and with no blank before them. So `mkdir -p src/{api,web}` in a sentence ends with
# src/, ${HOME} is a dollar sign, and {1..3} is gone; the HTML gets attributes named `api,web` and `1..3`. Braces with quotes
# in them, a template's double braces and code are safe. Python-Markdown's attr_list, where this comes from, takes only
# what follows a heading's text and a blank, or stands on a line of its own.
# Needs node and npm. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm install --silent --no-audit --no-fund markdown-it@15.0.3 markdown-it-attrs@5.0.1 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > braces.mjs <<'EOF'
import { readFileSync } from "node:fs";

import MarkdownIt from "markdown-it";
import attrs from "markdown-it-attrs";

const known = {
  "Make both folders: mkdir -p src/{api,web}": '<p api,web="">Make both folders: mkdir -p src/</p>',
  "The folder is ${HOME}": '<p HOME="">The folder is $</p>',
  "## Counting with {1..3}": '<h2 1..3="">Counting with</h2>',
  "Names only: --format {{.Names}}": "<p>Names only: --format {{.Names}}</p>",
};
console.log("markdown-it-attrs", JSON.parse(readFileSync("node_modules/markdown-it-attrs/package.json", "utf8")).version);
console.log("one would guess: what is no attribute stays text");
let same = true;
for (const [text, expected] of Object.entries(known)) {
  const seen = new MarkdownIt().use(attrs).render(text).trim();
  console.log(`seen of ${text}: ${seen}`);
  same &&= seen === expected;
}
process.exit(same ? 0 : 1);
EOF
node braces.mjs
