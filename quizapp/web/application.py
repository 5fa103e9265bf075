"""Fits an application with all plumbing of this room, and lends its settings to whatever it handles."""

from flask import Flask, current_app

from quizapp.settings import Settings
from quizapp.web import assets, database, error_pages, limits, logs, security, templating


def init_app(app: Flask, settings: Settings) -> None:
    """Fit `app` with everything that has nothing to do with what the product is about."""
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
