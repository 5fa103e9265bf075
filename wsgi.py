"""What a WSGI server and the `flask` command load."""

from quizapp import create_app

app = create_app()
