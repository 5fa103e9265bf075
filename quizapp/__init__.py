"""quizapp: your notes as quizzes and spaced reviews, with hands-on questions in a Docker host of your own."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from quizapp.sandboxes.client import SandboxClient
    from quizapp.settings import Settings


def create_app(settings: "Settings | None" = None, *, sandboxes: "SandboxClient | None" = None) -> "Flask":
    """The web application. The only place that picks the parts it is made of.

    `sandboxes` is the way to sandboxes, by default sandboxd's socket. Raises SettingsError for a setting that is
    missing or wrong.
    """
    # Imported here, so that importing one room of the package, as sandboxd does, does not load all of them.
    from flask import Flask

    from quizapp import commands, navigation, web
    from quizapp.accounts import commands as accounts_commands
    from quizapp.accounts import guards
    from quizapp.accounts import views as accounts_views
    from quizapp.admin import views as admin_views
    from quizapp.catalogue import commands as catalogue_commands
    from quizapp.labs import commands as labs_commands
    from quizapp.labs import wiring as labs_wiring
    from quizapp.quiz import views as quiz_views
    from quizapp.review import views as review_views
    from quizapp.sandboxes import commands as sandboxes_commands
    from quizapp.sandboxes.daemon import wiring
    from quizapp.sandboxes.remote.http_client import HttpSandboxClient
    from quizapp.settings import Settings
    from quizapp.study import views as study_views
    from quizapp.web import components, health

    settings = settings or Settings.from_env()
    app = Flask(__name__, static_folder=None)
    web.init_app(app, settings)
    guards.init_app(app)
    navigation.init_app(app)
    labs_wiring.init_app(
        app,
        settings,
        sandboxes=sandboxes or HttpSandboxClient(settings.sandboxd_socket),
        workshop=lambda: wiring.workshop(settings),
    )
    for views in (accounts_views, quiz_views, review_views, admin_views):
        app.register_blueprint(views.bp)
    study_views.init_app(app)
    app.add_url_rule("/health", "health", guards.audience(guards.Audience.ANYONE)(health.show))
    if settings.dev:
        show_components = guards.audience(guards.Audience.ANYONE)(components.show)
        app.add_url_rule("/dev/components", endpoint="components", view_func=show_components)
    groups = (accounts_commands.accounts, catalogue_commands.content, labs_commands.labs, sandboxes_commands.sandboxes)
    for group in groups:
        app.cli.add_command(group)
    commands.init_app(app)
    return app
