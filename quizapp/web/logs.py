"""Logging: one line for each event on standard error, control characters escaped so that no input can forge a line."""

import logging

from flask import Flask

LINE = "%(asctime)s %(levelname)s %(name)s %(message)s"


class _OneLine(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        message = super().format(record)
        if record.exc_info:
            return message  # a traceback keeps its line breaks
        return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in message)


def init_app(app: Flask) -> None:
    """Send the app's and the product's own log lines to standard error."""
    logger = logging.getLogger("quizapp")
    if not logger.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(_OneLine(LINE))
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
        logger.propagate = False
    app.logger = logger
