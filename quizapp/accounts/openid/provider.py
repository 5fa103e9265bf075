"""The OpenID provider of an installation, as this side of the protocol sees it. Knows no account and no request.

Authorization code flow with PKCE, state and nonce (OpenID Connect Core 1.0, RFC 7636), by Authlib; see decision 93 for
what is asked of it beyond its defaults.
"""

import re
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from authlib.integrations.base_client import OAuthError
from joserfc.errors import ClaimError, ExpiredTokenError, JoseError
from requests import RequestException

from quizapp.accounts.openid.app import OpenidApp, usable_keys
from quizapp.accounts.openid.calls import CallFailed
from quizapp.accounts.openid.claims import SUBJECT_MAX_CHARS, is_there
from quizapp.accounts.openid.faults import (
    BegunElsewhere,
    ClocksApart,
    ProviderAway,
    ProviderUnlike,
    TokenRefused,
)
from quizapp.addresses import LOOPBACK

KNOWN_FOR_S = 3600.0  # how long what a provider says of itself is good; its keys also until one is missing
KEYS_AGAIN_S = 30.0  # before keys are fetched once more for a token whose key is not among them
AWAY_FOR_S = 5.0  # after a failure nobody waits for the same again
TOKEN_BYTES = 32  # of a state, a nonce, a verifier: 43 characters, the fewest that RFC 7636 allows
# What a token may be signed with. No secret that both sides have: whoever has the client's secret could sign with it.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_CODE = re.compile(r"[a-z_]{1,60}")
_OF_TIME = frozenset({"exp", "iat", "nbf"})


@dataclass(frozen=True, kw_only=True)
class ProviderSettings:
    """What an operator says of the provider."""

    issuer: str
    client_id: str
    client_secret: str
    name: str
    """What people call it."""
    scopes: str


@dataclass(frozen=True, kw_only=True)
class Begun:
    """A sign-in that has been begun: what the browser keeps until it comes back."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, kw_only=True)
class KnownProvider:
    """What the provider has said of itself."""

    metadata: Mapping[str, Any]
    keys: Mapping[str, Any]
    at: float
    """When, by the clock that only goes on."""
    keys_at: float


class OpenidProvider:
    """Asks one provider, and keeps for a while what it says of itself. For all threads of a process."""

    def __init__(self, given: ProviderSettings, *, elapsed: Callable[[], float] = time.monotonic) -> None:
        """`elapsed` is a clock that only goes on, in seconds."""
        self.given = given
        self._elapsed = elapsed
        self._known: KnownProvider | None = None
        self._failed: tuple[float, type[ProviderAway | ProviderUnlike], str] | None = None
        self._lock = threading.Lock()

    def begin(self, redirect_uri: str) -> tuple[str, Begun]:
        """Where the browser goes to sign in, and what it keeps until then. Raises ProviderAway and ProviderUnlike."""
        app = self._app()
        begun = Begun(**{name: secrets.token_urlsafe(TOKEN_BYTES) for name in ("state", "nonce", "verifier")})
        found = app.create_authorization_url(
            redirect_uri, state=begun.state, nonce=begun.nonce, code_verifier=begun.verifier
        )
        return str(found["url"]), begun

    def claims(self, code: str, begun: Begun, *, redirect_uri: str, wanted: tuple[str, ...]) -> Mapping[str, Any]:
        """What the provider says of whoever came back with this code; with its userinfo, if a wanted claim is missing.

        Raises BegunElsewhere, ClocksApart, ProviderAway, ProviderUnlike and TokenRefused.
        """
        app, name = self._app(), self.given.name
        with self._told("token"):
            token: Mapping[str, Any] = app.fetch_access_token(  # type: ignore[no-untyped-call]
                redirect_uri, code=code, code_verifier=begun.verifier
            )
        if not isinstance(token.get("id_token"), str):
            raise TokenRefused(name, "the answer of the token endpoint has no ID token")
        with self._told("ID token"):
            said = app.checked(token, nonce=begun.nonce, issuer=self.given.issuer)
        if len(said["sub"]) > SUBJECT_MAX_CHARS or not said["sub"].isprintable():
            raise TokenRefused(name, "the ID token's subject is too long, or no text that could be shown")
        if all(is_there(said, claim) for claim in wanted) or not app.server_metadata.get("userinfo_endpoint"):
            return said
        with self._told("userinfo"):
            more = app.userinfo(token=token)
        if more.get("sub") != said["sub"]:
            raise TokenRefused(name, "the userinfo is of somebody else than the ID token")
        return {**more, **said}

    def leave_address(self) -> str | None:
        """Where a browser signs out of the provider; None if it has no such page. Raises as `begin`."""
        address = self._known_now().metadata.get("end_session_endpoint")
        if not isinstance(address, str) or not _is_safe(address, self.given.issuer):
            return None
        return f"{address}{'&' if '?' in address else '?'}{urlencode({'client_id': self.given.client_id})}"

    def asked_anew(self) -> KnownProvider:
        """Ask the provider anew what it says of itself. Raises as `begin`."""
        with self._lock:
            self._known = self._failed = None
        return self._known_now()

    def _app(self) -> OpenidApp:
        known = self._known_now()
        return self._app_of(known.metadata, known.keys)

    def _app_of(self, metadata: Mapping[str, Any], keys: Mapping[str, Any]) -> OpenidApp:
        supported = metadata.get("id_token_signing_alg_values_supported")
        algorithms = [one for one in ALGORITHMS if isinstance(supported, list) and one in supported]
        return OpenidApp(
            metadata={**metadata, "id_token_signing_alg_values_supported": algorithms or ["RS256"]},
            keys=keys,
            keys_again=self._keys_again,
            client_id=self.given.client_id,
            client_secret=self.given.client_secret,
            scopes=self.given.scopes,
        )

    def _known_now(self) -> KnownProvider:
        """What the provider says of itself, asked at most once in KNOWN_FOR_S, by one thread for all."""
        with self._lock:
            now = self._elapsed()
            if self._known is not None and now < self._known.at + KNOWN_FOR_S:
                return self._known
            if self._failed is not None and now < self._failed[0] + AWAY_FOR_S:
                raise self._failed[1](self.given.name, self._failed[2])
            try:
                self._known = self._ask()
            except (ProviderAway, ProviderUnlike) as error:
                self._failed = (self._elapsed(), type(error), error.detail)
                raise
            return self._known

    def _ask(self) -> KnownProvider:
        address = f"{self.given.issuer.rstrip('/')}/.well-known/openid-configuration"
        with self._told("metadata"):
            metadata = self._app_of({}, {}).fetched(address)
        if (said := metadata.get("issuer")) != self.given.issuer:
            raise ProviderUnlike(self.given.name, f"QUIZAPP_OIDC_ISSUER names it, but it calls itself {said!r:.200}")
        for endpoint in _ENDPOINTS:
            if not _is_safe(metadata.get(endpoint), self.given.issuer):
                raise ProviderUnlike(self.given.name, f"its metadata has no {endpoint} that could be used")
        if not _is_safe(metadata.get("userinfo_endpoint"), self.given.issuer):
            metadata.pop("userinfo_endpoint", None)
        now = self._elapsed()
        return KnownProvider(metadata=metadata, keys=self._fetched_keys(metadata), at=now, keys_at=now)

    def _fetched_keys(self, metadata: Mapping[str, Any]) -> Mapping[str, Any]:
        with self._told("keys"):
            keys = usable_keys(self._app_of({}, {}).fetched(metadata["jwks_uri"]))
        if not keys["keys"]:
            raise ProviderUnlike(self.given.name, "it publishes no key that could be used")
        return keys

    def _keys_again(self) -> Mapping[str, Any]:
        """The keys, fetched anew for a token whose key is not among them; at most once in KEYS_AGAIN_S."""
        with self._lock:
            known, now = self._known, self._elapsed()
            if known is None or now < known.keys_at + KEYS_AGAIN_S:
                return known.keys if known is not None else {"keys": []}
            keys = self._fetched_keys(known.metadata)
            self._known = KnownProvider(metadata=known.metadata, keys=keys, at=known.at, keys_at=now)
            return keys

    @contextmanager
    def _told(self, what: str) -> Iterator[None]:
        """Turn what goes wrong within the block into a fault. `what` was asked for, for the log."""
        name = self.given.name
        try:
            yield
        except CallFailed as error:
            raise ProviderAway(name, f"{what}: {error}") from None
        except OAuthError as error:
            raise _of_answer(name, what, str(error.error)) from None
        except ExpiredTokenError:
            raise ClocksApart(name, f"{what}: it is over, by the clock of this machine") from None
        except ClaimError as error:
            if error.claim in _OF_TIME:
                raise ClocksApart(name, f"{what}: not good yet, by the clock of this machine ({error.claim})") from None
            raise TokenRefused(name, f"{what}: {error.error} {error.claim}") from None
        except JoseError as error:
            raise TokenRefused(name, f"{what}: {error.error}") from None
        except (RequestException, ValueError) as error:  # a status that is an error, or a text that is no JSON
            response = getattr(error, "response", None)
            status = f"status {response.status_code}" if response is not None else "not what was asked for"
            raise ProviderAway(name, f"{what}: {status}") from None
        except (AttributeError, KeyError, RecursionError, TypeError):  # JSON of another shape than it should have
            raise ProviderAway(name, f"{what}: not what was asked for") from None


def _of_answer(name: str, what: str, code: str) -> Exception:
    """The fault of an error that the provider answered with, by its code (RFC 6749, section 5.2)."""
    code = code if _CODE.fullmatch(code) else "an error without a name"
    if code == "invalid_grant":
        return BegunElsewhere(name)
    if code in ("invalid_client", "unauthorized_client", "unsupported_grant_type"):
        return ProviderUnlike(name, f"{what}: {code}; look at QUIZAPP_OIDC_CLIENT_ID and _CLIENT_SECRET")
    return ProviderAway(name, f"{what}: {code}")


def _is_safe(address: object, issuer: str) -> bool:
    """Whether what the metadata says is an address with HTTPS; with HTTP on this machine, if the issuer has it too."""
    try:
        parts = urlsplit(address) if isinstance(address, str) else urlsplit("")
    except ValueError:
        return False
    is_local = parts.scheme == "http" and parts.hostname in LOOPBACK and urlsplit(issuer).scheme == "http"
    return bool(parts.hostname) and (parts.scheme == "https" or is_local)
