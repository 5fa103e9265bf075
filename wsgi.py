"""What a WSGI server and the `flask` command load."""

from quizapp import create_app
from quizapp.settings import SettingsError

try:
    app = create_app()
except SettingsError as error:
    raise SystemExit(f"quizapp does not start. {error}") from None
