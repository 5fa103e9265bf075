"""Sets up every part of this room in an application, and gives the current application's settings."""

from flask import Flask, current_app

from quizapp.settings import Settings


def init_app(app: Flask, settings: Settings) -> None:
    """Set up logs, assets, database, security, rate limits, templates and error pages in `app`."""
    # Imported here, since `flask` commands read the settings and show no page.
    from quizapp.web import assets, database, error_pages, limits, logs, security, templating

    app.extensions["settings"] = settings
    logs.init_app(app)
    assets.init_app(app)
    database.init_app(app, settings)
    security.init_app(app, settings)
    limits.limiter.init_app(app)
    templating.init_app(app)
    error_pages.init_app(app)


def current_settings() -> Settings:
    """The settings of the app that handles the current request or command."""
    settings: Settings = current_app.extensions["settings"]
    return settings
