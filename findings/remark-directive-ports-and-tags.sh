#!/bin/sh
# remark with remark-directive, which documentation sites switch on for their boxes (`:::note`): the package also reads
# `:name` within a sentence as a directive, digits too and right behind a word. Of what nobody handles nothing is written.
# So nginx:latest loses its tag, 8080:80 the container's port, and 10:30:15 its seconds, without a warning. An IPv6 address,
# with two colons together, and code are safe. Whoever uses the package is to write unknown ones back as their text.
# Needs node and npm. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm install --silent --no-audit --no-fund unified@11.0.5 remark-parse@11.0.0 remark-directive@4.0.0 remark-rehype@11.1.2 \
    rehype-stringify@10.0.1 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > sentences.mjs <<'EOF'
import { readFileSync } from "node:fs";

import rehypeStringify from "rehype-stringify";
import remarkDirective from "remark-directive";
import remarkParse from "remark-parse";
import remarkRehype from "remark-rehype";
import { unified } from "unified";

const known = {
  "Pull nginx:latest and publish 8080:80.": "Pull nginx and publish 8080.",
  "Give it to user:group at 10:30:15.": "Give it to user at 10:30.",
  "Ask fe80::1, or run `docker pull nginx:latest`.": "Ask fe80::1, or run docker pull nginx:latest.",
};
const html = unified().use(remarkParse).use(remarkDirective).use(remarkRehype).use(rehypeStringify);
const read = async (text) => String(await html.process(text)).replace(/<[^>]+>/g, "");

console.log("remark-directive", JSON.parse(readFileSync("node_modules/remark-directive/package.json", "utf8")).version);
console.log("one would guess: each sentence stays as it is, since none has a directive");
let same = true;
for (const [sentence, expected] of Object.entries(known)) {
  const seen = await read(sentence);
  console.log(`seen of ${JSON.stringify(sentence)}: ${JSON.stringify(seen)}`);
  same &&= seen === expected;
}
process.exit(same ? 0 : 1);
EOF
node sentences.mjs
