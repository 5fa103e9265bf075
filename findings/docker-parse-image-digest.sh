#!/bin/sh
# docker-parse-image of the npm registry, beside a parser after Docker's own grammar of references: a digest is taken for a
# tag and set behind a colon, and no engine pulls nginx:sha256:...; an image with a group and a subgroup, as GitLab's registry
# names them, is null, like a text that is no image. And localhost/app, which Docker takes for the registry on this machine,
# is one of a user `localhost` of Docker Hub.
# Needs node, npm and its package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm install --silent --no-audit --no-fund docker-parse-image@3.0.1 @swimlane/docker-reference@2.0.1 > npm.log 2>&1 ||
    { cat npm.log; exit 2; }
cat > parse.mjs <<'EOF'
import { readFileSync } from "node:fs";
import { parseFamiliarName } from "@swimlane/docker-reference";
import parse from "docker-parse-image";

const version = (name) => JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8")).version;
console.log("docker-parse-image", version("docker-parse-image"), "docker-reference", version("@swimlane/docker-reference"));
const digest = `sha256:${"0123456789abcdef".repeat(4)}`;
const short = (text) => text.replace(digest, "sha256:…");
const known = [
  ["nginx:1.27", "nginx:1.27, registry null", "docker.io/library/nginx:1.27"],
  [`nginx@${digest}`, `nginx:${digest}, registry null`, `docker.io/library/nginx@${digest}`],
  ["registry.example.org/group/team/app:1", "null", "registry.example.org/group/team/app:1"],
  ["localhost/app:1", "localhost/app:1, registry null", "localhost/app:1"],
];
let changed = false;
for (const [name, expected, reference] of known) {
  const image = parse(name);
  const seen = image === null ? "null" : `${image.name}, registry ${image.registry}`;
  const whole = parseFamiliarName(name).toString();
  console.log(`${short(name)}: one would guess ${short(whole)}; seen ${short(seen)}`);
  changed ||= seen !== expected || whole !== reference;
}
process.exit(changed ? 1 : 0);
EOF
node parse.mjs
