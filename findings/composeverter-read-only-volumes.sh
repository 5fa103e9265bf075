#!/bin/sh
# composeverter, which brings Compose files to newer forms, told to write volumes in their long form: `:ro` comes out as
# `nocopy: true`, which is about what a new volume begins with, and not as `read_only: true`. So a folder that a container
# could only read may now be written by it, the machine's own too. With the same option off the text stays. And a file of
# the first form gets its named volumes as a list, which Compose refuses: they are a mapping. Nothing is said of either.
# Needs node, npm and its package index; no engine. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm install --silent --no-audit --no-fund composeverter@1.7.5 yaml@2.9.1 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > convert.mjs <<'EOF'
import { readFileSync } from "node:fs";
import composeverter from "composeverter";
import { parse } from "yaml";

console.log("composeverter", JSON.parse(readFileSync("node_modules/composeverter/package.json", "utf8")).version);
const file = `services:
  web:
    image: nginx:1.27
    volumes: ["./site:/srv:ro", "data:/data:ro"]
volumes:
  data: {}
`;
const long = parse(composeverter.migrateToCommonSpec(file, { expandVolumes: true })).services.web.volumes;
for (const volume of long) {
  console.log(`${volume.source}:${volume.target}:ro\none would guess: read_only: true`);
  console.log(`seen:            ${JSON.stringify(volume)}`);
}
const first = "db:\n  image: postgres:16\n  volumes: [\"data:/var/lib/postgresql/data\"]\n";
const { volumes } = parse(composeverter.migrateFromV1ToV2x(first));
console.log('the volumes of a file of the first form\none would guess: a mapping, as {"data": ...}');
console.log(`seen:            ${JSON.stringify(volumes)}`);
const writable = long.every((volume) => volume.read_only === undefined && volume.volume.nocopy === true);
process.exit(long.length === 2 && writable && Array.isArray(volumes) ? 0 : 1);
EOF
node convert.mjs
