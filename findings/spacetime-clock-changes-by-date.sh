#!/bin/sh
# spacetime, of times in zones for the browser and Node: it keeps for each zone the date of the present year on which clocks
# change, and takes it for every year, though the rule is a Sunday and its date another one each year. So by the edition of
# 2026 the times of a day are an hour wrong in Berlin on 28 March 2027 and on six days of October, in New York on twelve
# days of 2027; of a day planned for next year the hour is another, and may be another date. Its pages say that it applies
# the latest rules to times that are past, which one would take for laws that have changed. Node's own Intl knows each year.
# Needs node, npm and its package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm install --silent --no-audit --no-fund spacetime@7.15.0 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > days.mjs <<'EOF'
import { readFileSync } from "node:fs";
import spacetime from "spacetime";

console.log("spacetime", JSON.parse(readFileSync("node_modules/spacetime/package.json", "utf8")).version);
console.log("node", process.version, "zones", process.versions.tz);
const options = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const unlike = (zone, year) => {
  const days = [];
  for (let noon = Date.UTC(year, 0, 1, 12); new Date(noon).getUTCFullYear() === year; noon += 24 * 3600 * 1000) {
    const guess = new Intl.DateTimeFormat("en", { ...options, timeZone: zone }).format(noon);
    const seen = spacetime(noon, zone).format("{hour-24-pad}:{minute-pad}");
    if (guess !== seen) days.push(`${new Date(noon).toISOString().slice(5, 10)} ${seen} for ${guess}`);
  }
  return days;
};
const known = { "Europe/Berlin": [2, 0, 7], "America/New_York": [2, 0, 12] };
let changed = false;
for (const [zone, counts] of Object.entries(known)) {
  [2025, 2026, 2027].forEach((year, at) => {
    const days = unlike(zone, year);
    console.log(`${zone} ${year}, noon in Greenwich: one would guess that each hour is Intl's`);
    console.log(`seen ${days.length} days with another: ${days.join(", ")}`);
    changed ||= days.length !== counts[at];
  });
}
process.exit(changed ? 1 : 0);
EOF
node days.mjs
