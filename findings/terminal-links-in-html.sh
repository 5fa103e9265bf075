#!/bin/sh
# Links in a terminal's output (OSC 8), as `ls --hyperlink`, `systemctl status` and compilers write them, on the way to a web
# page: fancy-ansi leaves out the link with its text, so that of `Docs: [docs]` only `Docs: ` is there; ansi_up does so with
# links to files, which are those that `ls` makes, so a folder's listing is an empty page; ansi-to-html shows the codes as
# text. Nothing is said. strip-ansi keeps the text.
# Needs node, npm and its package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm install --silent --no-audit --no-fund fancy-ansi@0.1.3 ansi_up@6.0.6 ansi-to-html@0.7.2 strip-ansi@7.2.0 > npm.log 2>&1 ||
    { cat npm.log; exit 2; }
cat > show.mjs <<'EOF'
import { readFileSync } from "node:fs";
import Convert from "ansi-to-html";
import { AnsiUp } from "ansi_up";
import { FancyAnsi } from "fancy-ansi";
import stripAnsi from "strip-ansi";

const names = ["fancy-ansi", "ansi_up", "ansi-to-html", "strip-ansi"];
console.log(...names.map((name) => `${name} ${JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8")).version}`));
const link = (address, text) => `\x1b]8;;${address}\x1b\\${text}\x1b]8;;\x1b\\`;
const output = `files: ${link("file:///etc/hosts", "hosts")}, docs: ${link("https://example.org/", "manual")}.`;
const seen = [
  new FancyAnsi().toHtml(output),
  new AnsiUp().ansi_to_html(output),
  new Convert().toHtml(output),
  stripAnsi(output),
];
console.log("one would guess: files: hosts, docs: manual. (with or without links)");
names.forEach((name, index) => console.log(`seen, ${name}: ${seen[index]}`));
const known = [
  "files: , docs: .",
  'files: , docs: <a href="https://example.org/">manual</a>.',
  "files: ]8;;file:///etc/hosts\\hosts]8;;\\, docs: ]8;;https://example.org/\\manual]8;;\\.",
  "files: hosts, docs: manual.",
];
process.exit(JSON.stringify(seen) === JSON.stringify(known) ? 0 : 1);
EOF
node show.mjs
