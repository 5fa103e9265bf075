#!/bin/sh
# gift-pegjs, the GIFT parser of the npm registry: of a true/false question whose answer is true, the two feedbacks change
# places. In Moodle's GIFT the first one is for whoever answers wrongly (Moodle's question/format/gift/format.php calls them
# wrongfeedback and rightfeedback, in this order); the parser gives it to those who say "true", whatever is right. And of
# choices with weights of a half each, none is said to be correct.
# Needs node, npm and its package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm install --silent --no-audit --no-fund gift-pegjs@1.0.2 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > read.mjs <<'EOF'
import { readFileSync } from "node:fs";
import { parse } from "gift-pegjs";

const read = (text) => parse(text)[0];
const whenTrueIsSaid = (text) => read(text).trueFeedback.text;
const right = whenTrueIsSaid("A port is open. {TRUE#You were wrong.#You were right.}");
const wrong = whenTrueIsSaid("A port is open. {FALSE#You were wrong.#You were right.}");
const halves = read("Which use TCP? {~%50%ssh ~%50%https ~%-100%ntp}").choices.map((choice) => choice.isCorrect);

console.log("gift-pegjs", JSON.parse(readFileSync("node_modules/gift-pegjs/package.json")).version);
console.log("feedback of {TRUE#You were wrong.#You were right.} and of {FALSE#...} for one who says true");
console.log("one would guess: You were right. / You were wrong.");
console.log(`seen:            ${right} / ${wrong}`);
console.log("isCorrect of the choices {~%50%ssh ~%50%https ~%-100%ntp}");
console.log("one would guess: true,true,false");
console.log(`seen:            ${halves}`);
process.exit(right === "You were wrong." && wrong === "You were wrong." && !halves.includes(true) ? 0 : 1);
EOF
node read.mjs
