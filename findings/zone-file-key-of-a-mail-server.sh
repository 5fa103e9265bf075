#!/bin/sh
# zone-file, the reader of DNS zone files that most of npm uses, and @fungible-systems/zone-file made of it: a semicolon begins a
# comment, though not within quotes (RFC 1035, 5.1). It does there, too, so of the key that a mail server signs with,
# "v=DKIM1; k=rsa; p=...", the record says `v=DKIM1`: an imported zone has no key, and mails are taken for forged. And a time
# with a unit, as BIND reads it, loses the unit: a $TTL of `1h` is one second, `1w` in the SOA too, after which the other
# name servers of the zone give no more answers. Nothing is said. dnspython reads all three.
# Needs python3, node, npm and their package indexes. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm install --silent --no-audit --no-fund zone-file@1.0.0 @fungible-systems/zone-file@2.0.0 > npm.log 2>&1 || { cat npm.log; exit 2; }
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check dnspython==2.9.2 2> pip.log || { cat pip.log; exit 2; }
cat > zone <<'EOT'
$ORIGIN example.org.
$TTL 1h
@ IN SOA ns1 admin 2026120101 7200 3600 1w 300 ; the main one
@ IN NS ns1
ns1 IN A 192.0.2.1
s1._domainkey IN TXT "v=DKIM1; k=rsa; p=MIIBIjANBg"
EOT
cat > read.mjs <<'EOT'
import { readFileSync } from "node:fs";
import fungible from "@fungible-systems/zone-file";
import zoneFile from "zone-file";

const zone = readFileSync("zone", "utf8");
const version = (name) => JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8")).version;
const seen = (read) => [read(zone)].map((made) => [made.txt[0].txt, made.$ttl, made.soa.expire])[0];
console.log(JSON.stringify({
  [`zone-file ${version("zone-file")}`]: seen(zoneFile.parseZoneFile),
  [`@fungible-systems/zone-file ${version("@fungible-systems/zone-file")}`]: seen(fungible.parseZoneFile),
}));
EOT
node read.mjs > seen.json
cat > compare.py <<'EOT'
import json
from importlib.metadata import version

import dns.zone

zone = dns.zone.from_text(open("zone").read())
key = zone.find_rdataset("s1._domainkey", "TXT")
guess = [key[0].strings[0].decode(), key.ttl, zone.find_rdataset("@", "SOA")[0].expire]
print("text, time to live, expiry: one would guess, as dnspython", version("dnspython") + ":", *guess, sep="  ")
seen = json.load(open("seen.json"))
for name, values in seen.items():
    print("seen,", name + ":", *values, sep="  ")
known = guess == ["v=DKIM1; k=rsa; p=MIIBIjANBg", 3600, 604800]
raise SystemExit(not known or any(values != ["v=DKIM1", 1, 1] for values in seen.values()))
EOT
venv/bin/python compare.py
