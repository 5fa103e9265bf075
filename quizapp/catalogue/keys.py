"""Keys for items that their author has not named: short, and the same for the same note on every machine. Pure."""

import base64
import hashlib
from collections.abc import Container
from itertools import count

KEY_CHARS = (
    8  # 40 bits: two among ten thousand items meet once in twenty thousand notes, and then the second draws again
)


def new_key(prefix: str, *parts: str, taken: Container[str]) -> str:
    """A key such as `q-7f3kx2ma` made of `parts`, none of `taken`."""
    for number in count():
        digest = hashlib.sha256("\0".join((*parts, str(number))).encode()).digest()
        key = f"{prefix}-{base64.b32encode(digest).decode().lower()[:KEY_CHARS]}"
        if key not in taken:
            return key
    raise AssertionError("counting ends nowhere")
