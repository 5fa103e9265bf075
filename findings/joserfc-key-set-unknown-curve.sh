#!/bin/sh
# joserfc: a key of a kind that it does not know is left out of a JWK Set, as RFC 7517, section 5 asks for; a key of a kind
# that it knows on a curve that it does not know is not. The whole set then fails, with a bare KeyError, and with it every
# signature by the other keys. Germany's health network has its tokens signed with keys on brainpoolP256r1.
# Needs python3 and the Python package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check joserfc==1.8.0 cryptography==50.0.2 2> pip.log || { cat pip.log; exit 2; }
cat > keys.py <<'EOF'
from base64 import urlsafe_b64encode
from importlib.metadata import version

from cryptography.hazmat.primitives.asymmetric import ec
from joserfc.jwk import ECKey, KeySet


def number(value: int) -> str:
    return urlsafe_b64encode(value.to_bytes(32, "big")).decode().rstrip("=")


def usable(*keys: dict) -> str:
    try:
        return f"{len(KeySet.import_key_set({'keys': [*keys]}).keys)} key"
    except Exception as error:
        return repr(error)


known = ECKey.generate_key("P-256", {"kid": "known", "use": "sig"}, private=False).as_dict(private=False)
point = ec.generate_private_key(ec.BrainpoolP256R1()).public_key().public_numbers()
brainpool = {"kty": "EC", "crv": "brainpoolP256r1", "kid": "b", "x": number(point.x), "y": number(point.y)}
post_quantum = {"kty": "AKP", "alg": "ML-DSA-65", "kid": "p", "pub": "AAAA"}
print("joserfc", version("joserfc"), "cryptography", version("cryptography"))
print("a set with a key on P-256 and one that joserfc does not know; cryptography knows both curves")
print("one would guess: the other one is left out, and what the key on P-256 has signed is accepted")
seen = {"a kind that it does not know": usable(known, post_quantum), "such a curve": usable(known, brainpool)}
for what, came in seen.items():
    print(f"seen with {what}: {came}")
raise SystemExit([*seen.values()] != ["1 key", "KeyError('brainpoolP256r1')"])
EOF
venv/bin/python keys.py
