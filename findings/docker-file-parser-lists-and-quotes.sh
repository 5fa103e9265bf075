#!/bin/sh
# docker-file-parser, the parser of Dockerfiles of the npm registry that tools check images with, on a file that Docker
# builds: the list form of COPY and ADD, which is there for paths with blanks, is cut at its blanks once an option such as
# --chown stands before it, brackets and quotes included. An empty line in an instruction, which Docker passes over with a
# warning, ends it, and a package's name is an instruction. The values of ENV and LABEL keep their quotes. No entry has an
# error. dockerfile-ast, of the same registry, finds the five instructions.
# Needs node, npm and its package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm install --silent --no-audit --no-fund docker-file-parser@1.0.7 dockerfile-ast@0.7.1 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > Dockerfile <<'EOF'
FROM alpine:3.22
ENV GREETING="good day"
COPY ["my site", "/srv/"]
COPY --chown=82:82 ["my site", "/srv/"]
RUN apk add \
    curl \

    vim
EOF
cat > read.mjs <<'EOF'
import { readFileSync } from "node:fs";
import dockerFileParser from "docker-file-parser";
import { DockerfileParser } from "dockerfile-ast";

const version = (name) => JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8")).version;
console.log("docker-file-parser", version("docker-file-parser"), "dockerfile-ast", version("dockerfile-ast"));
const text = readFileSync("Dockerfile", "utf8");
const guess = DockerfileParser.parse(text).getInstructions();
const words = (one) => `${one.getKeyword()} ${one.getRawArgumentsContent()}`;
console.log("one would guess these instructions, as dockerfile-ast:", guess.map(words));
const seen = dockerFileParser.parse(text).map(({ name, args, error }) => [name, args, ...(error ? [error] : [])]);
console.log("seen:", JSON.stringify(seen));
const known = [
  ["FROM", "alpine:3.22"],
  ["ENV", { GREETING: '"good day"' }],
  ["COPY", ["my site", "/srv/"]],
  ["COPY", ["--chown=82:82", '["my', 'site",', '"/srv/"]']],
  ["RUN", "apk add     curl"],
  ["VIM", ""],
];
process.exit(guess.length === 5 && JSON.stringify(seen) === JSON.stringify(known) ? 0 : 1);
EOF
node read.mjs
