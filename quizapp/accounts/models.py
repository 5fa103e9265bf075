"""People, their sign-ins and the links that let them in."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quizapp.db import Base, UtcDateTime, enum_column

NAME_MAX_CHARS = 80
ZONE_MAX_CHARS = 64  # the longest IANA name has 32
TOKEN_HASH_CHARS = 64  # SHA-256 in hex
DEFAULT_ROLLOVER_HOUR = 4  # Anki's default: the hour of the night at which the next study day begins


class Role(StrEnum):
    """What a person may do; each may do what the one before may."""

    LEARNER = "learner"
    EDITOR = "editor"
    OWNER = "owner"

    def may_act_as(self, other: "Role") -> bool:
        """Whether this role has every right that `other` has."""
        ranks = list(Role)
        return ranks.index(self) >= ranks.index(other)


class User(Base):
    """A person with an account. `zone` and `rollover_hour` decide which study day a moment belongs to."""

    __tablename__ = "user_account"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    name: Mapped[str] = mapped_column(String(NAME_MAX_CHARS), unique=True)
    role: Mapped[Role] = mapped_column(enum_column(Role, name="role"))
    password_hash: Mapped[str | None] = mapped_column(String(255))
    zone: Mapped[str] = mapped_column(String(ZONE_MAX_CHARS), default="UTC")
    rollover_hour: Mapped[int] = mapped_column(default=DEFAULT_ROLLOVER_HOUR)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SignIn(Base):
    """A sign-in, kept by the server so that it can be ended here; the cookie carries only its token."""

    __tablename__ = "sign_in"

    token_hash: Mapped[str] = mapped_column(String(TOKEN_HASH_CHARS), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)


class SignInLink(Base):
    """A link that signs its user in once."""

    __tablename__ = "sign_in_link"

    token_hash: Mapped[str] = mapped_column(String(TOKEN_HASH_CHARS), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)
