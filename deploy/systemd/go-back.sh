#!/bin/sh
# Goes back to the version before the last deploy/systemd/upgrade.sh, as root. Nothing that was learnt since is lost: the
# newer version takes the database down to what the older one knows, after a backup.
set -eu
cd "$(dirname "$0")/../.."
set -a
. /etc/quizapp.env
set +a

older=$(mktemp --directory)
trap 'rm -rf "$older"' EXIT
git archive before-upgrade migrations | tar --extract --directory "$older"
revision=$(.venv/bin/python - "$older/migrations" <<'END'
import sys
from alembic.script import ScriptDirectory

folder = sys.argv[1]
print(ScriptDirectory(folder, version_locations=[folder]).get_current_head() or "")
END
)
[ -n "$revision" ]
echo "Backing up"
runuser -u quizapp -- .venv/bin/flask --app quizapp.up backup create
running=$(systemctl list-units --plain --no-legend 'quizapp-web*' quizapp-sandboxd.service | cut -d ' ' -f 1)
systemctl stop $running
echo "Taking the database down to $revision"
runuser -u quizapp -- .venv/bin/flask --app wsgi db downgrade "$revision"
git checkout --quiet before-upgrade
echo "Setting up the version before"
QUIZAPP_ENGINE=none make setup
cp deploy/systemd/*.service deploy/systemd/*.socket /etc/systemd/system/
systemctl daemon-reload
systemctl start $running
echo "The version before runs."
