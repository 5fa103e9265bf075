#!/bin/sh
# lunr, the search within many sites of documentation, on notes about commands: the commands who, at, which and if are words
# that it never looks for, since its list of English words without meaning has them, so the page about `who` is not found by
# its own title. `docker -p` finds nothing, though a page has just that: a dash before a word asks for pages without it, and
# `-p` alone finds all pages but that one. resolv.conf does not find /etc/resolv.conf, and a port mapping, 8080:80, is an
# error about a field of that name. minisearch, of the same registry, finds each.
# Needs node, npm and its package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm install --silent --no-audit --no-fund lunr@2.3.9 minisearch@7.2.0 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > find.mjs <<'EOF'
import { readFileSync } from "node:fs";
import lunr from "lunr";
import MiniSearch from "minisearch";

const version = (name) => JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8")).version;
console.log("lunr", version("lunr"), "minisearch", version("minisearch"));
const notes = [
  { id: "who", text: "who shows users" },
  { id: "at", text: "at runs a command later" },
  { id: "publish", text: "docker run -p 8080:80 publishes a port" },
  { id: "resolver", text: "edit /etc/resolv.conf" },
];
const index = lunr(function () {
  this.ref("id");
  this.field("text");
  for (const note of notes) this.add(note);
});
const other = new MiniSearch({ fields: ["text"] });
other.addAll(notes);
const found = (query) => {
  try {
    return index.search(query).map((result) => result.ref).join(", ");
  } catch (error) {
    return error.message;
  }
};
const known = [
  ["who", "who", ""],
  ["at", "at", ""],
  ["docker -p", "publish", ""],
  ["-p", "publish", "who, at, resolver"],
  ["resolv.conf", "resolver", ""],
  ["8080:80", "publish", "unrecognised field '8080', possible fields: 'text'"],
];
let changed = false;
for (const [query, guess, expected] of known) {
  const seen = found(query);
  console.log(`${query}: one would guess ${guess}; seen ${seen || "nothing"}`);
  changed ||= seen !== expected || other.search(query)[0].id !== guess;
}
process.exit(changed ? 1 : 0);
EOF
node find.mjs
