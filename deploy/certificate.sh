#!/bin/sh
# Makes a certificate for the host of QUIZAPP_PUBLIC_URL where /certificates has none: browsers warn of it, since nobody
# else vouches for it. A real one, as fullchain.pem and privkey.pem, stays as it is.
set -eu
cd /certificates
[ -e fullchain.pem ] && exit 0
host=${QUIZAPP_PUBLIC_URL#*://}
host=${host%%[:/]*}
case $host in
    *[!0-9.]*) name=DNS:$host ;;
    *) name=IP:$host ;;
esac
openssl req -x509 -newkey rsa:3072 -nodes -days 825 -subj "/CN=$host" -addext "subjectAltName=$name" \
    -keyout privkey.pem -out making.pem 2>/dev/null
mv making.pem fullchain.pem
echo "Made a certificate for $host that browsers warn of: put fullchain.pem and privkey.pem of a real one in its place."
