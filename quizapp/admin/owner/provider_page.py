"""Whether signing in by an OpenID provider is set and works, for owners and for the command. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from quizapp.accounts.openid.faults import ProviderAway, ProviderUnlike
from quizapp.admin.owner.figures import InstalledFact
from quizapp.settings import Settings

if TYPE_CHECKING:
    from quizapp.accounts.openid.provider import KnownProvider, OpenidProvider

AWAY_MEND = "See that it runs and that this machine reaches the address of QUIZAPP_OIDC_ISSUER; then ask again."
UNLIKE_MEND = "Set QUIZAPP_OIDC_ISSUER, to the letter, to what the provider calls itself, and ask again."


@dataclass(frozen=True, kw_only=True)
class ProviderPage:
    """What is set, and what the provider answers."""

    facts: Sequence[InstalledFact]
    troubles: Sequence[str]
    """What keeps people from signing in, each with what to do; none if it works or is not set."""


def not_set() -> ProviderPage:
    """The page of an installation without a provider."""
    value = "by passwords and links alone; QUIZAPP_OIDC_ISSUER names no provider"
    return ProviderPage(facts=[InstalledFact(name="People sign in", value=value)], troubles=())


def looked_at(provider: "OpenidProvider", settings: Settings, *, return_address: str) -> ProviderPage:
    """What is set, and what the provider says of itself when it is asked now."""
    roles = settings.oidc_role_claim or "given here, by no claim"
    facts = [
        InstalledFact(name="Provider", value=f"{provider.given.name}, {settings.oidc_issuer}"),
        InstalledFact(name="It must know this address", value=return_address),
        InstalledFact(name="New accounts", value="opened by themselves" if settings.oidc_new_accounts else "by owners"),
        InstalledFact(name="Roles", value=roles),
    ]
    try:
        known = provider.asked_anew()
    except (ProviderAway, ProviderUnlike) as error:
        mend = AWAY_MEND if isinstance(error, ProviderAway) else UNLIKE_MEND
        return ProviderPage(facts=facts, troubles=[f"Nobody can sign in by it now. {error.detail}. {mend}"])
    facts.append(InstalledFact(name="It answers", value=f"yes; keys: {len(known.keys['keys'])}"))
    return ProviderPage(facts=facts, troubles=list(_doubts(known, settings)))


def _doubts(known: "KnownProvider", settings: Settings) -> Sequence[str]:
    """What the provider's metadata says against these settings, as far as it says anything."""
    said = known.metadata
    doubts = []
    methods = said.get("code_challenge_methods_supported")
    if isinstance(methods, list) and "S256" not in methods:
        doubts.append(
            "It does not say that it knows PKCE with S256; sign-ins may fail. Turn PKCE on there for this client."
        )
    scopes = said.get("scopes_supported")
    if isinstance(scopes, list) and (more := [one for one in settings.oidc_scopes.split() if one not in scopes]):
        doubts.append(
            f"It does not say that it knows the scope {', '.join(more)} of QUIZAPP_OIDC_SCOPES. Take it out of that "
            "setting, or let the provider offer it."
        )
    return doubts
