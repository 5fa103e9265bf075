#!/bin/sh
printf 'Content-Type: text/plain\r\n\r\n%s was called by %s\n' "$HTTP_HOST" "$REMOTE_ADDR"
