#!/bin/sh
# Readers of DNS zone files: a line that begins with a blank belongs to the name of the line before it (RFC 1035, 5.1), and most
# zones are written so. zonefile-parser for Python and dns-zonefile of npm give such a line to the zone itself; zone-file of
# npm gives it to a name `IN`. So the IPv6 address of ns1 becomes that of example.org, and whoever imports the zone sends
# every browser to the name server; ns1 has no IPv6 address. Nothing is said. dnspython gives it to ns1.
# Needs python3, node, npm and their package indexes. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm install --silent --no-audit --no-fund dns-zonefile@0.3.2 zone-file@1.0.0 > npm.log 2>&1 || { cat npm.log; exit 2; }
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check dnspython==2.9.2 zonefile-parser==0.1.20 2> pip.log || { cat pip.log; exit 2; }
cat > zone <<'EOT'
$ORIGIN example.org.
$TTL 3600
@ IN SOA ns1 admin 2026120101 7200 3600 604800 300
@ IN NS ns1
ns1 IN A 192.0.2.1
    IN AAAA 2001:db8::1
www IN A 192.0.2.5
EOT
cat > read.mjs <<'EOT'
import { readFileSync } from "node:fs";
import dnsZonefile from "dns-zonefile";
import zoneFile from "zone-file";

const zone = readFileSync("zone", "utf8");
const readers = { "dns-zonefile": dnsZonefile.parse, "zone-file": zoneFile.parseZoneFile };
const version = (name) => JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8")).version;
const owner = (name) => [version(name), readers[name](zone).aaaa[0].name];
console.log(JSON.stringify(Object.fromEntries(Object.keys(readers).map((name) => [name, owner(name)]))));
EOT
node read.mjs > seen.json
cat > compare.py <<'EOT'
import json
from importlib.metadata import version

import dns.zone
import zonefile_parser

text = open("zone").read()
guess = [str(name) for name, _, _ in dns.zone.from_text(text).iterate_rdatas("AAAA")]
seen = json.load(open("seen.json"))
record = next(record for record in zonefile_parser.parse(text) if record.rtype == "AAAA")
seen["zonefile-parser"] = [version("zonefile-parser"), record.name]
print(f"the name with the IPv6 address: one would guess, as dnspython {version('dnspython')}: {guess}")
for name, (edition, owner) in seen.items():
    print(f"seen, {name} {edition}: {owner}")
known = {"dns-zonefile": "@", "zone-file": "IN", "zonefile-parser": "example.org."}
raise SystemExit(guess != ["ns1"] or {name: owner for name, (_, owner) in seen.items()} != known)
EOT
venv/bin/python compare.py
