"""The web process's worker, as gunicorn loads it, with deadlines that a test can wait for."""

from quizapp.web import server

server.HEAD_S, server.REQUEST_S, server.LINGER_S = 1.5, 3.0, 2.0

Worker = server.Worker
