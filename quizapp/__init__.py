"""quizapp: your notes as quizzes and spaced reviews, with hands-on questions in a Docker host of your own."""

from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from quizapp.sandboxes.client import SandboxClient
    from quizapp.settings import Settings


def create_app(settings: "Settings | None" = None, *, sandboxes: "SandboxClient | None" = None) -> "Flask":
    """Make the web application. Only this function chooses the implementations that the application uses.

    `sandboxes` is the client of sandboxd; None makes one for the socket that the settings name. Raises SettingsError
    for a setting that is missing or wrong.
    """
    # Imported here, so that importing one room of the package, as sandboxd does, does not load all of them.
    from quizapp import navigation, tables  # noqa: F401  # all tables: `/health` looks for them
    from quizapp.accounts import blueprint as accounts
    from quizapp.accounts import guards
    from quizapp.accounts import wiring as accounts_wiring
    from quizapp.admin import blueprint as admin
    from quizapp.classes import blueprint as classes
    from quizapp.command_line import ProductCommands, workshop
    from quizapp.labs import wiring as labs_wiring
    from quizapp.monitoring import blueprint as monitoring
    from quizapp.quiz import blueprint as quiz
    from quizapp.review import blueprint as review
    from quizapp.sandboxes.remote.http_client import HttpSandboxClient
    from quizapp.search import blueprint as search
    from quizapp.search import index_updates  # noqa: F401  # keeps what can be found in line
    from quizapp.settings import Settings
    from quizapp.study import wiring as study_wiring
    from quizapp.web import application, components, health
    from quizapp.web.site import Site

    settings = settings or Settings.from_env()
    app = Site(__name__, static_folder=None)
    app.cli = ProductCommands(app.name)
    application.init_app(app, settings)
    accounts_wiring.init_app(app)
    guards.init_app(app)
    navigation.init_app(app)
    labs_wiring.init_app(
        app,
        settings,
        sandboxes=sandboxes or HttpSandboxClient(settings.sandboxd_socket),
        workshop=partial(workshop, settings),
    )
    for bp in (accounts.bp, quiz.bp, review.bp, review.of_notes, search.bp, monitoring.bp, *classes.ALL):
        app.register_blueprint(bp)
    admin.init_app(app)
    study_wiring.init_app(app)
    app.add_url_rule("/health", "health", guards.audience(guards.Audience.ANYONE)(health.show))
    if settings.dev:
        show_components = guards.audience(guards.Audience.ANYONE)(components.show)
        app.add_url_rule("/dev/components", endpoint="components", view_func=show_components)
    return app
