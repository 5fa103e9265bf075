"""Hashes of passwords, a few at a time. Knows no person and no database, and belongs outside every transaction."""

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING

from quizapp.errors import Unavailable

if TYPE_CHECKING:
    from argon2 import PasswordHasher

MAX_CHARS = 256  # limits the time that one hash takes
# Of one process. Each takes 64 MiB and four lanes for a tenth of a second, so more at once are no faster together.
HASHES_AT_ONCE = 2
WAIT_S = 5.0  # in which a hundred hashes are made on two cores; who waits longer comes back later
AGAIN_S = 5
NOBODYS_CHARS = 32


class TooManyHashes(Unavailable):
    """So many passwords are being checked that this one would have to wait for too long."""

    title = "Many are signing in"


class Passwords:
    """Makes and checks hashes of passwords, Argon2id."""

    def __init__(self, hasher: "PasswordHasher | None" = None, *, wait_s: float = WAIT_S) -> None:
        self._given = hasher
        self._wait_s = wait_s
        self._free = threading.BoundedSemaphore(HASHES_AT_ONCE)

    def hash(self, password: str) -> str:
        """A new hash. Raises TooManyHashes."""
        with self._turn():
            return self._hasher.hash(password[:MAX_CHARS])

    def fits(self, password: str, stored: str | None) -> bool:
        """Whether the password has this hash; nobody's, which takes as long, if there is none. Raises TooManyHashes."""
        from argon2.exceptions import InvalidHashError, VerifyMismatchError

        against = self._nobodys if stored is None else stored
        with self._turn():
            try:
                self._hasher.verify(against, password[:MAX_CHARS])
            except (VerifyMismatchError, InvalidHashError):
                return False
        return stored is not None

    def is_outdated(self, stored: str) -> bool:
        """Whether a hash was made with other parameters than this object has."""
        return self._hasher.check_needs_rehash(stored)

    @cached_property
    def _hasher(self) -> "PasswordHasher":
        # Imported here: most processes of a day hash nothing, and the library with what it is bound by is 0.3 MiB.
        from argon2 import PasswordHasher

        # The library's defaults are RFC 9106's second recommended option for Argon2id: 64 MiB, 3 passes, 4 lanes.
        return self._given or PasswordHasher()

    @cached_property
    def _nobodys(self) -> str:
        return self.hash(secrets.token_urlsafe(NOBODYS_CHARS))

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Wait for one of HASHES_AT_ONCE turns, and hold it while the block runs. Raises TooManyHashes."""
        if not self._free.acquire(timeout=self._wait_s):
            raise TooManyHashes("Many people are signing in just now. Try again in a moment.", retry_after_s=AGAIN_S)
        try:
            yield
        finally:
            self._free.release()
