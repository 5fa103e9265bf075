#!/bin/sh
# decomposerize, which turns a Compose file into `docker run` commands: a command or an entrypoint given as a list, which is
# the form that needs no shell, comes out as something else. The command's words are joined by commas without quotes, so
# what stands behind `&&` would run on the reader's own machine; an entrypoint becomes one option for each word, of which
# Docker takes the last; a port in the long form is left out without a word.
# Needs node, npm and its package index; no engine. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm install --silent --no-audit --no-fund decomposerize@1.4.4 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > convert.mjs <<'EOJ'
import { readFileSync } from "node:fs";
import decomposerize from "decomposerize";

const version = JSON.parse(readFileSync("node_modules/decomposerize/package.json", "utf8")).version;
const cases = [
  [
    '{services: {one: {image: alpine, command: ["sh", "-c", "hostname && cat /etc/hosts"]}}}',
    'docker run alpine sh -c "hostname && cat /etc/hosts"',
    "docker run alpine sh,-c,hostname && cat /etc/hosts",
  ],
  [
    '{services: {two: {image: redis, entrypoint: ["redis-server", "--appendonly", "yes"]}}}',
    "docker run --entrypoint redis-server redis --appendonly yes",
    "docker run --entrypoint redis-server --entrypoint --appendonly --entrypoint yes redis",
  ],
  [
    "{services: {three: {image: nginx, ports: [{target: 80, published: 8080, host_ip: 127.0.0.1}]}}}",
    "docker run -p 127.0.0.1:8080:80 nginx",
    "docker run nginx",
  ],
];
console.log("decomposerize", version);
let changed = false;
for (const [file, guessed, known] of cases) {
  const seen = decomposerize(file).trim();
  console.log(`\n${file}\none would guess: ${guessed}\nseen:            ${seen}`);
  changed ||= seen !== known;
}
process.exit(changed ? 1 : 0);
EOJ
node convert.mjs
