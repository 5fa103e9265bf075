"""The signed labels by which sandboxd knows its own containers. Knows no engine.

An image hands its labels down to every container made of it, so a label alone proves nothing: these carry a signature
over everything they say, and count only on a container of the one name that belongs to their owner.

Labels never change, names can: a warm sandbox has no owner in its labels, and gets the name of the owner who claims it.
"""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

PREFIX = "quizapp.sandbox"
INSTANCE = f"{PREFIX}.instance"
WARM = ""  # for an owner: no owner has this name
_FIELDS = ("id", "owner", "template", "ends_at")


@dataclass(frozen=True, kw_only=True)
class Ownership:
    """What a container says of itself, and sandboxd has signed. `owner` is None for a warm one.

    `ends_at` is when it ends whatever happens.
    """

    id: str
    owner: str | None
    template: str
    ends_at: datetime


class Signer:
    """Signs and reads the labels of one installation, called `instance`; those of another key are not its own."""

    def __init__(self, key: bytes) -> None:
        self._key = hmac.digest(key, b"quizapp sandbox labels", "sha256")
        self.instance = self._mac("instance")[:8]

    def name(self, owner: str) -> str:
        """The container name of this owner's sandbox. There is one, so the engine itself refuses a second sandbox."""
        spelt = base64.b32encode(owner.encode()).decode().rstrip("=").lower()
        return f"quizapp-{self.instance}-{self._mac('owner', owner)[:16]}-{spelt}"

    def name_of(self, ownership: Ownership) -> str:
        """The name of the container with this ownership."""
        return f"quizapp-{self.instance}-warm-{ownership.id}" if ownership.owner is None else self.name(ownership.owner)

    def sign(self, ownership: Ownership) -> dict[str, str]:
        """The labels to put on the container."""
        values = (ownership.id, ownership.owner or WARM, ownership.template, str(int(ownership.ends_at.timestamp())))
        labels = {f"{PREFIX}.{field}": value for field, value in zip(_FIELDS, values, strict=True)}
        return labels | {INSTANCE: self.instance, f"{PREFIX}.signature": self._mac("claim", self.instance, *values)}

    def read(self, name: str, labels: Mapping[str, str]) -> Ownership | None:
        """What the container called `name` claims, or None if this installation never signed that."""
        values = [labels.get(f"{PREFIX}.{field}", "") for field in _FIELDS]
        signature = labels.get(f"{PREFIX}.signature", "").encode()
        expected = self._mac("claim", labels.get(INSTANCE, ""), *values).encode()
        if not hmac.compare_digest(signature, expected) or labels.get(INSTANCE) != self.instance:
            return None
        sandbox_id, owner, template, ends_at = values
        ownership = Ownership(
            id=sandbox_id,
            owner=self._owner_in(name) if owner == WARM else owner,
            template=template,
            ends_at=datetime.fromtimestamp(int(ends_at), UTC),
        )
        return ownership if name == self.name_of(ownership) else None

    def _owner_in(self, name: str) -> str | None:
        """The owner whom a container of this name would belong to; None if it says no such thing."""
        spelt = name.rpartition("-")[2].upper()
        try:
            return base64.b32decode(spelt + "=" * (-len(spelt) % 8)).decode() or None
        except (binascii.Error, ValueError):
            return None

    def _mac(self, *parts: str) -> str:
        """Hex HMAC of the parts, written so that no two lists of parts look the same."""
        return hmac.new(self._key, json.dumps(parts).encode(), hashlib.sha256).hexdigest()
