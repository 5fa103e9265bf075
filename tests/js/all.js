// Runs every test beside and below this file in one process: `node --test` would start one for each file, which takes
// several times as long. A test's name can be given: node --test-name-pattern="one socket" tests/js/all.js
import { readdirSync } from "node:fs";

const here = new URL(".", import.meta.url);
const names = readdirSync(here, { recursive: true }).map(String);
for (const name of names.filter((name) => name.endsWith(".test.js")).sort()) await import(new URL(name, here).href);
