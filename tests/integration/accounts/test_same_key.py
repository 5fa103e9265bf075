"""The secret key that all machines of an installation have: noted once, asked of each, changed on purpose alone."""

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy.orm import Session

from quizapp.accounts import shared_key_check
from quizapp.accounts.shared_key_check import OtherKey
from tests.conftest import SECRET

OTHER = "another-" + "0123456789abcdef" * 2


def test_another_key_is_refused_until_it_is_said_to_be_new(db: Session) -> None:
    for _ in range(2):
        shared_key_check.require(db, secret=SECRET, is_new=False)
    with pytest.raises(OtherKey):
        shared_key_check.require(db, secret=OTHER, is_new=False)
    shared_key_check.require(db, secret=OTHER, is_new=True)
    shared_key_check.require(db, secret=OTHER, is_new=False)


@pytest.mark.postgres
@pytest.mark.parametrize("database", ["postgresql"])  # beside a SQLite file lies its key
def test_a_start_of_a_machine_with_a_key_of_its_own_says_what_to_do(app: Flask) -> None:
    def started(*options: str) -> Result:
        with app.app_context():
            return app.test_cli_runner().invoke(args=["up", *options])

    settings = app.extensions["settings"]
    settings.content_dir.mkdir(exist_ok=True)
    assert started().exit_code == 0
    app.extensions["settings"] = settings.model_copy(update={"secret_key": type(settings.secret_key)(OTHER)})
    refused = started()
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "brought up with another secret key" in refused.stderr
    assert started("--new-key").exit_code == 0
    assert started().exit_code == 0
