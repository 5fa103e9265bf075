"""The provider's side of signing in, over real HTTP: who comes back is believed only if everything fits."""

import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import time_machine
from flask import Response, redirect
from requests import get

from quizapp import clock
from quizapp.accounts.openid import calls, faults
from quizapp.accounts.openid.app import usable_keys
from quizapp.accounts.openid.provider import KEYS_AGAIN_S, Begun, OpenidProvider, ProviderSettings
from quizapp.errors import QuizappError
from tests.openid_provider import CLIENT, KEY, OTHER_KEY, RETURN, SECRET, Provider, provided, slowly


class Elapsed:
    """A clock that a test moves."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def _http(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")  # asked for by the server's side
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def there() -> Iterator[Provider]:
    with provided() as provider:
        yield provider


def ours(there: Provider, *, elapsed: Elapsed | None = None, **given: Any) -> OpenidProvider:
    settings = {"client_id": CLIENT, "client_secret": SECRET, "name": "School", "scopes": "openid profile", **given}
    return OpenidProvider(ProviderSettings(**{"issuer": there.issuer, **settings}), elapsed=elapsed or Elapsed())


def code_for(provider: OpenidProvider) -> tuple[str, Begun]:
    """Go where a browser is sent, and come back."""
    address, begun = provider.begin(RETURN)
    answer = get(address, allow_redirects=False, timeout=10)
    back = dict(parse_qsl(urlsplit(answer.headers["Location"]).query))
    assert back["state"] == begun.state
    return back["code"], begun


def claims(provider: OpenidProvider, *, wanted: tuple[str, ...] = ()) -> dict[str, Any]:
    code, begun = code_for(provider)
    return dict(provider.claims(code, begun, redirect_uri=RETURN, wanted=wanted))


def test_somebody_is_who_the_provider_says(there: Provider) -> None:
    provider = ours(there)
    assert claims(provider)["preferred_username"] == "Ada"
    assert there.asked == ["/.well-known/openid-configuration", "/keys", "/authorize", "/token"]
    assert claims(provider)["sub"] == "s-1"
    assert there.asked[4:] == ["/authorize", "/token"]


def test_a_request_has_a_challenge_a_state_and_a_nonce_of_its_own(there: Provider) -> None:
    provider = ours(there)
    first, second = (dict(parse_qsl(urlsplit(provider.begin(RETURN)[0]).query)) for _ in range(2))
    assert (first["code_challenge_method"], first["response_type"], first["scope"]) == (
        "S256",
        "code",
        "openid profile",
    )
    assert all(first[name] != second[name] for name in ("state", "nonce", "code_challenge"))


def test_a_code_is_good_for_its_own_sign_in_alone(there: Provider) -> None:
    provider = ours(there)
    code, begun = code_for(provider)
    other = Begun(state=begun.state, nonce=begun.nonce, verifier="x" * 43)
    with pytest.raises(faults.BegunElsewhere):
        provider.claims(code, other, redirect_uri=RETURN, wanted=())
    code, begun = code_for(provider)
    provider.claims(code, begun, redirect_uri=RETURN, wanted=())
    with pytest.raises(faults.BegunElsewhere):
        provider.claims(code, begun, redirect_uri=RETURN, wanted=())


def test_a_claim_that_the_token_has_not_is_asked_of_the_userinfo(there: Provider) -> None:
    """Keycloak and oidc-provider (9.13.3) put names and groups there alone unless they are told otherwise."""
    there.userinfo = {"groups": ["teachers"], "sub": "s-1"}
    provider = ours(there)
    assert claims(provider, wanted=("groups",))["groups"] == ["teachers"]
    there.userinfo = {"groups": ["teachers"], "sub": "s-2"}
    with pytest.raises(faults.TokenRefused, match="not for this sign-in"):
        claims(provider, wanted=("groups",))
    there.answers["/userinfo"] = lambda: Response(status=503)
    with pytest.raises(faults.ProviderAway):  # and not somebody without groups, whose role would be taken
        claims(provider, wanted=("groups",))


@pytest.mark.parametrize(
    "wrong",
    [
        {"aud": "another-site"},
        {"aud": "another-site", "azp": CLIENT},
        {"aud": [CLIENT, "another-site"], "azp": "another-site"},
        {"aud": None},
        {"iss": "https://other.example"},
        {"iss": None},
        {"nonce": "of-another-sign-in"},
        {"nonce": None},
        {"sub": ""},
        {"sub": 7},
        {"sub": None},
        {"sub": "s" * 256},
        {"exp": "tomorrow"},
        {"amr": "pwd"},
        {"at_hash": "AAAA"},
    ],
    ids=str,
)
def test_a_token_that_does_not_fit_lets_nobody_in(there: Provider, wrong: dict[str, Any]) -> None:
    there.in_token = wrong
    with pytest.raises((faults.TokenRefused, faults.ClocksApart)):
        claims(ours(there))


def test_a_token_that_another_key_signed_lets_nobody_in(there: Provider) -> None:
    there.key = OTHER_KEY
    with pytest.raises(faults.TokenRefused):
        claims(ours(there))


def test_a_new_key_is_fetched_whether_it_has_a_new_name_or_the_old_one(there: Provider) -> None:
    elapsed = Elapsed()
    provider = ours(there, elapsed=elapsed)
    claims(provider)
    there.key, there.published = OTHER_KEY, [OTHER_KEY.as_dict(private=False)]
    elapsed.now += KEYS_AGAIN_S
    assert claims(provider)["sub"] == "s-1"
    renamed = type(KEY).import_key({**KEY.as_dict(private=True), "kid": OTHER_KEY.kid})
    there.key, there.published = renamed, [renamed.as_dict(private=False)]
    with pytest.raises(faults.TokenRefused):  # a moment after the last time the keys are not fetched
        claims(provider)
    elapsed.now += KEYS_AGAIN_S
    assert claims(provider)["sub"] == "s-1"


def test_a_key_on_a_curve_that_nobody_here_knows_keeps_no_other_from_being_used(there: Provider) -> None:
    """joserfc 1.8.0 raises KeyError for such a set. Germany's health network has keys on brainpoolP256r1."""
    odd = {"kty": "EC", "crv": "brainpoolP256r1", "kid": "b", "x": "AAAA", "y": "AAAA"}
    secret = {"kty": "oct", "k": "c2VjcmV0", "kid": "s"}
    there.published = [odd, secret, {"kty": "AKP", "alg": "ML-DSA-65", "kid": "p", "pub": "AA"}, *there.published]
    assert claims(ours(there))["sub"] == "s-1"
    assert [key["kid"] for key in usable_keys({"keys": [*there.published, "no key", {"use": "enc"}]})["keys"]] == [
        "one"
    ]


@pytest.mark.parametrize(
    ("methods", "header"),
    [(["client_secret_basic"], True), (None, True), (["client_secret_post", "client_secret_basic"], False)],
)
def test_a_secret_with_signs_is_sent_as_the_provider_reads_it(
    there: Provider, methods: list[str] | None, header: bool
) -> None:
    """Authlib 1.9.10 sends it as it is, which a provider that holds to RFC 6749, section 2.3.1 reads as another one."""
    there.metadata = {"token_endpoint_auth_methods_supported": methods} if methods else {}
    assert claims(ours(there))["sub"] == "s-1"
    assert ("Authorization" in there.headers) == header


def test_a_secret_that_is_wrong_is_told_to_the_operator(there: Provider) -> None:
    with pytest.raises(faults.ProviderUnlike) as caught:
        claims(ours(there, client_secret="wrong"))
    assert "QUIZAPP_OIDC_CLIENT_ID" in caught.value.detail
    assert "wrong" not in caught.value.detail


@pytest.mark.parametrize("hours", [-1, 1], ids=["behind", "ahead"])
def test_a_clock_that_is_wrong_is_told_so(there: Provider, hours: int) -> None:
    provider, at = ours(there), clock.now() + timedelta(hours=hours)
    code, begun = code_for(provider)
    now = int(time.time())
    there.in_token = {"iat": now, "exp": now + 600}
    with time_machine.travel(at, tick=True), pytest.raises(faults.ClocksApart, match="clock of this server"):
        provider.claims(code, begun, redirect_uri=RETURN, wanted=())


def html() -> Response:
    return Response("<p>Sign in to the hotel's network</p>")


@pytest.mark.parametrize(
    "answer",
    [
        html,
        lambda: Response(status=500),
        lambda: Response(status=404),
        lambda: Response("[]", mimetype="application/json"),
        lambda: Response("[" * 100_000, mimetype="application/json"),
        lambda: Response(b" " * (calls.ANSWER_MAX_BYTES + 1), mimetype="application/json"),
        lambda: redirect("https://elsewhere.example"),
    ],
)
@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/keys", "/token"])
def test_an_answer_that_is_none_is_told_and_nothing_of_it_is_shown(there: Provider, path: str, answer: Any) -> None:
    there.answers[path] = answer
    with pytest.raises((faults.ProviderAway, faults.ProviderUnlike)) as caught:
        claims(ours(there))
    assert "hotel" not in f"{caught.value} {caught.value.detail}"


def test_a_provider_that_is_down_is_asked_once_and_then_left_alone_for_a_moment() -> None:
    with provided() as there:
        elapsed = Elapsed()
        provider = ours(there, elapsed=elapsed)
    with pytest.raises(faults.ProviderAway) as caught:
        provider.begin(RETURN)
    assert caught.value.detail == "metadata: ConnectionError"
    with provided() as other:
        provider.given = ProviderSettings(**{**vars(provider.given), "issuer": other.issuer})
        with pytest.raises(faults.ProviderAway):
            provider.begin(RETURN)
        elapsed.now += 60
        assert provider.begin(RETURN)[0].startswith(other.issuer)


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token"])
def test_an_answer_that_drips_is_waited_for_no_longer_than_a_call_may_take(
    there: Provider, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A timeout of requests 2.34.2 would never be over: it begins anew with each byte."""
    provider, over = ours(there), threading.Event()
    if path == "/token":
        provider.begin(RETURN)
    there.answers[path] = lambda: slowly(over)
    monkeypatch.setattr(calls, "CALL_S", 0.3)
    try:
        with pytest.raises(faults.ProviderAway) as caught:
            claims(provider)
        assert "no whole answer" in caught.value.detail
    finally:
        over.set()


@pytest.mark.parametrize(
    "wrong",
    [
        {"issuer": "https://other.example"},
        {"issuer": None},
        {"authorization_endpoint": None},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"token_endpoint": "http://other.example/token"},
        {"jwks_uri": 7},
        {"jwks_uri": "http://[/"},
    ],
    ids=str,
)
def test_a_provider_that_is_not_the_one_that_was_named_is_not_used(there: Provider, wrong: dict[str, Any]) -> None:
    there.metadata = wrong
    with pytest.raises(faults.ProviderUnlike):
        ours(there).begin(RETURN)


def test_a_provider_without_a_page_to_sign_out_on_has_none(there: Provider) -> None:
    assert ours(there).leave_address() == f"{there.issuer}/leave?client_id={CLIENT}"
    there.metadata = {"end_session_endpoint": "javascript:alert(1)"}
    assert ours(there).leave_address() is None


def test_every_fault_has_a_sentence_without_a_secret(there: Provider) -> None:
    there.answers["/token"] = lambda: Response('{"error": "<b>", "error_description": "evil"}', status=400)
    with pytest.raises(QuizappError) as caught:
        claims(ours(there))
    assert "evil" not in f"{caught.value} {getattr(caught.value, 'detail', '')}"
    assert "<b>" not in getattr(caught.value, "detail", "")
