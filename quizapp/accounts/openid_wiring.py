"""The OpenID provider of the current application, made when it is first asked for, and how it lets people in."""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import current_app, session

from quizapp.accounts.guards import CAME_BY
from quizapp.accounts.models import Role
from quizapp.accounts.openid.claims import OPENID_ROLES, RoleClaim
from quizapp.accounts.openid.faults import ProviderAway, ProviderUnlike
from quizapp.accounts.openid.identities import Entry
from quizapp.errors import NotFound
from quizapp.settings import Settings
from quizapp.web.application import current_settings

if TYPE_CHECKING:
    from quizapp.accounts.openid.provider import OpenidProvider

_PROVIDER = "openid_provider"


def provider() -> "OpenidProvider":
    """The provider; one for all requests, which keeps what it says of itself. Raises NotFound if none is set."""
    # Imported here, since most pages need no more of this than a name: what is below it takes 16 MiB and 0.15 s.
    from quizapp.accounts.openid.provider import OpenidProvider, ProviderSettings

    settings = current_settings()
    if not settings.oidc_issuer:
        raise NotFound("Nobody signs in by a provider here: QUIZAPP_OIDC_ISSUER names none.")
    given = ProviderSettings(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret.get_secret_value(),
        name=name_of(settings),
        scopes=settings.oidc_scopes,
    )
    found: OpenidProvider = current_app.extensions.setdefault(_PROVIDER, OpenidProvider(given))
    return found


def provider_trouble() -> str | None:
    """Why nobody can sign in by the provider now, with what to do; None if somebody can, or none is set."""
    if not current_settings().oidc_issuer:
        return None
    try:
        provider().asked_anew()
    except (ProviderAway, ProviderUnlike) as error:
        return f"Nobody can sign in by it now. {error.detail}. See flask accounts doctor."
    return None


def entry() -> Entry:
    """How people are let in."""
    settings, parts = current_settings(), current_app.extensions
    return Entry(
        provider=name_of(settings),
        opens_accounts=settings.oidc_new_accounts,
        is_strict=role_claim(settings).is_strict,
        give_role=parts["give_claimed_role"],
        tell_of_opened=parts["tell_of_opened"],
    )


def role_claim(settings: Settings) -> RoleClaim:
    """Which values of which claim make which role."""
    said = (settings.oidc_owners, settings.oidc_editors, settings.oidc_learners)
    values = [frozenset(one.strip() for one in text.split(";") if one.strip()) for text in said]
    return RoleClaim(name=settings.oidc_role_claim, values=dict(zip(OPENID_ROLES, values, strict=True)))


def name_of(settings: Settings) -> str:
    """What people call the provider; empty without one."""
    return settings.oidc_name or urlsplit(settings.oidc_issuer).hostname or ""


def return_address(settings: Settings) -> str:
    """Where the provider sends people back to; it must know this address."""
    return f"{settings.public_url}/sign-in/openid/return"


def came_by_provider() -> bool:
    """Whether this browser's sign-in was made by the provider."""
    return bool(session.get(CAME_BY))


assert set(OPENID_ROLES) == {role.value for role in Role}
