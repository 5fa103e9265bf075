#!/bin/sh
# Goes back to the version before the last deploy/upgrade.sh. Nothing that was learnt since is lost: the newer version
# takes the database down to what the older one knows, after a backup.
set -eu
cd "$(dirname "$0")/.."
image=${QUIZAPP_IMAGE:-quizapp}

revision=$(docker run --rm --network none "$image:previous" flask db heads | sed -n 's/.*-> \([^ ]*\) .*(head).*/\1/p')
[ -n "$revision" ]
echo "Backing up"
docker compose exec -T web flask --app quizapp.up backup create
docker compose stop web sandboxd
echo "Taking the database down to $revision"
docker compose run --rm --no-deps -T up flask db downgrade "$revision"
docker image tag "$image" "$image:newer"
docker image tag "$image:previous" "$image"
docker compose up --detach --wait
echo "The version before runs, on the checkout's compose.yaml: take that one back too (git checkout)."
