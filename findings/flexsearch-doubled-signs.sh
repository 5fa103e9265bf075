#!/bin/sh
# flexsearch as it comes, which looks for words in pages of documentation: it makes one sign of each that stands twice or more
# in a row, for words that people spell either way, and does so with digits and names too. So port 22 is port 2 and port 222,
# 10.0.0.1 is 10.0.0.11, and mode 644 is mode 664. ssh and sh are one word; whoever looks for the first gets the page about
# the second first. Numbers are cut into threes besides, so 655 finds 65535, and 1000 finds 10.0.0.1. `encoder: "LatinExact"`
# finds what was asked for. minisearch, of the same registry, does so as it comes.
# Needs node, npm and its package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm install --silent --no-audit --no-fund flexsearch@0.8.212 minisearch@7.2.0 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > search.mjs <<'EOF'
import { readFileSync } from "node:fs";
import flexsearch from "flexsearch";
import MiniSearch from "minisearch";

const version = (name) => JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8")).version;
console.log("flexsearch", version("flexsearch"), "minisearch", version("minisearch"));
const words = ["sh, a shell", "ssh, a login", "65535 ports", "10.0.0.11", "10.0.0.1"];
const pages = [...words, "port 2", "port 22", "port 222", "mode 644", "mode 664"];
const index = new flexsearch.Index();
const mini = new MiniSearch({ fields: ["page"], storeFields: ["page"] });
pages.forEach((page, id) => {
  index.add(id, page);
  mini.add({ id, page });
});
const known = {
  ssh: ["sh, a shell", "ssh, a login"],
  22: ["port 2", "port 22", "port 222"],
  644: ["mode 644", "mode 664"],
  "10.0.0.1": ["10.0.0.11", "10.0.0.1"],
  1000: ["10.0.0.11", "10.0.0.1"],
  655: ["65535 ports"],
};
let changed = false;
for (const [asked, expected] of Object.entries(known)) {
  const seen = index.search(asked).map((id) => pages[id]);
  const guess = mini.search(asked, { combineWith: "AND" }).map((found) => found.page);
  console.log(`${asked}: seen ${JSON.stringify(seen)}; one would guess, as minisearch: ${JSON.stringify(guess)}`);
  changed ||= `${seen}` !== `${expected}`;
}
process.exit(changed ? 1 : 0);
EOF
node search.mjs
