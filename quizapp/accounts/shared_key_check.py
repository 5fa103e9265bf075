"""Tells whether this machine has the secret key of the others that share the database. Knows no request.

With two keys each machine's cookies are wrong on the other one, which signs people out whenever they come there.
"""

import hmac

from sqlalchemy.orm import Session

from quizapp.accounts.models import KeyPrint
from quizapp.errors import Conflict

ONLY_ROW = 1
_SAID = b"the key of this installation"


class OtherKey(Conflict):
    """The database was brought up with another secret key."""

    title = "Another secret key"

    def __init__(self) -> None:
        super().__init__(
            "The database was brought up with another secret key. If other machines serve this installation, give "
            "this one the same: their instance folder, or SECRET_KEY. If the key is lost, run `flask up --new-key` "
            "once, and everybody signs in again."
        )


def require(db: Session, *, secret: str, is_new: bool) -> None:
    """Note the secret key the first time, and whenever it `is_new`. Flushes. Raises OtherKey for any other one.

    What is stored tells nothing of the key, which has 32 characters at least.
    """
    said = hmac.new(secret.encode(), _SAID, "sha256").hexdigest()
    row = db.get(KeyPrint, ONLY_ROW)
    if row is None:
        db.add(KeyPrint(id=ONLY_ROW, said=said))
    elif is_new:
        row.said = said
    elif not hmac.compare_digest(row.said, said):
        raise OtherKey
    db.flush()
