#!/bin/sh
# femto-fsrs, a small FSRS-5 for JavaScript, beside ts-fsrs with the same 19 weights: at a review FSRS reckons the new
# stability with the difficulty that the card had (py-fsrs, ts-fsrs and fsrs-rs do); femto-fsrs reckons the difficulty first
# and uses the new one. So an Easy makes a card easier before it counts: 28.8 days instead of 25.8. A Hard gives 4.7 instead of
# 4.9, Again 1.03 instead of 1.06. The difficulties agree, and Good, which hardly changes one, hides it.
# Needs node and npm. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm install --silent --no-audit --no-fund ts-fsrs@5.4.2 femto-fsrs@2.0.0 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > compare.mjs <<'EOF'
import { readFileSync } from "node:fs";

import femto from "femto-fsrs";
import { createEmptyCard, fsrs, Rating } from "ts-fsrs";

const DAY_MS = 86_400_000;
const FIRST = new Date("2026-11-28T12:00:00Z");
const LATER_DAYS = 3;
const weights = [0.40255, 1.18385, 3.173, 15.69105, 7.1949, 0.5345, 1.4604, 0.0046, 1.54575, 0.1192, 1.01925, 1.9395, 0.11,
  0.29605, 2.2698, 0.2315, 2.9898, 0.51655, 0.6621];
// The last two make FSRS-6 reckon as FSRS-5 does: no further effect within a day, and a decay of -.5.
const theirs = fsrs({ w: [...weights, 0, 0.5], enable_fuzz: false, enable_short_term: false });
const small = femto.createDeck({ w: weights });
const version = (name) => JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8")).version;
const short = (number) => Number(number.toPrecision(4));

console.log("ts-fsrs", version("ts-fsrs"), "femto-fsrs", version("femto-fsrs"));
console.log("one would guess: the same stability and difficulty after Good and, three days later, each rating");
const seen = ["Again", "Hard", "Good", "Easy"].map((name, index) => {
  const first = theirs.next(createEmptyCard(FIRST), FIRST, Rating.Good).card;
  const card = theirs.next(first, new Date(FIRST.getTime() + LATER_DAYS * DAY_MS), Rating[name]).card;
  const other = small.gradeCard(small.newCard(femto.Grade.GOOD), LATER_DAYS, index + 1);
  console.log(`seen after ${name}: stability ${short(card.stability)} and ${short(other.S)},`,
    `difficulty ${short(card.difficulty)} and ${short(other.D)}`);
  return [short(card.stability), short(other.S), short(card.difficulty) === short(other.D)];
});
const known = [[1.056, 1.027, true], [4.925, 4.694, true], [10.74, 10.75, true], [25.79, 28.85, true]];
process.exit(JSON.stringify(seen) === JSON.stringify(known) ? 0 : 1);
EOF
node compare.mjs
