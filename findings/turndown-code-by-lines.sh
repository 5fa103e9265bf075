#!/bin/sh
# turndown and node-html-markdown, which make Markdown of HTML, on code that has an element for each line, as pages have it
# whose code is coloured or numbered (<code><div>...</div><div>...</div></code>): a browser shows and copies two lines, and
# the Markdown has one, without a blank between them. Of `cd /srv` and `rm -r old` comes `cd /srvrm -r old`. Lines that end
# with <br> are joined by turndown alone. Nothing is said.
# Needs node, npm and its package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm install --silent --no-audit --no-fund turndown@7.2.5 node-html-markdown@2.0.0 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > convert.mjs <<'EOF'
import { readFileSync } from "node:fs";
import { NodeHtmlMarkdown } from "node-html-markdown";
import Turndown from "turndown";

const version = (name) => JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8")).version;
console.log("turndown", version("turndown"), "node-html-markdown", version("node-html-markdown"));
const turndown = new Turndown({ codeBlockStyle: "fenced" });
const joined = "```\ncd /srvrm -r old\n```";
const apart = "```\ncd /srv\nrm -r old\n```";
const known = [
  ["<pre><code><div>cd /srv</div><div>rm -r old</div></code></pre>", joined, joined],
  ["<pre><code><span>cd /srv</span><br><span>rm -r old</span></code></pre>", joined, apart],
];
let changed = false;
for (const [html, expected, other] of known) {
  const seen = [turndown.turndown(html), NodeHtmlMarkdown.translate(html)];
  console.log(html);
  console.log(`one would guess: ${JSON.stringify(apart)}\nseen, turndown: ${JSON.stringify(seen[0])}\nseen, node-html-markdown: ${JSON.stringify(seen[1])}`);
  changed ||= seen[0] !== expected || seen[1] !== other;
}
process.exit(changed ? 1 : 0);
EOF
node convert.mjs
