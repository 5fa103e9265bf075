#!/bin/sh
# ip-address, the most used package of npm for addresses: "first and last host" of a network of one or two addresses. It
# takes one off at either end whatever the length, so of 10.0.0.5/32, as a route to one host has it, the first host is
# 10.0.0.6 and the last 10.0.0.4, which are both others' machines; of a /31, which RFC 3021 gives to the two ends of a link,
# first and last change places, and a loop from the one to the other does nothing. netmask, of the same registry, gives the
# addresses themselves; so does Python's ipaddress. In IPv6 /127 and /128 are the same.
# Needs node, npm and its package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm install --silent --no-audit --no-fund ip-address@10.7.6 netmask@2.1.1 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > hosts.mjs <<'EOF'
import { readFileSync } from "node:fs";
import { Address4, Address6 } from "ip-address";
import netmask from "netmask";

const version = (name) => JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8")).version;
console.log("ip-address", version("ip-address"), "netmask", version("netmask"));
const known = {
  "10.0.0.0/30": "10.0.0.1 to 10.0.0.2",
  "10.0.0.0/31": "10.0.0.1 to 10.0.0.0",
  "10.0.0.5/32": "10.0.0.6 to 10.0.0.4",
  "2001:db8::6/127": "2001:db8::7 to 2001:db8::6",
  "2001:db8::5/128": "2001:db8::6 to 2001:db8::4",
};
let changed = false;
for (const [network, expected] of Object.entries(known)) {
  const Address = network.includes(":") ? Address6 : Address4;
  const address = new Address(network);
  const seen = `${address.startAddressExclusive().correctForm()} to ${address.endAddressExclusive().correctForm()}`;
  const other = network.includes(":") ? null : new netmask.Netmask(network);
  console.log(`${network}: seen ${seen}${other ? `; one would guess, as netmask: ${other.first} to ${other.last}` : ""}`);
  changed ||= seen !== expected;
}
process.exit(changed ? 1 : 0);
EOF
node hosts.mjs
