"""Words of checks in lab files: which are taken, and what is said of the others."""

from typing import Any

import pytest
from pydantic import ValidationError

from quizapp.catalogue.labs.lab_format import Check, substitute


def check(**given: Any) -> Check:
    return Check.model_validate({"name": "it", "hint": "No.", **given})


def refused(**given: Any) -> str:
    with pytest.raises(ValidationError) as error:
        check(**given)
    return str(error.value)


def test_one_name_is_as_good_as_a_list_of_it() -> None:
    assert check(same_container="app") == check(same_container={"containers": ["app"]})


def test_a_check_is_one_condition() -> None:
    assert "has neither" in refused()
    assert "has run and runs" in refused(run="true", expect={"exit": 0}, runs="app")
    assert "has runs and cut_off" in refused(runs="app", cut_off="app")


def test_a_command_needs_what_to_expect() -> None:
    assert "run and expect go together" in refused(run="true")
    assert "run and expect go together" in refused(runs="app", expect={"exit": 0})


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"answered_by": {"container": "db", "from": "app", "to": "db"}}, "String should match pattern"),
        ({"answered_by": {"container": "db", "from": "app"}}, "Field required"),
        ({"answered_by": {"container": "db", "from": "app", "to": "db:1", "contains": "x"}}, "say which status"),
        ({"published": {"container": "web"}}, "needs a port, a port_inside or both"),
        ({"published": {"container": "web", "port": 80, "from": "second"}}, "Input should be 'host' or 'neighbour'"),
        ({"closed_everywhere": {}}, "needs a container, a port_inside or both"),
        ({"same_container": {"containers": []}}, "at least 1 item"),
        ({"pinged": {"from": "app", "to": "a.b", "target": "router", "twice": 1}}, "Extra inputs are not permitted"),
        ({"runs": "app; reboot"}, "String should match pattern"),
    ],
)
def test_a_word_with_wrong_fields_is_refused(given: dict[str, Any], why: str) -> None:
    assert why in refused(**given)


def test_values_are_put_in_for_variables_of_a_word() -> None:
    written = check(
        answered_by={"container": "db", "from": "app", "to": "127.0.0.1:${PORT}+1", "port_inside": "${PORT}"}
    )
    filled = Check.model_validate(substitute(written.model_dump(mode="json"), {"PORT": "8100"}))
    asked = filled.words["answered_by"].asked()
    assert (asked["to"], asked["port"], asked["port_inside"]) == ("127.0.0.1", 8101, 8100)


def test_an_ipv6_address_stands_in_brackets() -> None:
    asked = check(answered_by={"container": "db", "from": "host", "to": "[::1]:80"}).words["answered_by"].asked()
    assert (asked["to"], asked["port"]) == ("::1", 80)


def test_a_check_that_is_a_command_is_stored_as_it_was_before_there_were_words() -> None:
    stored = check(run="true", expect={"exit": 0}).model_dump(mode="json")
    assert list(stored) == ["name", "run", "expect", "hint"]
