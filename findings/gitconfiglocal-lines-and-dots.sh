#!/bin/sh
# gitconfiglocal and parse-git-config, which many tools of npm read .git/config with (some 18 million downloads a month), on files
# that git writes itself: of several `fetch` lines, as `git remote set-branches --add` makes them, only the last is kept. An alias
# over two lines ends at its backslash, and the second line is a key of its own, `echo done`, that is true. And a name with a
# dot in it, as of a remote `my.fork`, a branch or an address, is cut there by gitconfiglocal, with a quote left over: it
# finds no such remote. Nothing is said. Both read the file as INI. git is asked beside them.
# Needs node, npm, its package index and git. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm install --silent --no-audit --no-fund gitconfiglocal@2.1.0 parse-git-config@3.0.0 > npm.log 2>&1 || { cat npm.log; exit 2; }
git init --quiet work
git -C work remote add my.fork ssh://git@192.0.2.7/lab.git
git -C work remote set-branches my.fork main
git -C work remote set-branches --add my.fork next
cat >> work/.git/config <<'EOT'
[alias]
	publish = !git push && \
	    echo done
EOT
cat > read.mjs <<'EOT'
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import gitConfigLocal from "gitconfiglocal";
import parseGitConfig from "parse-git-config";

const version = (name) => JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8")).version;
const git = (...words) => execFileSync("git", ["-C", "work", "config", ...words], { encoding: "utf8" }).trim().split("\n");
console.log(`gitconfiglocal ${version("gitconfiglocal")}, parse-git-config ${version("parse-git-config")}`);
console.log(execFileSync("git", ["--version"], { encoding: "utf8" }).trim());
console.log("one would guess, as git reads it:", git("--get-all", "remote.my.fork.fetch"), git("alias.publish"));
const first = await promisify(gitConfigLocal)("work");
const second = parseGitConfig.sync({ path: "work/.git/config" });
const seen = [
  [Object.keys(first.remote), first.remote["my.fork"], first.alias],
  [second['remote "my.fork"'].fetch, second.alias],
];
console.log("seen, gitconfiglocal: remotes, the remote my.fork, aliases:", ...seen[0]);
console.log("seen, parse-git-config: fetch of my.fork, aliases:", ...seen[1]);
const alias = { publish: "!git push && \\", "echo done": true };
const known = [[["my"], undefined, alias], ["+refs/heads/next:refs/remotes/my.fork/next", alias]];
process.exit(JSON.stringify(seen) === JSON.stringify(known) && git("--get-all", "remote.my.fork.fetch").length === 2 ? 0 : 1);
EOT
node read.mjs
