#!/bin/sh
# Days of the week from 0 to 7, both of which are Sunday (crontab(5)), so `0-7` is each day. cronosjs takes the 7 for a 0 and
# then reads from 0 to 0: a backup of every night is made on Sundays alone. No error is raised, and cron-parser, croner and
# cron-schedule of the same registry run such a line daily. `1-7` and `5-7` are read rightly by all.
# Needs node, npm and its package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm install --silent --no-audit --no-fund cronosjs@1.7.1 cron-parser@5.10.6 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > runs.mjs <<'EOF'
import { readFileSync } from "node:fs";
import { CronExpressionParser } from "cron-parser";
import { CronosExpression } from "cronosjs";

const version = (name) => JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8")).version;
console.log("cronosjs", version("cronosjs"), "cron-parser", version("cron-parser"));
const from = new Date("2026-12-01T12:00:00Z");
const day = (date) => date.toISOString().slice(0, 10);
const line = "0 3 * * 0-7";
const others = CronExpressionParser.parse(line, { currentDate: from, tz: "UTC" });
const guess = Array.from({ length: 3 }, () => day(others.next().toDate()));
const seen = CronosExpression.parse(line, { timezone: "UTC" }).nextNDates(from, 3).map(day);
console.log(`the next runs of ${line}\none would guess, as cron-parser: ${guess.join(", ")}\nseen:                            ${seen.join(", ")}`);
const known = ["2026-12-02,2026-12-03,2026-12-04", "2026-12-06,2026-12-13,2026-12-20"];
process.exit(`${guess}` === known[0] && `${seen}` === known[1] ? 0 : 1);
EOF
node runs.mjs
