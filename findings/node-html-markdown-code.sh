#!/bin/sh
# node-html-markdown, which makes Markdown of HTML: code in a list item gets two blanks at the end of each line, as if the
# lines of a paragraph were to be kept apart. Behind a backslash at a line's end they undo it, so the shell runs
# `docker run -p 8080:80 \  ` and then `nginx`. Code that has a fence in it, as a note about notes has, gets a fence of
# the same length, and so ends at it; the last fence then begins another block, and the rest of the note is in it. And a
# table's cell that breaks a line joins what stood on two: 80 and 443 are 80443.
# turndown, of the same registry, writes the first two so that a reader of Markdown gets the code back.
# Needs node, npm and its package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm install --silent --no-audit --no-fund node-html-markdown@2.0.0 turndown@7.2.5 commonmark@0.31.2 > npm.log 2>&1 ||
    { cat npm.log; exit 2; }
cat > convert.mjs <<'EOF'
import { readFileSync } from "node:fs";
import { HtmlRenderer, Parser } from "commonmark";
import { NodeHtmlMarkdown } from "node-html-markdown";
import Turndown from "turndown";

const names = ["node-html-markdown", "turndown", "commonmark"];
console.log(...names.map((name) => `${name} ${JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8")).version}`));
const turndown = new Turndown({ codeBlockStyle: "fenced" });
const code = (markdown) => new HtmlRenderer().render(new Parser().parse(markdown)).match(/<code[^>]*>([^]*?)<\/code>/)[1].trimEnd();
const known = [
  ["<ol><li>Run it:<pre><code>docker run -p 8080:80 \\\n  nginx</code></pre></li></ol>", "docker run -p 8080:80 \\  \n  nginx"],
  ["<pre><code>```sh\nls\n```</code></pre>", "```sh\nls"],
];
let changed = false;
for (const [html, expected] of known) {
  const written = html.match(/<code>([^]*)<\/code>/)[1];
  const guess = code(turndown.turndown(html));
  const seen = code(NodeHtmlMarkdown.translate(html));
  console.log(`one would guess, and turndown: ${JSON.stringify(guess)}; seen: ${JSON.stringify(seen)}`);
  changed ||= seen !== expected || guess !== written;
}
const cell = NodeHtmlMarkdown.translate("<table><tr><th>Ports</th></tr><tr><td>80<br>443</td></tr></table>");
console.log(`a cell with 80 and 443 on two lines: ${cell.split("\n").at(-1)}`);
process.exit(changed || !cell.includes("80443") ? 1 : 0);
EOF
node convert.mjs
