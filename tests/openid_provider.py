"""An OpenID provider on this machine: Authlib's server side over real HTTP, which holds clients to what they must send.

It knows PKCE, checks the client's secret, the redirect address and that a code is used once; a test says who signs in
there, and what is wrong with it.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import ClientMixin
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import OpenIDCode
from authlib.oidc.core.models import AuthorizationCodeMixin
from flask import Flask, Response, jsonify, request
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from tests.serving import served

CLIENT, SECRET = "quizapp", "a+secret %/with:signs"
RETURN = "http://localhost/sign-in/openid/return"


def a_key(name: str) -> RSAKey:
    """A key to sign with, called `name`."""
    return RSAKey.generate_key(2048, {"kid": name, "use": "sig", "alg": "RS256"}, private=True)


KEY, OTHER_KEY = a_key("one"), a_key("two")


@dataclass
class Provider:
    """What a provider does and has seen; tests change it."""

    port: int = 0
    claims: dict[str, Any] = field(default_factory=lambda: {"sub": "s-1", "preferred_username": "Ada"})
    """Of whoever signs in there, in the ID token."""
    userinfo: dict[str, Any] = field(default_factory=dict)
    """Further claims, at the userinfo endpoint alone."""
    in_token: dict[str, Any] = field(default_factory=dict)
    """What the ID token says in place of what is right; a claim that is None is left out."""
    metadata: dict[str, Any] = field(default_factory=dict)
    """What it says of itself in place of what is right."""
    key: RSAKey = field(default_factory=lambda: KEY)
    published: list[dict[str, Any]] = field(default_factory=lambda: [KEY.as_dict(private=False)])
    answers: dict[str, Callable[[], Response]] = field(default_factory=dict)
    """What is answered at a path instead."""
    return_address: str = RETURN
    asked: list[str] = field(default_factory=list)
    """The paths that were asked for."""
    headers: dict[str, str] = field(default_factory=dict)
    """Of the last request for a token."""

    @property
    def issuer(self) -> str:
        """What it calls itself."""
        return f"http://127.0.0.1:{self.port}"


@dataclass
class _Code(AuthorizationCodeMixin):
    """A code that was given out."""

    code: str
    client_id: str
    redirect_uri: str
    scope: str
    nonce: str | None
    code_challenge: str | None
    code_challenge_method: str | None

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope

    def get_nonce(self) -> str | None:
        return self.nonce

    def get_auth_time(self) -> int:
        return int(time.time())


@contextmanager
def provided() -> Iterator[Provider]:
    """A provider that answers for as long as the block runs."""
    provider = Provider()
    with served(_app(provider)) as port:
        provider.port = port
        yield provider


def slowly(over: threading.Event) -> Response:
    """An answer that drips until `over`: each byte comes in time, the whole never does."""

    def bytes_of() -> Iterator[bytes]:
        while not over.wait(0.05):
            yield b" "

    return Response(bytes_of(), mimetype="application/json")


def _app(provider: Provider) -> Flask:
    app = Flask("provider")
    codes: dict[str, _Code] = {}
    server = AuthorizationServer(app, query_client=_clients(provider), save_token=lambda token, asked: None)
    server.register_grant(_grant(codes), [CodeChallenge(required=True), _IdToken(provider)])

    @app.before_request
    def note() -> Response | None:
        provider.asked.append(request.path)
        return provider.answers[request.path]() if request.path in provider.answers else None

    @app.get("/.well-known/openid-configuration")
    def metadata() -> Response:
        issuer = provider.issuer
        said = {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": f"{issuer}/token",
            "jwks_uri": f"{issuer}/keys",
            "userinfo_endpoint": f"{issuer}/userinfo",
            "end_session_endpoint": f"{issuer}/leave",
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
            "code_challenge_methods_supported": ["S256"],
            "scopes_supported": ["openid", "profile"],
            "response_types_supported": ["code"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        }
        return jsonify({name: value for name, value in {**said, **provider.metadata}.items() if value is not None})

    @app.get("/keys")
    def keys() -> Response:
        return jsonify(keys=provider.published)

    @app.get("/authorize")
    def authorize() -> Response:
        grant = server.get_consent_grant(end_user="somebody")
        return server.create_authorization_response(grant_user="somebody", grant=grant)

    @app.post("/token")
    def token() -> Response:
        provider.headers = dict(request.headers)
        return server.create_token_response()

    @app.get("/userinfo")
    def userinfo() -> Response:
        assert request.headers["Authorization"].startswith("Bearer ")
        return jsonify({"sub": provider.claims["sub"], **provider.userinfo})

    return app


def _clients(provider: Provider) -> Callable[[str], ClientMixin | None]:
    class Client(ClientMixin):
        client_id = CLIENT
        client_metadata: dict[str, Any] = {}  # noqa: RUF012
        id_token_signed_response_alg = "RS256"

        def get_client_id(self) -> str:
            return CLIENT

        def get_allowed_scope(self, scope: str) -> str:
            return scope

        def check_redirect_uri(self, redirect_uri: str) -> bool:
            return redirect_uri == provider.return_address

        def check_client_secret(self, client_secret: str) -> bool:
            return client_secret == SECRET  # a header has been decoded, as RFC 6749, section 2.3.1 says

        def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
            methods = provider.metadata.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
            return endpoint != "token" or method in methods

        def check_response_type(self, response_type: str) -> bool:
            return response_type == "code"

        def check_grant_type(self, grant_type: str) -> bool:
            return grant_type == "authorization_code"

    return lambda client_id: Client() if client_id == CLIENT else None


def _grant(codes: dict[str, _Code]) -> type[AuthorizationCodeGrant]:
    class Grant(AuthorizationCodeGrant):
        TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic", "client_secret_post"]  # noqa: RUF012

        def save_authorization_code(self, code: str, request: Any) -> None:
            asked = request.payload.data
            codes[code] = _Code(
                code=code,
                client_id=request.client.get_client_id(),
                redirect_uri=request.payload.redirect_uri,
                scope=request.payload.scope,
                nonce=asked.get("nonce"),
                code_challenge=asked.get("code_challenge"),
                code_challenge_method=asked.get("code_challenge_method"),
            )

        def query_authorization_code(self, code: str, client: ClientMixin) -> _Code | None:
            return codes.get(code)

        def delete_authorization_code(self, authorization_code: _Code) -> None:
            codes.pop(authorization_code.code)

        def authenticate_user(self, authorization_code: _Code) -> str:
            return "somebody"

    return Grant


class _IdToken(OpenIDCode):
    def __init__(self, provider: Provider) -> None:
        super().__init__()
        self._provider = provider

    def exists_nonce(self, nonce: str, request: Any) -> bool:
        return False

    def encode_id_token(self, token: dict[str, Any], request: Any) -> str:
        now, provider = int(time.time()), self._provider
        right = {"iss": provider.issuer, "aud": CLIENT, "iat": now, "exp": now + 600}
        said = {
            **right,
            "nonce": request.authorization_code.nonce,
            **provider.claims,
            **provider.in_token,
        }
        claims = {name: value for name, value in said.items() if value is not None}
        return jwt.encode({"alg": "RS256", "kid": provider.key.kid}, claims, KeySet([provider.key]))
