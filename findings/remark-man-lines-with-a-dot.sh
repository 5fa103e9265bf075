#!/bin/sh
# remark-man, which makes a page for `man` of Markdown: in such a page a line that begins with a dot or an apostrophe is an order
# to the program that shows it, so whoever writes one guards those signs. remark-man guards backslashes and not these two. So
# of a list of what to run, `./configure` is gone and `make` stays; of a paragraph that begins with .env nothing is shown,
# since all of it stands on one line; of a list of files there are the dots before them and no names. groff says no word.
# marked-man, of the same registry, guards them.
# Needs node, npm and its package index, and groff. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
command -v groff > /dev/null || { echo "groff is not here"; exit 2; }
npm install --silent --no-audit --no-fund remark-man@9.0.0 remark-parse@11.0.0 unified@11.0.5 marked-man@2.1.1 > npm.log 2>&1 ||
    { cat npm.log; exit 2; }
cat > page.md <<'EOT'
# lab(1) -- runs labs

## FILES

.env holds the secrets of a lab.

* .bashrc is read
* lab.conf is read

## BUILD

    ./configure --prefix=/usr
    make
EOT
cat > page.mjs <<'EOT'
import { readFileSync, writeFileSync } from "node:fs";
import remarkMan from "remark-man";
import remarkParse from "remark-parse";
import { unified } from "unified";

const version = (name) => JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8")).version;
console.log("remark-man", version("remark-man"), "marked-man", version("marked-man"));
writeFileSync("remark.1", String(await unified().use(remarkParse).use(remarkMan).process(readFileSync("page.md", "utf8"))));
EOT
node page.mjs
node_modules/.bin/marked-man page.md > marked.1
groff --version | head -n 1
for maker in marked remark; do groff -man -Tascii -P-cbou "$maker.1" 2> "$maker.log" | cat -s > "$maker.txt"; done
echo "one would guess, as of marked-man's page:"
sed -n '/FILES/,/make/p' marked.txt
echo "seen, of remark-man's:"
sed -n '/FILES/,/make/p' remark.txt
cat remark.log
for text in 'secrets of a lab' '.bashrc is read' './configure --prefix'; do
    grep -q -- "$text" marked.txt && ! grep -q -- "$text" remark.txt || exit 1
done
grep -q 'lab.conf is read' remark.txt && grep -q make remark.txt && test ! -s remark.log
