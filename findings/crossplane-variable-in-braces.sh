#!/bin/sh
# crossplane, with which programs read and write nginx's files in Python: behind a variable in braces at the end of a word it
# reads on over the blank, so two arguments are one. Of `rewrite ... /x?host=${host} last;` the flag is gone, an access log
# gets the file `/var/log/nginx/${host} main`, and try_files has one file less. `crossplane build` writes it so, in
# quotes. The status of the parse is "ok". Without braces, or with text behind them, it is read rightly.
# Needs python3 and the Python package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check crossplane==0.5.8 2> pip.log || { cat pip.log; exit 2; }
cat > nginx.conf <<'EOF'
http {
    server {
        access_log /var/log/nginx/${host} main;
        location / {
            rewrite ^/(.*)$ /x/$1?host=${host} last;
            try_files ${uri} ${uri}/ =404;
            add_header X-Host $host always;
        }
    }
}
EOF
cat > read.py <<'EOF'
from importlib.metadata import version

import crossplane

print("crossplane", version("crossplane"))
read = crossplane.parse("nginx.conf", single=True)
server = read["config"][0]["parsed"][0]["block"][0]["block"]
print("one would guess: 2 arguments of access_log, 3 of rewrite, try_files and add_header each; or an error")
seen = {line["directive"]: line["args"] for line in [server[0], *server[1]["block"]]}
print("seen:", read["status"], seen)
print(crossplane.build(read["config"][0]["parsed"]))
known = {
    "access_log": ["/var/log/nginx/${host} main"],
    "rewrite": ["^/(.*)$", "/x/$1?host=${host} last"],
    "try_files": ["${uri} ${uri}/", "=404"],
    "add_header": ["X-Host", "$host", "always"],
}
raise SystemExit(read["status"] != "ok" or seen != known)
EOF
venv/bin/python read.py
