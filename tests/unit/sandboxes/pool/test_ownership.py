"""Signed labels: what is signed is read back, and nothing else is."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from quizapp.sandboxes.pool.ownership import INSTANCE, PREFIX, Ownership, Signer

SIGNER = Signer(b"one key")
CLAIM = Ownership(id="abc", owner="ada", template="userns", ends_at=datetime(2026, 1, 1, 13, tzinfo=UTC))
NAME = SIGNER.name("ada")


def test_what_was_signed_is_read_back() -> None:
    assert SIGNER.read(NAME, SIGNER.sign(CLAIM)) == CLAIM


def test_labels_of_others_beside_it_do_not_matter() -> None:
    assert SIGNER.read(NAME, SIGNER.sign(CLAIM) | {"maintainer": "somebody"}) == CLAIM


@pytest.mark.parametrize("field", ["id", "owner", "template", "ends_at", "instance", "signature"])
@pytest.mark.parametrize("value", ["", "x", "1767272401", None])
def test_one_changed_label_is_a_forgery(field: str, value: str | None) -> None:
    labels = SIGNER.sign(CLAIM)
    key = f"{PREFIX}.{field}"
    if value is None:
        del labels[key]
    else:
        labels[key] = value
    assert SIGNER.read(NAME, labels) is None


def test_copied_labels_are_worth_nothing_under_another_name() -> None:
    assert SIGNER.read("copy", SIGNER.sign(CLAIM)) is None
    assert SIGNER.read(SIGNER.name("bob"), SIGNER.sign(CLAIM)) is None


def test_bare_labels_and_none_at_all() -> None:
    assert SIGNER.read(NAME, {INSTANCE: SIGNER.instance}) is None
    assert SIGNER.read(NAME, {}) is None


def test_text_cannot_move_from_one_field_to_the_next() -> None:
    shifted = SIGNER.sign(replace(CLAIM, id="abca", owner="da"))
    assert shifted[f"{PREFIX}.signature"] != SIGNER.sign(CLAIM)[f"{PREFIX}.signature"]


def test_another_key_is_another_installation() -> None:
    other = Signer(b"another key")
    assert other.instance != SIGNER.instance
    assert other.name("ada") != NAME
    assert other.read(NAME, SIGNER.sign(CLAIM)) is None


@pytest.mark.parametrize("owner", ["ada", "Ada Lovelace; rm -rf /", "ünï\U0001f40b-", "warm", "x" * 100])
def test_a_name_is_one_that_an_engine_takes(owner: str) -> None:
    assert re.fullmatch(rf"quizapp-{SIGNER.instance}-[a-z0-9-]+", SIGNER.name(owner))


@pytest.mark.parametrize("owner", ["ada", "Ada Lovelace; rm -rf /", "ünï\U0001f40b-", "warm", "x" * 100])
def test_a_warm_one_belongs_to_whom_its_name_says(owner: str) -> None:
    warm = replace(CLAIM, owner=None)
    labels = SIGNER.sign(warm)
    assert SIGNER.read(SIGNER.name_of(warm), labels) == warm
    assert SIGNER.read(SIGNER.name(owner), labels) == replace(warm, owner=owner)


@pytest.mark.parametrize("name", ["", "warm", "quizapp-warm-other", "quizapp-" + SIGNER.instance + "-0000-mfsgc"])
def test_a_warm_one_of_another_name_is_nobodys(name: str) -> None:
    assert SIGNER.read(name, SIGNER.sign(replace(CLAIM, owner=None))) is None


def test_an_owners_labels_do_not_follow_a_name() -> None:
    assert SIGNER.read(SIGNER.name("bob"), SIGNER.sign(replace(CLAIM, owner="ada"))) is None
