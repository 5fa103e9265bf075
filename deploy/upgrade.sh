#!/bin/sh
# Brings an installation with containers to the version of this checkout: take that first (git pull), then run this.
# It makes a backup, keeps the image that runs as quizapp:previous for deploy/go-back.sh, and starts the new one.
set -eu
cd "$(dirname "$0")/.."
image=${QUIZAPP_IMAGE:-quizapp}

echo "Backing up"
docker compose exec -T web flask --app quizapp.up backup create
docker image tag "$image" "$image:previous"
docker compose build up
echo "Starting the new version"
docker compose up --detach --wait
echo "The new version runs. The way back is deploy/go-back.sh."
