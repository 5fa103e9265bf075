#!/bin/sh
# Eleventy and a note about Docker: before it reads a Markdown file as Markdown it runs it through LiquidJS, code blocks
# included. A template of Docker's, such as --format '{{.Names}}', is a variable of that name to LiquidJS, which it has not,
# and so it becomes nothing: the page shows --format '' and nothing is said. `markdownTemplateEngine: false` keeps the text
# as it was written.
# Needs node and npm. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm install --silent --no-audit --no-fund @11ty/eleventy@3.1.8 liquidjs@10.30.1 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > note.md <<'EOF'
```bash
docker ps --format '{{.Names}}'
docker inspect --format '{{json .Mounts}}' web
```
EOF
build() { node_modules/.bin/eleventy --quiet --input note.md --output "$1" ${2:+--config "$2"} 2> errors.txt || { cat errors.txt; exit 2; }; }
build default
printf 'module.exports = () => ({ markdownTemplateEngine: false });\n' > off.cjs
build off off.cjs
echo "@11ty/eleventy 3.1.8, liquidjs 10.30.1"
echo "one would guess: the block as it was written, or an error"
echo "seen:"
sed 's/&quot;/"/g' default/note/index.html
[ -s errors.txt ] && cat errors.txt
if grep -q -e Names -e Mounts default/note/index.html; then exit 1; fi
grep -q 'docker ps --format' default/note/index.html
grep -q Names off/note/index.html
