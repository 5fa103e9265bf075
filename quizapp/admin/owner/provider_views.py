"""The part of the owner's page about signing in by a provider, and the end of somebody's link to it."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from quizapp.accounts import people
from quizapp.accounts.guards import Audience, audience
from quizapp.accounts.openid import identities
from quizapp.accounts.openid_wiring import provider, return_address
from quizapp.admin.owner.provider_page import ProviderPage, looked_at, not_set
from quizapp.web.application import current_settings
from quizapp.web.database import get_db
from quizapp.web.error_pages import is_swapped_in


@audience(Audience.OWNER)
def show_provider() -> str:
    """A part of the owner's page, or without a script a page of its own. The provider is asked in no transaction."""
    get_db().rollback()
    template = "admin/_provider.html" if is_swapped_in() else "admin/provider.html"
    return render_template(template, page=page_of_provider())


@audience(Audience.OWNER)
def unlink(user_id: UUID) -> Response:
    """Let nobody sign in to an account by the provider any more."""
    user = people.user_by_id(get_db(), user_id=user_id)
    identities.unlink(get_db(), user_id=user.id)
    get_db().commit()
    flash(
        f"Nobody signs in as {user.name} by a provider any more. Who is signed in so stays it until signed out.", "good"
    )
    return redirect(url_for("owner.show_person", user_id=user_id))


def page_of_provider() -> ProviderPage:
    """What is set, and what the provider answers now."""
    settings = current_settings()
    if not settings.oidc_issuer:
        return not_set()
    return looked_at(provider(), settings, return_address=return_address(settings))
