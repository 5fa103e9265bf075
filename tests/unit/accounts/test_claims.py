"""What claims say: values however a provider writes them, and the highest role among them."""

from typing import Any

import pytest

from quizapp.accounts.openid.claims import RoleClaim, SaidOfPerson, values_of


@pytest.mark.parametrize(
    ("claims", "name", "values"),
    [
        ({"groups": "staff"}, "groups", ["staff"]),
        ({"groups": ["a", 7, None, "", {"b": 1}, "c"]}, "groups", ["a", "c"]),
        ({"realm_access": {"roles": ["a"]}}, "realm_access.roles", ["a"]),  # Keycloak
        ({"urn:zitadel:iam:org:project:roles": {"a": {"1": "x"}}}, "urn:zitadel:iam:org:project:roles", ["a"]),
        ({"https://learn.example/roles": ["a"]}, "https://learn.example/roles", ["a"]),  # Auth0
        ({"is_staff": True}, "is_staff", ["true"]),
        ({"level": 3}, "level", ["3"]),
        ({"a": {"b": "c"}}, "a.b.c", []),
        ({"a": None}, "a", []),
        ({}, "a.b", []),
    ],
)
def test_a_claim_is_read_however_it_is_written(claims: dict[str, Any], name: str, values: list[str]) -> None:
    assert values_of(claims, name) == values


def test_the_highest_role_counts_and_none_is_said_where_the_claim_is_elsewhere() -> None:
    roles = RoleClaim(name="groups", values={"owner": frozenset({"o"}), "editor": frozenset({"e"})})

    def said(claims: dict[str, Any], claim: RoleClaim = roles) -> tuple[str | None, bool]:
        found = SaidOfPerson.of({"sub": "s", **claims}, issuer="i", name_claim="name", role_claim=claim)
        return found.role, found.is_role_said

    assert said({"groups": ["e", "o", "x"]}) == ("owner", True)
    assert said({"groups": ["x"]}) == said({}) == (None, True)
    assert said({"_claim_names": {"groups": "src1"}}) == (None, False)
    assert said({"groups": "o"}, RoleClaim(values={"owner": frozenset({"o"})})) == (None, False)


def test_a_name_is_one_line_that_can_be_seen() -> None:
    none = RoleClaim(values={})
    for claims, name in (
        ({"name": "Ada\n\u202eLovelace\0"}, "Ada Lovelace"),
        ({"name": " ", "email": "ada@example.org"}, "ada@example.org"),
        ({"name": "\0"}, "s-1"),
    ):
        said = SaidOfPerson.of({"sub": "s-1", **claims}, issuer="i", name_claim="nickname", role_claim=none)
        assert said.name == said.shown_as == name
