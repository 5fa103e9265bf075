"""Authlib's client of an OpenID provider, with what this product asks of it beyond its defaults.

It is what Authlib 1.9.10 makes its client for Flask of, without that one's glue, which keeps each sign-in that was
begun in the session's cookie until that is too large for browsers.
"""

from base64 import b64encode
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from authlib.integrations.base_client import BaseApp, OAuth2Mixin, OpenIDMixin
from joserfc.errors import BadSignatureError, JoseError
from joserfc.jwk import JWKRegistry

from quizapp.accounts.openid.calls import BoundedSession

BASIC, POST = "client_secret_basic", "client_secret_post"
KEYS_MAX = 100
CLOCKS_APART_S = 120  # seconds; machines that have their time from the network differ by less than one


class OpenidApp(OAuth2Mixin, OpenIDMixin, BaseApp):
    """One use of the provider: its metadata and keys are given, and it fetches neither by itself."""

    client_cls = BoundedSession

    def __init__(
        self,
        *,
        metadata: Mapping[str, Any],
        keys: Mapping[str, Any],
        keys_again: Callable[[], Mapping[str, Any]],
        client_id: str,
        client_secret: str,
        scopes: str,
    ) -> None:
        """`keys_again` fetches the keys anew."""
        super().__init__(
            None,
            client_id=client_id,
            client_secret=client_secret or None,
            client_auth_methods=[(BASIC, _basic)],
            client_kwargs={
                "scope": scopes,
                "code_challenge_method": "S256",
                "token_endpoint_auth_method": _auth_method(metadata, client_id, client_secret),
                "leeway": 0,  # else an access token of a minute is refused before its first use
            },
        )
        self.server_metadata = {**metadata}
        self._keys, self._keys_again = keys, keys_again

    def fetch_jwk_set(self, force: bool = False) -> Mapping[str, Any]:
        """The keys; fetched anew with `force`, which Authlib asks for when a token's key is not among them."""
        if force:
            self._keys = self._keys_again()
        return self._keys

    def fetched(self, address: str) -> dict[str, Any]:
        """The JSON object at an address. Raises CallFailed, ValueError, and RequestException for an error's status."""
        with BoundedSession() as session:
            answer = session.request("GET", address, withhold_token=True)
            answer.raise_for_status()
            found = answer.json()
        if not isinstance(found, dict):
            raise ValueError("no JSON object")
        return found

    def checked(self, token: Mapping[str, Any], *, nonce: str, issuer: str) -> Mapping[str, Any]:
        """The claims of an answer's ID token. Raises JoseError.

        By itself Authlib 1.9.10 looks at no audience, and takes the issuer from what the provider says of itself.
        """
        asked = {
            "iss": {"essential": True, "value": issuer},
            "aud": {"essential": True, "value": self.client_id},
            "sub": {"essential": True},
        }
        try:
            return self._parsed(token, nonce, asked)
        except BadSignatureError:  # a new key may have the name of the old one
            self.fetch_jwk_set(force=True)
            return self._parsed(token, nonce, asked)

    def _parsed(
        self, token: Mapping[str, Any], nonce: str, asked: Mapping[str, Mapping[str, Any]]
    ) -> Mapping[str, Any]:
        options = {claim: dict(option) for claim, option in asked.items()}
        return self.parse_id_token(token, nonce=nonce, claims_options=options, leeway=CLOCKS_APART_S) or {}


def usable_keys(found: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Those of a provider's keys that could have signed a token. What cannot be read is left out.

    joserfc 1.8.0 leaves out a key of a kind that it does not know, but of a curve that it does not know one key makes
    the whole set fail, and so every sign-in.
    """
    given = found.get("keys")
    keys = [one for one in given[:KEYS_MAX] if isinstance(one, dict)] if isinstance(given, list) else []
    return {"keys": [key for key in keys if key.get("use", "sig") == "sig" and _is_readable(key)]}


def _is_readable(key: dict[str, Any]) -> bool:
    try:
        return key.get("kty") != "oct" and bool(JWKRegistry.import_key(key))
    except (JoseError, LookupError, TypeError, ValueError):
        return False


def _auth_method(metadata: Mapping[str, Any], client_id: str, client_secret: str) -> str:
    """How the client says its secret: as the provider takes it (OpenID Connect Discovery 1.0, section 3).

    In a form where it takes both and the secret has characters that providers read in two ways in a header.
    """
    if not client_secret:
        return "none"
    said = metadata.get("token_endpoint_auth_methods_supported")
    supported = said if isinstance(said, list) else [BASIC]
    is_plain = all(_encoded(text) == text for text in (client_id, client_secret))
    return POST if POST in supported and not (BASIC in supported and is_plain) else BASIC


def _basic(client: Any, method: str, uri: str, headers: dict[str, str], body: Any) -> tuple[str, dict[str, str], Any]:
    """Client and secret in a header, each encoded as RFC 6749, section 2.3.1 says; Authlib 1.9.10 leaves that out."""
    text = f"{_encoded(client.client_id)}:{_encoded(client.client_secret)}"
    headers["Authorization"] = f"Basic {b64encode(text.encode()).decode()}"
    return uri, headers, body


def _encoded(text: str) -> str:
    """The text as a form has it, with %20 for a space, which those read too that do not take a plus for one."""
    return quote(text, safe="")
