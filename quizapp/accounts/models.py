"""The tables of people, their sign-ins, links, second factors and identities at a provider, and failures to sign in."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quizapp.addresses import ISSUER_MAX_CHARS
from quizapp.column_types import UtcDateTime, enum_column
from quizapp.db import Base

NAME_MAX_CHARS = 80
ZONE_MAX_CHARS = 64  # the longest IANA name has 32
DEVICE_MAX_CHARS = 40  # a program's and a system's name
TOKEN_HASH_CHARS = 64  # SHA-256 in hex
UNKNOWN_DEVICE = "A browser that does not say what it is"
SECRET_CHARS = 32  # of base32: 160 bits, as RFC 4226 recommends
SIGN_IN_KEY_CHARS = 16  # of that hash: enough to tell one person's sign-ins apart
SUBJECT_MAX_CHARS = 255  # OpenID Connect Core 1.0, section 2
DEFAULT_LEECH_THRESHOLD = 8  # Anki's default
LEECH_THRESHOLD_MAX = 99  # Anki's largest
DEFAULT_ROLLOVER_HOUR = 4  # Anki's default: the hour of the night at which the next study day begins
DEFAULT_RETENTION = 0.90  # Anki's default; with it, a card's interval equals its stability
RETENTION_MIN, RETENTION_MAX = 0.70, 0.99  # Anki's range: below it is much relearning, above it are reviews every day


USUAL_SHARE = 100  # percent of the cards of a usual day
DEFAULT_NEW_PER_DAY = 20  # Anki's default; in the long run it makes about 150 reviews a day
PER_DAY_MAX = 9_999  # as in Anki; nobody reviews more


class Role(StrEnum):
    """What a person may do. Each role also has the rights of the roles before it."""

    LEARNER = "learner"
    EDITOR = "editor"
    OWNER = "owner"

    def may_act_as(self, other: "Role") -> bool:
        """Whether this role has every right that `other` has."""
        ranks = list(Role)
        return ranks.index(self) >= ranks.index(other)


class LeechAction(StrEnum):
    """What becomes of a card that has become a leech. It is marked either way."""

    MARK = "mark"
    SUSPEND = "suspend"


class NewOrder(StrEnum):
    """Where new cards come among those that are due."""

    MIXED = "mixed"
    AFTER = "after"
    BEFORE = "before"


class ReviewOrder(StrEnum):
    """In which order cards come that are due."""

    DUE = "due"  # the longest due first
    LEAST_RECALL = "least-recall"
    MOST_RECALL = "most-recall"
    RANDOM = "random"  # the same on the whole study day, another one on the next
    CONCEPTS = "concepts"  # of the concept first that was asked longest ago


class User(Base):
    """A person with an account."""

    __tablename__ = "user_account"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    name: Mapped[str] = mapped_column(String(NAME_MAX_CHARS), unique=True)
    role: Mapped[Role] = mapped_column(enum_column(Role, name="role"))
    password_hash: Mapped[str | None] = mapped_column(String(255))
    """Argon2id; None if the account has no password and is entered by links only."""
    is_limited: Mapped[bool] = mapped_column(default=False)
    """Whether an editor may change only what is named for them (`catalogue.remits`); never of an owner or learner."""
    deactivated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when nobody can sign in to it; None while somebody can."""
    zone: Mapped[str] = mapped_column(String(ZONE_MAX_CHARS), default="UTC")
    """The IANA name of the time zone in which the person's study days run."""
    rollover_hour: Mapped[int] = mapped_column(default=DEFAULT_ROLLOVER_HOUR)
    """The hour, 0 to 23 in `zone`, at which a study day begins."""
    desired_retention: Mapped[float] = mapped_column(default=DEFAULT_RETENTION)
    """The chance of recall, RETENTION_MIN to RETENTION_MAX, at which a card is due; for intervals from now on."""
    new_per_day: Mapped[int] = mapped_column(default=DEFAULT_NEW_PER_DAY)
    """The new cards that the person begins on a study day, at most."""
    reviews_per_day: Mapped[int | None]
    """The cards that come back on a study day, at most; None: all that are due."""
    interview_day: Mapped[int | None]
    """The study day of the person's interview, as `study_day.StudyDay`; None without one. May be past."""
    interview_minutes: Mapped[int | None]
    """The minutes that the person learns on each study day until then; None without an interview."""
    new_order: Mapped[NewOrder] = mapped_column(enum_column(NewOrder, name="new_order"), default=NewOrder.MIXED)
    """Where new cards come among those that are due."""
    review_order: Mapped[ReviewOrder] = mapped_column(
        enum_column(ReviewOrder, name="review_order"), default=ReviewOrder.DUE
    )
    """In which order those come."""
    is_balanced: Mapped[bool] = mapped_column(default=True)
    """Whether cards come back a little sooner or later than FSRS says, so that no day has much more than another."""
    easy_days: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))
    """The share of cards that each weekday gets, Monday first, 0 to 100 percent; None: all alike."""
    bury_siblings: Mapped[bool] = mapped_column(default=True)
    """Whether a card's siblings, those of the same concept, wait until the next study day once it was rated."""
    two_ratings: Mapped[bool] = mapped_column(default=False)
    """Whether only Again and Good are offered."""
    weights_number: Mapped[int] = mapped_column(default=0)
    """The number of the person's fitted weights that are in force, as the room `review` has them; 0: the defaults."""
    leech_threshold: Mapped[int] = mapped_column(default=DEFAULT_LEECH_THRESHOLD)
    """The lapses with which a card is a leech, and again after each further half of it; 0: no card ever is one."""
    leech_action: Mapped[LeechAction] = mapped_column(
        enum_column(LeechAction, name="leech_action"), default=LeechAction.MARK
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @property
    def is_editor(self) -> bool:
        """Whether the person may do what editors may."""
        return self.role.may_act_as(Role.EDITOR)


class SignIn(Base):
    """A sign-in, stored so that the server can end it. The cookie has only its token."""

    __tablename__ = "sign_in"

    token_hash: Mapped[str] = mapped_column(String(TOKEN_HASH_CHARS), primary_key=True)
    """SHA-256 of the token, in hex; the token itself is not stored."""
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it was ended before `expires_at`, by signing out or by a new password; None if it was not."""
    device: Mapped[str] = mapped_column(String(DEVICE_MAX_CHARS), default="")
    """What signed in, such as "Firefox on Linux"; empty if it did not say."""
    by_link: Mapped[bool] = mapped_column(default=False)
    """Whether a one-use link began it: for a while after that, a new password needs no old one."""
    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)

    @property
    def shown(self) -> str:
        """What signed in, in words."""
        return self.device or UNKNOWN_DEVICE

    @property
    def key(self) -> str:
        """What it is called in an address; opens nothing."""
        return self.token_hash[:SIGN_IN_KEY_CHARS]


class SignInLink(Base):
    """A link that signs its user in once, until `expires_at`."""

    __tablename__ = "sign_in_link"

    token_hash: Mapped[str] = mapped_column(String(TOKEN_HASH_CHARS), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When somebody signed in with it; None if nobody has."""
    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)


class ProviderIdentity(Base):
    """Who somebody is at an OpenID provider, with whose word they may sign in to an account."""

    __tablename__ = "provider_identity"
    __table_args__ = (UniqueConstraint("user_id", "issuer"),)

    issuer: Mapped[str] = mapped_column(String(ISSUER_MAX_CHARS), primary_key=True)
    subject: Mapped[str] = mapped_column(String(SUBJECT_MAX_CHARS), primary_key=True)
    """What the issuer calls the person for good; only both together say who it is."""
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    shown_as: Mapped[str] = mapped_column(String(SUBJECT_MAX_CHARS))
    """What the issuer called the person last, for people to read."""
    given_role: Mapped[Role | None] = mapped_column(enum_column(Role, name="given_role"))
    """The role that the issuer's claim has given the account, and that it takes again; None if it has given none."""
    linked_at: Mapped[datetime] = mapped_column(UtcDateTime)


class FailedSignIns(Base):
    """How often a password was wrong for a name or from an address; see accounts.guessing, which makes the keys."""

    __tablename__ = "failed_sign_ins"

    key: Mapped[str] = mapped_column(String(TOKEN_HASH_CHARS), primary_key=True)
    """A hash with the secret key, since people type passwords where their name goes."""
    count: Mapped[int]
    until: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    """When all of it is forgotten."""


class SecondFactor(Base):
    """What an account's authenticator app and the product share, with which both make the codes of each moment."""

    __tablename__ = "second_factor"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    secret: Mapped[str] = mapped_column(String(SECRET_CHARS))
    """In base32; the product has to know it itself, so it cannot be a hash."""
    last_step: Mapped[int]
    """The step of time whose code was used last: each is used once."""


class RecoveryCode(Base):
    """A code that takes the place of the app's, once."""

    __tablename__ = "recovery_code"

    code_hash: Mapped[str] = mapped_column(String(TOKEN_HASH_CHARS), primary_key=True)
    """SHA-256 of it, in hex, which is enough for 120 random bits."""
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)


class KeyPrint(Base):
    """What tells the secret key of this installation from any other, in one row; see accounts.same_key."""

    __tablename__ = "key_print"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    said: Mapped[str] = mapped_column(String(TOKEN_HASH_CHARS))
    """A hash with the key."""
