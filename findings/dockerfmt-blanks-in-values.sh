#!/bin/sh
# dockerfmt, a formatter for Dockerfiles, makes another file of a valid one where a value has blanks. The old form of ENV,
# which has one name and takes the rest of the line as its value, gets an equals sign and no quotes: `big` is now a name
# without a value, and the build ends with an error. The list form of ADD and COPY, which is there for paths with blanks,
# loses its brackets and quotes: one path becomes two. In a value over two lines, the second line's new indentation is part
# of the value. dockerfile-ast, a parser of the same registry, reads both files; heredocs are left as they are.
# Needs node and npm. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm install --silent --no-audit --no-fund @reteps/dockerfmt@0.5.4 dockerfile-ast@0.7.1 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > Dockerfile <<'EOF'
FROM alpine:3.20
ENV GREETING hello big world
COPY ["read me.txt", "/srv/"]
LABEL about="first \
second"
EOF
cat > format.mjs <<'EOF'
import { readFileSync } from "node:fs";

import { formatDockerfileContents } from "@reteps/dockerfmt";
import { DockerfileParser } from "dockerfile-ast";

const version = (name) => JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8")).version;
// Variables with their values, the number of words of each COPY, and what the label says.
const read = (text) => {
  const file = DockerfileParser.parse(text);
  return {
    variables: file.getENVs().flatMap((line) => line.getProperties().map((one) => `${one.getName()}: ${one.getValue()}`)),
    copied: file.getCOPYs().map((line) => line.getJSONStrings().length || line.getArguments().length),
    label: text.match(/about="([^"]*)"/)[1].replace(/\\\n/g, ""),
  };
};

const before = readFileSync("Dockerfile", "utf8");
const after = await formatDockerfileContents(before, { indent: 4, trailingNewline: true, spaceRedirects: false });
console.log("dockerfmt", version("@reteps/dockerfmt"), "dockerfile-ast", version("dockerfile-ast"));
console.log("one would guess: formatted, it is the same file to its reader:", JSON.stringify(read(before)));
console.log("seen:", JSON.stringify(read(after)));
console.log(after);
const known = [
  "ENV GREETING=hello big world\n", "COPY read me.txt /srv/\n", 'LABEL about="first \\\n    second"\n',
].every((line) => after.includes(line));
process.exit(known ? 0 : 1);
EOF
node format.mjs
