#!/bin/sh
# xterm.js takes a key for held down until it sees it let go. Where a key's own handler moves the focus out of the terminal, or
# the window loses it meanwhile, the key is let go of elsewhere; then the next text that comes without a key, as from dictation
# or a table of emoji, is dropped without a word. The one after the next key arrives.
# Needs node, npm and its package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm install --silent --no-audit --no-fund @xterm/xterm@6.0.0 jsdom@26.1.0 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > insert.cjs <<'EOF'
const { readFileSync } = require("node:fs");
const { JSDOM, VirtualConsole } = require("jsdom");

const { window } = new JSDOM("<div id=screen></div><button>Out</button>", {
  pretendToBeVisual: true,
  virtualConsole: new VirtualConsole(), // it would say that there is no canvas
});
window.matchMedia = () => ({ matches: false, addListener() {}, removeListener() {}, addEventListener() {} });
for (const name of ["window", "document", "navigator", "HTMLElement", "Node", "KeyboardEvent", "getComputedStyle"])
  Object.defineProperty(globalThis, name, { value: name === "window" ? window : window[name], configurable: true });
globalThis.self = window;
const { Terminal } = require("@xterm/xterm");

function typed(steps) {
  const terminal = new Terminal({ cols: 20, rows: 4 });
  terminal.open(document.getElementById("screen"));
  let sent = "";
  terminal.onData((data) => (sent += data));
  const out = document.querySelector("button");
  terminal.attachCustomKeyEventHandler(({ type, key }) => {
    if (type === "keydown" && key === "F6") out.focus(); // a page's way out of the terminal
    return key !== "F6";
  });
  const key = (type, target) =>
    target.dispatchEvent(new window.KeyboardEvent(type, { key: "F6", keyCode: 117, bubbles: true, cancelable: true }));
  const insert = (data) =>
    terminal.textarea.dispatchEvent(
      new window.InputEvent("input", { data, inputType: "insertText", bubbles: true, composed: true }),
    );
  terminal.focus();
  steps({ key, insert, terminal });
  terminal.dispose();
  return sent;
}

const plain = typed(({ insert }) => insert("one"));
const after = typed(({ key, insert, terminal }) => {
  key("keydown", terminal.textarea);
  key("keyup", document.activeElement); // the button has it by now
  terminal.focus();
  insert("two");
});
for (const name of ["@xterm/xterm", "jsdom"])
  console.log(name, JSON.parse(readFileSync(`node_modules/${name}/package.json`)).version);
console.log("a text is inserted without a key: at first, and after F6 has led out of the terminal and one came back");
console.log("one would guess: one, two");
console.log(`seen: ${plain || "nothing"}, ${after || "nothing"}`);
process.exit(plain === "one" && after === "" ? 0 : 1);
EOF
node insert.cjs
