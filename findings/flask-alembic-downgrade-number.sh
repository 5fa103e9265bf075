#!/bin/sh
# Flask-Alembic: `flask db downgrade 0005` goes five revisions back, not back to revision 0005.
# Needs python3 and the Python package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check \
    Flask==3.1.3 Flask-Alembic==3.3.0 alembic==1.20.1 SQLAlchemy==2.1.9 2> pip.log || { cat pip.log; exit 2; }
mkdir migrations
before=None
for number in 1 2 3 4 5 6; do
    cat > "migrations/000$number.py" <<EOF
revision = "000$number"
down_revision = $before
def upgrade():
    pass
def downgrade():
    pass
EOF
    before="\"000$number\""
done
cat > app.py <<'EOF'
import sqlalchemy
from flask import Flask
from flask_alembic import Alembic

app = Flask(__name__)
app.config["ALEMBIC"] = {"script_location": "migrations"}
alembic = Alembic(
    app, run_mkdir=False, metadatas=sqlalchemy.MetaData(), engines=sqlalchemy.create_engine("sqlite:///data.sqlite3")
)
EOF
revision() {
    venv/bin/python -c 'import sqlite3; print(*sqlite3.connect("data.sqlite3").execute("SELECT version_num FROM alembic_version").fetchone())'
}
venv/bin/flask db upgrade > flask.log 2>&1
top=$(revision)
venv/bin/flask db downgrade 0005 > flask.log 2>&1
seen=$(revision)
venv/bin/python - <<'EOF'
from importlib.metadata import version
print(*(f"{name} {version(name)}" for name in ("Flask", "Flask-Alembic", "alembic", "SQLAlchemy")), sep=", ")
EOF
echo "at revision $top, after: flask db downgrade 0005"
echo "one would guess: 0005"
echo "seen:            $seen"
[ "$seen" = 0001 ]
