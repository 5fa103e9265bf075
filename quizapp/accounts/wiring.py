"""What sign-in pages get from the application: the hashes of passwords."""

from flask import Flask, current_app

from quizapp.accounts.passwords import Passwords


def init_app(app: Flask) -> None:
    """Store the hashes in the application."""
    app.extensions["passwords"] = Passwords()


def passwords() -> Passwords:
    """The current application's hashes of passwords."""
    found: Passwords = current_app.extensions["passwords"]
    return found
