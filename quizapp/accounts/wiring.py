"""What sign-in pages get from the application: the hashes of passwords, and an answer to forms of older tabs."""

from flask import Flask, current_app

from quizapp.accounts import tab_guards
from quizapp.accounts.passwords import Passwords


def init_app(app: Flask) -> None:
    """Store the hashes in the application, and answer forms of older tabs."""
    app.extensions["passwords"] = Passwords()
    tab_guards.init_app(app)


def passwords() -> Passwords:
    """The current application's hashes of passwords."""
    found: Passwords = current_app.extensions["passwords"]
    return found
