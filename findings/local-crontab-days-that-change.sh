#!/bin/sh
# local-crontab of the npm registry, which makes lines of cron for UTC of one for a zone: it moves the hour and leaves the day.
# Midnight on the first of a month in Berlin is 23:00 of the day before in UTC; it gives 23:00 on the first, so the job runs a day
# late, and so does one for Monday at midnight, on Tuesday. West of Greenwich it is a day early: New York's Sunday at 22:00 is
# given 3:00 on Sunday, which is Saturday evening. Only lines for each day are right. Its pages say that the lines are
# "equivalent"; the change of clocks, which is the harder part, is done for each month.
# Needs node, npm and its package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm install --silent --no-audit --no-fund local-crontab@0.1.8 cron-parser@5.10.6 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > runs.mjs <<'EOT'
import { readFileSync } from "node:fs";
import { CronExpressionParser } from "cron-parser";
import { localCrontabToUtcCrontabs } from "local-crontab";

const version = (name) => JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8")).version;
console.log("local-crontab", version("local-crontab"), "cron-parser", version("cron-parser"));
const currentDate = new Date("2026-11-30T12:00:00Z");
const next = (line, tz) => CronExpressionParser.parse(line, { currentDate, tz }).next().toDate();
const known = [
  ["0 0 1 * *", "Europe/Berlin", "Tue, 01 Dec 2026 00:00", "Wed, 02 Dec 2026 00:00"],
  ["0 0 * * 1", "Europe/Berlin", "Mon, 07 Dec 2026 00:00", "Tue, 01 Dec 2026 00:00"],
  ["0 22 * * 0", "America/New_York", "Sun, 06 Dec 2026 22:00", "Sat, 05 Dec 2026 22:00"],
];
let same = true;
for (const [line, zone, ...times] of known) {
  const offset = zone === "Europe/Berlin" ? 1 : -5; // hours, in winter
  const shown = (date) => new Date(date.getTime() + offset * 3_600_000).toUTCString().slice(0, 22);
  const lines = localCrontabToUtcCrontabs(line, zone);
  const first = lines.map((utc) => next(utc, "UTC")).sort((a, b) => a - b)[0];
  const seen = [shown(next(line, zone)), shown(first)];
  console.log(`${line} in ${zone} is: ${lines.join("; ")}`);
  console.log(`  its next run: one would guess ${seen[0]}; seen: ${seen[1]} (in ${zone})`);
  same &&= `${seen}` === `${times}`;
}
process.exit(same ? 0 : 1);
EOT
node runs.mjs
