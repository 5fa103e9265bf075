#!/bin/sh
# prettier with prettier-plugin-nginx: a `#` in quotes, as an address with a fragment or a colour has it, begins a comment.
# `return 302 "https://example.org/docs#install";` comes out as `return`, and on the next line ` #install";`: the code, the
# address and the end of the line are gone. prettier says nothing, and with --write that is the file. Single quotes are the
# same; a semicolon or a brace in quotes is safe.
# Needs node, npm and its package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm install --silent --no-audit --no-fund prettier@3.10.1 prettier-plugin-nginx@1.0.3 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > site.conf <<'EOF'
location = /install {
    return 302 "https://example.org/docs#install";
}
EOF
cp site.conf before.conf
node_modules/.bin/prettier --plugin prettier-plugin-nginx --parser nginx --write site.conf
echo "prettier $(node_modules/.bin/prettier --version), prettier-plugin-nginx 1.0.3"
echo "one would guess: the file as it was:"
cat before.conf
echo "seen:"
cat site.conf
grep -q '^ #install' site.conf && ! grep -q -e 302 -e example site.conf
