"""What a provider's claims say of a person: who it is, what to call them, which role they have. Pure.

A claim may be written in many ways. Values are a text, a list of texts, or an object whose keys they are; a claim
stands by its name, or within objects, as `realm_access.roles`. Names with dots of their own are looked for first.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Self

OpenidRole = Literal["owner", "editor", "learner"]  # the values of accounts.models.Role, which this may not import
OPENID_ROLES: tuple[OpenidRole, ...] = ("owner", "editor", "learner")  # the highest first
SUBJECT_MAX_CHARS = 255  # OpenID Connect Core 1.0, section 2: ASCII characters
NAMES_AFTER = ("name", "email", "nickname")  # what names an account where the claim that should is missing
VALUES_MAX = 10_000  # of one claim; directories put people into hundreds of groups


@dataclass(frozen=True, kw_only=True)
class RoleClaim:
    """Which values of which claim make which role."""

    name: str = ""
    """The claim; empty: no claim says roles."""
    values: Mapping[OpenidRole, frozenset[str]]
    """By role; a role without values is made by none."""

    @property
    def is_strict(self) -> bool:
        """Whether nobody may enter without a value of some role."""
        return bool(self.values.get("learner"))


@dataclass(frozen=True, kw_only=True)
class SaidOfPerson:
    """Who somebody is, as a provider says it."""

    issuer: str
    subject: str
    """With the issuer, the person's identity. Never their e-mail address, which may be given to another person."""
    shown_as: str
    """What the provider calls the person; may change, and says nothing about who it is."""
    name: str
    """What to call a new account."""
    role: OpenidRole | None
    """The highest role that the claim says; None if it says none."""
    is_role_said: bool
    """Whether the claim could be read at all; without it the role says nothing."""

    @classmethod
    def of(cls, claims: Mapping[str, Any], *, issuer: str, name_claim: str, role_claim: RoleClaim) -> Self:
        """Read the claims of an ID token that has been checked, with those of the userinfo."""
        names = [text for name in (name_claim, *NAMES_AFTER) for text in values_of(claims, name)]
        shown = _tidy((names or [claims["sub"]])[0]) or claims["sub"]
        said = frozenset(values_of(claims, role_claim.name)) if role_claim.name else frozenset()
        role = next((one for one in OPENID_ROLES if said & role_claim.values.get(one, frozenset())), None)
        return cls(
            issuer=issuer,
            subject=claims["sub"],
            shown_as=shown[:SUBJECT_MAX_CHARS],
            name=shown,
            role=role,
            is_role_said=bool(role_claim.name) and not is_elsewhere(claims, role_claim.name),
        )


def _tidy(text: str) -> str:
    """The text on one line, without what cannot be seen: some of that no database takes, and some hides other text."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def values_of(claims: Mapping[str, Any], name: str) -> list[str]:
    """The values of a claim as texts, in their order; none if it is not there or is nothing that has texts."""
    found = claims.get(name)
    if found is None and "." in name:
        found = claims
        for part in name.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
    if isinstance(found, str | int | float):  # a truth value is a number, and says `true` as JSON does
        found = [str(found).lower() if isinstance(found, bool) else str(found)]
    if not isinstance(found, list | Mapping):
        return []
    return [one for one in list(found)[:VALUES_MAX] if isinstance(one, str) and one.strip()]


def is_there(claims: Mapping[str, Any], name: str) -> bool:
    """Whether a claim is there, with values or without."""
    return name in claims or bool(values_of(claims, name))


def is_elsewhere(claims: Mapping[str, Any], name: str) -> bool:
    """Whether a claim is named, but to be fetched somewhere else (OpenID Connect Core 1.0, section 5.6.2).

    Microsoft Entra ID does so for the groups of somebody who is in more than 200: that is no claim that was lost.
    """
    named = claims.get("_claim_names")
    return isinstance(named, Mapping) and name in named and name not in claims
