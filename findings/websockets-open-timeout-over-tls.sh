#!/bin/sh
# websockets 17.4, threading client: open_timeout ends a handshake that nobody answers, but over TLS 1.3 `connect` does not
# return even so. After the handshake of TLS its reading thread is woken by the server's session tickets and waits within
# the TLS library for a record; closing the socket from another thread does not wake it, and `connect` waits for that
# thread without a limit. Over TLS 1.2, and without TLS, the limit holds. The client of Kubernetes' exec meets it whenever
# an API server has taken the connection and its node says nothing.
# Needs python3, openssl and its package index; talks to itself over loopback. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=localhost \
    -addext subjectAltName=IP:127.0.0.1 -keyout key -out cert 2> openssl.log || { cat openssl.log; exit 2; }
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check websockets==17.4 > pip.log 2>&1 || { cat pip.log; exit 2; }
cat > silent.py <<'EOF'
import os
import socket
import ssl
import threading
import time

import websockets
from websockets.sync.client import connect

LIMIT_S, WATCHED_S = 1.0, 8.0
kept = []  # what must stay open


def silent_server(newest: ssl.TLSVersion) -> int:
    """The port of a server that makes the handshake of TLS and then says nothing."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.maximum_version = newest
    context.load_cert_chain("cert", "key")
    listening = socket.create_server(("127.0.0.1", 0))
    kept.append(listening)
    threading.Thread(target=lambda: kept.append(context.wrap_socket(listening.accept()[0], True)), daemon=True).start()
    return listening.getsockname()[1]


def seconds(newest: ssl.TLSVersion) -> float | None:
    """How long `connect` takes to give up; None if it has not by WATCHED_S."""
    took = []

    def client() -> None:
        began = time.monotonic()
        try:
            connect(
                f"wss://127.0.0.1:{silent_server(newest)}",
                ssl=ssl.create_default_context(cafile="cert"),
                open_timeout=LIMIT_S,
                legacy=True,
                proxy=None,
            )
        except TimeoutError:
            took.append(time.monotonic() - began)

    thread = threading.Thread(target=client, daemon=True)
    thread.start()
    thread.join(WATCHED_S)
    return took[0] if took else None


print("websockets", websockets.__version__, "-", ssl.OPENSSL_VERSION)
print(f"a server that takes the connection and is silent, open_timeout={LIMIT_S:g}")
older, newer = seconds(ssl.TLSVersion.TLSv1_2), seconds(ssl.TLSVersion.TLSv1_3)


def said(took: float | None) -> str:
    return f"not within {WATCHED_S:g} s" if took is None else f"after {took:.0f} s"


print("one would guess: connect gives up after 1 s, whatever the version of TLS")
print(f"seen:            with TLS 1.2 {said(older)}, with TLS 1.3 {said(newer)}", flush=True)
os._exit(not (older is not None and newer is None))  # the thread that hangs would keep the interpreter
EOF
env/bin/python silent.py
