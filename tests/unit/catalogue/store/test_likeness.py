"""Which change of a question is an edit, and which may put another fact in its place."""

import pytest

from quizapp.catalogue.store.likeness import Fact, Likeness, compare

EDITS = [
    ("What is a brigde?", "A switch in software", "What is a bridge?", "A switch in software"),
    ("Who gives it an address on a bridge?", "The engine.", "Who assigns it an address on a bridge?", "The engine."),
    ("How many ends has a veth pair?", "Two.", "How many ends has a veth pair?", "Two ends."),
    (
        "What is etcd?",
        "A key-value store.",
        "What is etcd?",
        "A consistent, distributed key-value store for a cluster.",
    ),
    ("What is etcd?", "", "What is etcd?", "A key-value store."),
    ("What is etcd?", "A key-value store.", "What is etcd?", ""),
    ("Which port does Postgres use?", "5432", "Which port does PostgreSQL use?", "5432"),
    ("Which driver is the default?", "overlay2", "Which driver is the default today?", "overlay2"),
    ("How big is the subnet of docker0?", "/16", "How large is the subnet of docker0?", "/16"),
    ("Can bridges talk?", "Not by default: rules drop it", "Can bridges talk?", "Not by default: the rules drop it."),
]
DOUBTS = [
    ("Which port does PostgreSQL use?", "5432", "Which port does MySQL use?", "3306"),
    ("Which port does MySQL use?", "3306", "Which port does MariaDB use?", "3306"),
    ("What does `docker rm -v` do?", "It removes volumes.", "What does `docker rm -f` do?", "It kills it first."),
    ("How is it removed?", "`docker rm -v`", "How is it removed?", "`docker rm -f`"),
    ("What does -P publish?", "Every exposed port", "What does -p publish?", "The port that is named"),
    ("How many ends has a veth pair?", "Two.", "How many ends has a veth pair?", "Three."),
    ("Which flag removes volumes?", "-v", "Which flag does not remove volumes?", "-v"),
    ("Does UDP resend lost packets?", "No.", "Does UDP sort lost packets?", "No."),
    ("Which traffic is internal here?", "That of the bridge", "Which traffic is external here?", "That of the uplink"),
]
OTHERS = [
    ("What is a pod?", "The smallest unit", "What is a node?", "A machine"),
    ("What does a firewall drop?", "Packets that no rule accepts", "Which does a kernel swap?", "Pages"),
]


def likeness(row: tuple[str, str, str, str]) -> Likeness:
    return compare(Fact(prompt=row[0], answer=row[1]), Fact(prompt=row[2], answer=row[3]))


@pytest.mark.parametrize("row", EDITS, ids=lambda row: f"{row[2]} {row[3]}")
def test_an_edit_stays_the_same_question(row: tuple[str, str, str, str]) -> None:
    assert likeness(row) is Likeness.REWORDED


@pytest.mark.parametrize("row", DOUBTS, ids=lambda row: f"{row[2]} {row[3]}")
def test_what_may_be_another_fact_is_doubtful(row: tuple[str, str, str, str]) -> None:
    assert likeness(row) is Likeness.DOUBTFUL
    back = (row[2], row[3], row[0], row[1])
    assert likeness(back) is Likeness.DOUBTFUL


@pytest.mark.parametrize("row", OTHERS, ids=lambda row: row[2])
def test_the_same_form_is_not_the_same_question(row: tuple[str, str, str, str]) -> None:
    assert likeness(row) is Likeness.OTHER


@pytest.mark.parametrize("text", ["What is  a *bridge*?", "what is a bridge", "**What is a bridge:**"])
def test_spelling_is_no_change(text: str) -> None:
    assert likeness(("What is a bridge?", "x", text, "x")) is Likeness.SAME


def test_capitals_in_code_are_a_change() -> None:
    assert likeness(("What does `-P` do?", "x y z", "What does `-p` do?", "x y z")) is Likeness.DOUBTFUL
