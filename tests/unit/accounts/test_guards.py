"""Where a sign-in may lead: only to paths of this site."""

import pytest

from quizapp.accounts.guards import path_below
from quizapp.accounts.models import Role


@pytest.mark.parametrize("target", ["/", "/review", "/notes/docker?x=1#part", "/a//b"])
def test_a_path_of_this_site_is_kept(target: str) -> None:
    assert path_below("/", target) == target
    assert path_below("/quiz/", f"/quiz{target}") == f"/quiz{target}"


@pytest.mark.parametrize(
    "target",
    [
        None,
        "",
        "https://evil.example",
        "http:///evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\/evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "javascript:alert(1)",
        "review",
        " /review",
        "/notes\\..\\x",
    ],
)
def test_anything_else_leads_home(target: str | None) -> None:
    assert path_below("/", target) == "/"
    assert path_below("/quiz/", target) == "/quiz/"


@pytest.mark.parametrize("target", ["/", "/notes", "/quizzes/1", "/quiz"])
def test_a_path_of_another_site_on_the_host_leads_home(target: str) -> None:
    assert path_below("/quiz/", target) == "/quiz/"


def test_each_role_may_act_as_the_ones_below_it() -> None:
    allowed = {(one, other) for one in Role for other in Role if one.may_act_as(other)}
    assert allowed == {
        (Role.LEARNER, Role.LEARNER),
        (Role.EDITOR, Role.LEARNER),
        (Role.EDITOR, Role.EDITOR),
        (Role.OWNER, Role.LEARNER),
        (Role.OWNER, Role.EDITOR),
        (Role.OWNER, Role.OWNER),
    }
