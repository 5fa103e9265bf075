#!/bin/sh
# xterm.js with its serialize addon, the usual way to keep a terminal over a reload: the line drawing set that a program
# has switched on, the tab stops and the saved cursor are not in the text that serialize() gives. A frame that is half drawn
# goes on in letters ("qk"), tables lose their columns, and "restore cursor" jumps to the top left corner.
# Needs node, npm and its package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm install --silent --no-audit --no-fund @xterm/headless@6.0.0 @xterm/addon-serialize@0.14.0 > npm.log 2>&1 ||
    { cat npm.log; exit 2; }
cat > keep.cjs <<'EOF'
const { readFileSync } = require("node:fs");
const { SerializeAddon } = require("@xterm/addon-serialize");
const { Terminal } = require("@xterm/headless");

const CASES = {
  "a frame in line drawing": ["\x1b(0lq", "qk\x1b(B"],
  "tab stops set by a program": ["\x1b[3g\x1b[1;5H\x1bH\r", "a\tb"],
  "a saved cursor": ["abc\x1b7\r\n\r\nxyz", "\x1b8D"],
  "a colour (control)": ["\x1b[31mred ", "more"],
};
const open = () => new Terminal({ cols: 20, rows: 4, allowProposedApi: true });
const write = (terminal, text) => new Promise((done) => terminal.write(text, done));
const lines = (terminal) =>
  [0, 1, 2, 3].map((row) => terminal.buffer.active.getLine(row).translateToString(true)).join("/").replace(/\/+$/, "");

async function shown([before, after]) {
  const [kept, restored, addon] = [open(), open(), new SerializeAddon()];
  kept.loadAddon(addon);
  await write(kept, before);
  await write(restored, addon.serialize());
  await Promise.all([write(kept, after), write(restored, after)]);
  return [lines(kept), lines(restored)];
}

(async () => {
  for (const name of ["headless", "addon-serialize"])
    console.log(`@xterm/${name}`, JSON.parse(readFileSync(`node_modules/@xterm/${name}/package.json`)).version);
  console.log("one terminal goes on, another is restored from serialize() and gets the same bytes from then on");
  console.log("one would guess: both show the same");
  const same = [];
  for (const [name, bytes] of Object.entries(CASES)) {
    const [kept, restored] = await shown(bytes);
    same.push(kept === restored);
    console.log(`seen, ${name}: ${kept} and ${restored}`);
  }
  process.exit(String(same) === "false,false,false,true" ? 0 : 1);
})();
EOF
node keep.cjs
