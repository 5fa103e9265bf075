#!/bin/sh
# honcho export systemd, which makes units of a Procfile and its .env: in a unit a percent sign begins one of systemd's own names
# (systemd.unit(5), "Specifiers"), and a plain one is written twice. honcho writes it once. So of an address with an escaped
# sign in its password, u:p%40ss, systemd says that it cannot resolve it and leaves the variable out, and the program starts
# without its database; %m is the machine's number. A process with `date +%F` in it is not started at all. Under
# `honcho start` both are right, and in what it exports for supervisord, where the rule is the same, the signs are doubled.
# Needs python3 and its package index; asks `systemd-analyze verify` too, where systemd is installed. Exits with 1 once this has
# changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check honcho==2.0.0 Jinja2==3.1.6 2> pip.log || { cat pip.log; exit 2; }
echo 'web: echo day $(date +%F) db $DB format $FORMAT' > Procfile
printf '%s\n' 'DB=http://u:p%40ss@db/lab' 'FORMAT=%m' > .env
venv/bin/pip list --disable-pip-version-check 2> /dev/null | grep honcho
echo "under honcho start: $(venv/bin/honcho start --no-colour 2> /dev/null | grep -o 'day .*' | head -n 1)"
for kind in systemd supervisord; do venv/bin/honcho export "$kind" "$kind" --app lab --user root 2> "$kind.log" || { cat "$kind.log"; exit 2; }; done
echo "one would guess, as for supervisord:"
grep -E '^(environment|command)=' supervisord/lab.conf
echo "seen:"
grep -E '^(Environment=(DB|FORMAT)|ExecStart)=' systemd/lab-web-1.service
if command -v systemd-analyze > /dev/null; then
    systemctl --version | head -n 1
    systemd-analyze verify systemd/lab-web-1.service 2>&1 | sed 's|^/[^:]*/||' || true
fi
grep -q 'p%%40ss' supervisord/lab.conf && grep -q 'date +%%F' supervisord/lab.conf &&
    grep -qx 'Environment=DB=http://u:p%40ss@db/lab' systemd/lab-web-1.service && grep -q 'date +%F' systemd/lab-web-1.service
