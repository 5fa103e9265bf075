"""A bare Flask application of one view that stores one row in SQLite, as the least that a review's request can cost."""

import os
import threading

from flask import Flask, request
from sqlalchemy import text

from quizapp.db import create_engine_for

URL = "BARE_DATABASE_URL"


def bare_app(url: str) -> Flask:
    """An application that inserts one row and commits, on connections with the product's pragmas, one a thread."""
    engine = create_engine_for(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE IF NOT EXISTS answer (id INTEGER PRIMARY KEY, rating INTEGER NOT NULL)"))
    engine.dispose()
    kept = threading.local()
    app = Flask("bare")

    @app.post("/review")
    def commit() -> dict[str, str]:
        if not hasattr(kept, "connection"):
            kept.connection = engine.raw_connection()
        cursor = kept.connection.cursor()
        cursor.execute("BEGIN IMMEDIATE")
        cursor.execute("INSERT INTO answer (rating) VALUES (?)", (int(request.form["rating"]),))
        cursor.execute("COMMIT")
        return {"outcome": "applied"}

    app.add_url_rule("/health", "health", lambda: "ok")
    return app


def served() -> Flask:
    """The application for gunicorn, with the database that the environment names."""
    return bare_app(os.environ[URL])
