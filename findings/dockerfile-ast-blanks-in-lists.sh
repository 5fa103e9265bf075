#!/bin/sh
# dockerfile-ast, the parser of Dockerfiles behind several editors and linters of npm: the texts of a list (CMD, ENTRYPOINT,
# SHELL, COPY) come without the blanks in them, though the list is there to keep them. `["nginx", "-g", "daemon off;"]` has
# the word `daemonoff;`, and `sh -c` gets `echohithere`. The other way to ask, getArguments, cuts the list at its blanks,
# brackets and quotes included. Values of ENV and LABEL keep their blanks. JSON.parse reads such a list, as Docker does.
# Needs node, npm and its package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm install --silent --no-audit --no-fund dockerfile-ast@0.7.1 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > read.mjs <<'EOF'
import { readFileSync } from "node:fs";
import { DockerfileParser } from "dockerfile-ast";

console.log("dockerfile-ast", JSON.parse(readFileSync("node_modules/dockerfile-ast/package.json", "utf8")).version);
const known = {
  'ENTRYPOINT ["nginx", "-g", "daemon off;"]': ["nginx", "-g", "daemonoff;"],
  'CMD ["sh", "-c", "echo hi there"]': ["sh", "-c", "echohithere"],
  'COPY ["my site", "/srv/"]': ["mysite", "/srv/"],
};
let changed = false;
for (const [line, expected] of Object.entries(known)) {
  const instruction = DockerfileParser.parse(`FROM nginx:1.27\n${line}\n`).getInstructions()[1];
  const guess = JSON.parse(line.slice(line.indexOf("[")));
  const seen = instruction.getJSONStrings().map((text) => text.getJSONValue());
  console.log(`${line}\none would guess: ${JSON.stringify(guess)}\nseen:            ${JSON.stringify(seen)}`);
  changed ||= `${seen}` !== `${expected}`;
}
process.exit(changed ? 1 : 0);
EOF
node read.mjs
