"""Sets up every part of this room in an application, and gives the current application's settings."""

from typing import Any
from urllib.parse import urlsplit

from flask import Flask, current_app

from quizapp.addresses import LOOPBACK
from quizapp.settings import Settings


def init_app(app: Flask, settings: Settings) -> None:
    """Set up zones, logs, assets, database, bodies, security, compression, templates and error pages in `app`."""
    # Imported here, since `flask` commands read the settings and show no page.
    from quizapp.web import (
        assets,
        bodies,
        compression,
        database,
        error_pages,
        logs,
        metrics_access,
        mounting,
        security,
        templating,
    )
    from quizapp.zones import use_newest_rules

    use_newest_rules()
    app.extensions["settings"] = settings
    app.config["TRUSTED_HOSTS"] = _hosts(settings.public_url)
    logs.init_app(app)
    assets.init_app(app, settings)
    database.init_app(app, settings)
    bodies.init_app(app)  # before security, which looks at the form
    security.init_app(app, settings)
    compression.init_app(app)
    mounting.init_app(app, settings)
    templating.init_app(app)
    error_pages.init_app(app)
    app.wsgi_app = _behind(settings.proxies, app)  # type: ignore[method-assign]
    if settings.metrics_token.get_secret_value():
        app.wsgi_app = metrics_access.WatchersOfAnyName(app.wsgi_app, settings)  # type: ignore[method-assign]


def _hosts(public_url: str) -> list[str] | None:
    """The names that a request may ask for; None, for any, where people use the machine that serves.

    Ports are not looked at. Werkzeug 3.1.9 compares what stands before the first colon: no IPv6 address can be named.
    """
    host = urlsplit(public_url).hostname
    # This machine itself asks for /health by its own names.
    return None if host is None or host in LOOPBACK else [host, *LOOPBACK]


def _behind(proxies: int, app: Flask) -> Any:
    """The application as so many proxies leave it: the client's address and scheme are those that the first one saw.

    Without proxies these headers are whatever a client says, and are not looked at.
    """
    if not proxies:
        return app.wsgi_app
    from werkzeug.middleware.proxy_fix import ProxyFix

    return ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=0)


def current_settings() -> Settings:
    """The settings of the app that handles the current request or command."""
    settings: Settings = current_app.extensions["settings"]
    return settings
