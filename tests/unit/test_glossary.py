"""One word for one thing: the glossary and the code's class names agree."""

import ast
import re
from collections import Counter
from functools import cache

from quizapp.settings import ROOT

PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
TABLE = PAGE.partition("\n## Words\n")[2].partition("\n## ")[0]
ROWS = re.findall(r"^\| ([^|]+) \| ([^|]+) \| (`[^|]+`) \|$", TABLE, re.MULTILINE)
NAMED = re.findall(r"`(\w+)`", " ".join(classes for _, _, classes in ROWS))
# Words that had two meanings each; what they meant has a name of its own now.
GIVEN_UP = {"desk", "house", "job", "keeper", "look", "part", "roster", "seat", "seats", "try", "tries"}


@cache
def trees() -> dict[str, ast.Module]:
    """Every module of the product, by its path. Parsed in a test, since each process of a run collects this file."""
    paths = sorted((ROOT / "quizapp").rglob("*.py"))
    return {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8")) for path in paths}


@cache
def classes() -> list[tuple[str, ast.ClassDef]]:
    """Every class of the product, with the path of its module."""
    return [(path, node) for path, tree in trees().items() for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]


OF_THE_CLIENT = ("quizapp/sandboxes/client.py", "quizapp/sandboxes/client_errors.py")


def bases(node: ast.ClassDef) -> set[str]:
    return {ast.unparse(base).split("[")[0] for base in node.bases}


def words(name: str) -> set[str]:
    """The words that a name is made of: `NoHostYet` and `no_host_yet` of no, host, yet."""
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)}


def test_no_two_classes_have_one_name() -> None:
    ours = Counter(node.name for _, node in classes() if node.name != "Meta")  # what WTForms calls a form's settings
    assert {name: count for name, count in ours.items() if count > 1} == {}


def test_every_class_of_the_glossary_is_there_and_in_one_row() -> None:
    assert len(ROWS) > 20
    assert set(NAMED) - {node.name for _, node in classes()} == set()
    assert [name for name, count in Counter(NAMED).items() if count > 1] == []


def test_every_table_protocol_and_class_of_the_client_has_a_row() -> None:
    wanted = {node.name for path, node in classes() if bases(node) & {"Base", "Protocol"} or path in OF_THE_CLIENT}
    assert wanted - set(NAMED) == set()


def test_words_with_two_meanings_name_nothing() -> None:
    named = [
        f"{path}: {node.name}"
        for path, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and words(node.name) & GIVEN_UP
    ]
    assert named == []
    assert [path for path in trees() if words(path.rsplit("/", 1)[-1].removesuffix(".py")) & GIVEN_UP] == []
