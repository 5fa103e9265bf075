"""Keys of items: the shape of those that an author gives, and those made for items that have none. Pure."""

import base64
import hashlib
from collections.abc import Container
from itertools import count

SLUG_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"  # of a lab; it becomes the key of the lab's question
SLUG_MAX_CHARS = 64  # as long as the key of a question
KEY_CHARS = 8  # 40 bits: two of ten thousand items get the same once in twenty thousand notes; the second draws again


def new_key(prefix: str, *parts: str, taken: Container[str]) -> str:
    """A key such as `q-7f3kx2ma` made of `parts`, none of `taken`: short, and the same for the same note everywhere."""
    for number in count():
        digest = hashlib.sha256("\0".join((*parts, str(number))).encode()).digest()
        key = f"{prefix}-{base64.b32encode(digest).decode().lower()[:KEY_CHARS]}"
        if key not in taken:
            return key
    raise AssertionError("counting ends nowhere")
