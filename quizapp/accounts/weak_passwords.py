"""Passwords that are among the first to be tried: common ones, patterns, words of the person, and those that leaked.

Length alone is no measure: `password12` has ten characters. How many guesses a password takes is estimated by zxcvbn
(Wheeler, USENIX Security 2016), which knows 30,000 common passwords, names, words, keyboards, dates and repeats.
"""

import hashlib
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from quizapp.errors import Unavailable

GUESSES_LEAST = 1e8  # zxcvbn's score of 3, "safely unguessable"; ten wrong passwords close a name for five minutes
LOOKED_AT_CHARS = 72  # zxcvbn 4.5.0 takes 0.1 s for as many, and 0.8 s for 256; what is longer is no easier to guess
OF_THE_FIELD = ("quizapp", "docker", "kubernetes", "container", "devops", "interview")
SHA1_CHARS = 40  # of a hash in hex
LINE_MOST_BYTES = 64  # of a list: a hash, a colon and how often it was seen

AGAIN_S = 60
_log = logging.getLogger("quizapp.accounts")

EASY = (
    "It is among the first that are tried: a common one, a pattern of keys, or made of your name. A few words that "
    "have nothing to do with each other are hard to guess."
)
LEAKED = "It stands in a list of passwords that were stolen elsewhere, which are tried first. Take another one."


class ListAway(Unavailable):
    """The list of leaked passwords cannot be read; nobody sets a password until it can."""

    title = "No new passwords now"


def fault_of(password: str, *, words: Sequence[str], leaked: str | None = None) -> str | None:
    """Why nobody should have this password, as a sentence; None if it is good enough.

    `words` are the person's own, such as their name. `leaked` is a list as `is_listed` reads it. Raises ListAway.
    """
    from zxcvbn import zxcvbn  # 14 MiB of words, for the few processes in which somebody sets a password

    looked_at = password[:LOOKED_AT_CHARS]
    if zxcvbn(looked_at, user_inputs=[*words, *OF_THE_FIELD])["guesses"] < GUESSES_LEAST:
        return EASY
    return LEAKED if leaked is not None and _is_leaked(password, leaked) else None


def _is_leaked(password: str, leaked: str) -> bool:
    try:
        with Path(leaked).open("rb") as file:
            return is_listed(password, file)
    except OSError as error:
        _log.error("QUIZAPP_LEAKED_PASSWORDS: %s", error)
        raise ListAway("Leaked passwords cannot be told from others just now.", retry_after_s=AGAIN_S) from None


def is_listed(password: str, file: BinaryIO) -> bool:
    """Whether the password is in a list of SHA-1 hashes in hex, one a line in their order, with a number behind each.

    As the downloader of Have I Been Pwned writes them: 40 GB, of which some 30 lines are read.
    """
    sought = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
    low, high = 0, file.seek(0, 2)
    while low < high:
        middle = (low + high) // 2
        line = _line_from(file, middle)
        if line[:SHA1_CHARS].upper() < sought and line:
            low = middle + 1
        else:
            high = middle
    return _line_from(file, low)[:SHA1_CHARS].upper() == sought


def _line_from(file: BinaryIO, place: int) -> bytes:
    """The first line that begins at `place` or behind it; empty at the end."""
    file.seek(max(place - 1, 0))
    if place:
        file.readline(LINE_MOST_BYTES)
    return file.readline(LINE_MOST_BYTES)
