"""The signed labels by which sandboxd recognises its own containers. Knows no engine.

A container inherits the labels of its image, so a label alone proves nothing. These labels include an HMAC of all their
values, and are accepted only on a container with the one name that belongs to them.

A container's labels cannot be changed, its name can: the labels of a warm container hold no owner, and a claim renames
the container to the name that belongs to its owner.
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
INSTALLATION = f"{PREFIX}.installation"  # of a workshop's container: the instance of the installation it belongs to
WORKSHOP = f"{PREFIX}.workshop"  # and what tells that workshop from others
WARM = ""  # the owner label of a warm container; an owner has at least one character
_FIELDS = ("id", "owner", "template", "ends_at")


@dataclass(frozen=True, kw_only=True)
class Ownership:
    """The values of a container's signed labels."""

    id: str
    """The sandbox's id."""
    owner: str | None
    """None for a warm container; once it is claimed, its name holds the owner, not its label."""
    template: str
    """The template's name."""
    ends_at: datetime
    """When the container's first process ends it in any case; labels keep whole seconds."""


class Signer:
    """Signs and reads the labels of one installation, whose id is `instance`. Labels of another key are rejected.

    `beside` are labels that it adds, and does not look at.
    """

    def __init__(self, key: bytes, *, beside: Mapping[str, str] | None = None) -> None:
        self._key = hmac.digest(key, b"quizapp sandbox labels", "sha256")
        self._beside = dict(beside or {})
        self.instance = self._mac("instance")[:8]

    def name(self, owner: str) -> str:
        """The container name of this owner's sandbox: always the same, so the engine refuses a second container."""
        spelt = base64.b32encode(owner.encode()).decode().rstrip("=").lower()
        return f"quizapp-{self.instance}-{self._mac('owner', owner)[:16]}-{spelt}"

    def name_of(self, ownership: Ownership) -> str:
        """The only name under which a container with this ownership is accepted."""
        return f"quizapp-{self.instance}-warm-{ownership.id}" if ownership.owner is None else self.name(ownership.owner)

    def sign(self, ownership: Ownership) -> dict[str, str]:
        """The container's labels: the values, this installation's id and their HMAC."""
        values = (ownership.id, ownership.owner or WARM, ownership.template, str(int(ownership.ends_at.timestamp())))
        labels = {f"{PREFIX}.{field}": value for field, value in zip(_FIELDS, values, strict=True)}
        signature = self._mac("claim", self.instance, *values)
        return self._beside | labels | {INSTANCE: self.instance, f"{PREFIX}.signature": signature}

    def read(self, name: str, labels: Mapping[str, str]) -> Ownership | None:
        """The ownership in a container's labels; None if this installation did not sign them for a container `name`."""
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
        """The owner that the last part of the name holds in base32; None if it holds none."""
        spelt = name.rpartition("-")[2].upper()
        try:
            return base64.b32decode(spelt + "=" * (-len(spelt) % 8)).decode() or None
        except (binascii.Error, ValueError):
            return None

    def _mac(self, *parts: str) -> str:
        """Hex HMAC-SHA256 of the parts as a JSON list, whose text differs for different lists."""
        return hmac.new(self._key, json.dumps(parts).encode(), hashlib.sha256).hexdigest()


def workshop_signer(key: bytes, workshop: str) -> Signer:
    """The signer of one workshop of the installation with this key.

    Neither sandboxd nor another workshop takes its containers for its own; whoever has the key can tell whose they are.
    """
    own_key = hmac.digest(key, f"quizapp workshop {workshop}".encode(), "sha256")
    return Signer(own_key, beside={INSTALLATION: Signer(key).instance, WORKSHOP: workshop})
