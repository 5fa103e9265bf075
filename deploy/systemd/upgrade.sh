#!/bin/sh
# Brings an installation as services to a newer version, as root: deploy/systemd/upgrade.sh [VERSION]. Without a version it
# takes what `git pull` brings. It makes a backup, and keeps the version that runs as the tag before-upgrade for go-back.sh.
set -eu
cd "$(dirname "$0")/../.."
set -a
. /etc/quizapp.env
set +a

echo "Backing up"
runuser -u quizapp -- .venv/bin/flask --app quizapp.up backup create
git tag --force before-upgrade > /dev/null
if [ -n "${1:-}" ]; then git checkout --quiet "$1"; else git pull --ff-only; fi
echo "Setting up the new version"
QUIZAPP_ENGINE=none make setup
cp deploy/systemd/*.service deploy/systemd/*.socket /etc/systemd/system/
systemctl daemon-reload
echo "Starting it"
systemctl restart quizapp-up quizapp-web 'quizapp-web@*.service' quizapp-sandboxd
echo "The new version runs. The way back is deploy/systemd/go-back.sh."
