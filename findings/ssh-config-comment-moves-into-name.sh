#!/bin/sh
# ssh-config, the parser of ~/.ssh/config of the npm registry: a file that is only read and written again is another one. A
# comment behind a value, which OpenSSH allows, comes back without the blank before its sign: `User lab # the lab's own` is
# `User lab# the lab's own`. To OpenSSH the sign is then part of the name and the rest too many words, so it refuses the
# whole file, and with it the hosts that nobody touched; of `User lab #old` comes `lab#old`, which it takes for the user's
# name. A sign within quotes moves likewise, so `echo "a # b"` is another command.
# Needs node, npm and its package index; asks `ssh -G` too, where OpenSSH is installed. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm install --silent --no-audit --no-fund ssh-config@5.3.0 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > config <<'EOF'
Host web
  HostName 192.0.2.11
Host db
  User lab # the lab's own
  RemoteCommand echo "a # b"
EOF
cat > write.mjs <<'EOF'
import { readFileSync, writeFileSync } from "node:fs";
import SSHConfig from "ssh-config";

console.log("ssh-config", JSON.parse(readFileSync("node_modules/ssh-config/package.json", "utf8")).version);
writeFileSync("written", SSHConfig.stringify(SSHConfig.parse(readFileSync("config", "utf8"))));
EOF
node write.mjs
echo "one would guess: what was read and not changed is written as it was:"
cat config
echo "seen:"
cat written
if command -v ssh > /dev/null; then
    ssh -V 2>&1
    echo "web by the first file:  $(ssh -G -F config web 2>&1 | grep '^hostname')"
    echo "web by the second file: $(ssh -G -F written web 2>&1 | tail -n 1)"
fi
grep -q '^  User lab# the' written && grep -q '"a# b"' written
