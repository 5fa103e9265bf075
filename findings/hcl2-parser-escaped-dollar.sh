#!/bin/sh
# hcl2-parser of the npm registry, which makes JSON of Terraform's files: in a text `$${HOME}` is an escaped dollar sign, so
# that a container's own shell gets ${HOME}; `${var.port}` is Terraform's. hcl2-parser undoes the escape and leaves
# Terraform's own as they are, so in what it gives the two look alike. Terraform reads JSON too (*.tf.json, where texts are
# templates as well): written there, ${HOME} is a reference that does not exist, and $${var.port}, which was a text, has the
# port's value. @cdktf/hcl2json, of the same registry, keeps the escape.
# Needs node, npm and its package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm install --silent --no-audit --no-fund hcl2-parser@1.0.3 @cdktf/hcl2json@0.21.0 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > main.tf <<'EOF'
resource "docker_container" "web" {
  env = ["FOLDER=$${HOME}/web", "PORT=${var.port}", "HELP=$${var.port} is the port"]
}
EOF
cat > convert.mjs <<'EOF'
import { readFileSync } from "node:fs";
import { parse } from "@cdktf/hcl2json";
import hcl2 from "hcl2-parser";

const version = (name) => JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8")).version;
console.log("hcl2-parser", version("hcl2-parser"), "@cdktf/hcl2json", version("@cdktf/hcl2json"));
const text = readFileSync("main.tf", "utf8");
const env = (read) => JSON.stringify(read.resource.docker_container.web[0].env);
const guess = env(await parse("main.tf", text));
const seen = env(hcl2.parseToObject(text)[0]);
console.log(`one would guess, as hcl2json: ${guess}\nseen:                         ${seen}`);
const known = [
  ["FOLDER=$${HOME}/web", "PORT=${var.port}", "HELP=$${var.port} is the port"],
  ["FOLDER=${HOME}/web", "PORT=${var.port}", "HELP=${var.port} is the port"],
];
process.exit(guess === JSON.stringify(known[0]) && seen === JSON.stringify(known[1]) ? 0 : 1);
EOF
node convert.mjs
