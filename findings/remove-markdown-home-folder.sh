#!/bin/sh
# remove-markdown, which makes the plain text of a note for a search or a preview: two tildes in a line are marks to it, and
# are gone. `Copy ~/.ssh/id_ed25519.pub to ~/.ssh/authorized_keys` names two folders at the root of the machine then, and of
# `cd ~` nothing is left where it is the second one. Within code in backquotes it works on as well: the stars of
# `find -name '*.py' -o -name '*.sh'` are gone and <none> too, so a command found by its preview is another one. GitHub
# strikes through what stands between tildes, which these do not: blanks and slashes are around them.
# Needs node, npm and its package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm install --silent --no-audit --no-fund remove-markdown@0.7.0 marked@18.2.1 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > plain.mjs <<'EOF'
import { readFileSync } from "node:fs";
import { marked } from "marked";
import removeMarkdown from "remove-markdown";

const version = (name) => JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8")).version;
console.log("remove-markdown", version("remove-markdown"), "marked", version("marked"));
const known = [
  ["Copy ~/.ssh/id_ed25519.pub to ~/.ssh/authorized_keys", "Copy /.ssh/id_ed25519.pub to /.ssh/authorized_keys"],
  ["It takes ~5 min and ~10 MB", "It takes 5 min and 10 MB"],
  ["Run `find . -name '*.py' -o -name '*.sh'`", "Run find . -name '.py' -o -name '.sh'"],
  ["Images named `<none>`", "Images named ``"],
];
const text = (html) => html.replace(/<[^>]+>/g, "").replaceAll("&#39;", "'").replaceAll("&lt;", "<").replaceAll("&gt;", ">").trim();
let changed = false;
for (const [note, expected] of known) {
  const guess = text(marked.parse(note, { gfm: true }));
  const seen = removeMarkdown(note);
  console.log(`one would guess: ${guess}\nseen:            ${seen}`);
  changed ||= seen !== expected || guess === seen;
}
process.exit(changed ? 1 : 0);
EOF
node plain.mjs
