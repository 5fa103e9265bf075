"""The format of a lab file as an editor completes it: its fields, what each is for, and the words that it may be.

Read from the models of the format, so that there is one format. Knows no text of a lab.
"""

import ast
import inspect
from collections.abc import Collection, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cache
from types import ModuleType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from quizapp.catalogue.labs import lab_format, lab_parts, lab_words
from quizapp.catalogue.labs.lab_format import LabDefinition

Schema = Mapping[str, Mapping[str, Mapping[str, Any]]]
"""Of each part its fields by name: `about`, and where it applies the `values` that the field may have, the `part` that
it holds, and `named`, if it holds such parts under names of the author's own."""


@cache
def schema() -> Schema:
    """The fields of every part, by the name of the part; the whole file is `LabDefinition`."""
    said = {**_docs(lab_parts), **_docs(lab_format), **_docs(lab_words)}
    found: dict[str, Mapping[str, Mapping[str, Any]]] = {}
    waiting: list[type[BaseModel]] = [LabDefinition]
    while waiting:
        part = waiting.pop()
        if part.__name__ in found:
            continue
        fields = {info.alias or name: _field(part, name, info, said) for name, info in part.model_fields.items()}
        found[part.__name__] = fields
        waiting += [one for info in part.model_fields.values() for one in _parts(info.annotation)]
    return found


def fields_at(path: Sequence[str | int]) -> Collection[str]:
    """The names of the fields that the part at `path` of a lab may have."""
    part, is_name = LabDefinition.__name__, False
    for step in path:
        if isinstance(step, int) or is_name:
            is_name = False
            continue
        field = schema()[part].get(step, {})  # nothing for what pydantic calls one of several types
        part, is_name = field.get("part", part), field.get("named", False)
    return schema()[part].keys()


def _field(part: type[BaseModel], name: str, info: FieldInfo, said: Mapping[tuple[str, str], str]) -> dict[str, Any]:
    about = next((said[owner.__name__, name] for owner in part.__mro__ if (owner.__name__, name) in said), "")
    parts, values = [*_parts(info.annotation)], [*_values(info.annotation)]
    field: dict[str, Any] = {"about": about or (said.get((parts[0].__name__, ""), "") if parts else "")}
    if values:
        field["values"] = values
    if parts:
        field["part"] = parts[0].__name__
        if get_origin(info.annotation) is dict:
            field["named"] = True
    return field


def _parts(kind: Any) -> Iterator[type[BaseModel]]:
    """The parts that a field of this type holds."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind
    for inner in _inner(kind):
        yield from _parts(inner)


def _values(kind: Any) -> Iterator[str]:
    """The words that a field of this type may be."""
    if kind is bool:
        yield from ("true", "false")
    elif isinstance(kind, type) and issubclass(kind, StrEnum):
        yield from (each.value for each in kind)
    for inner in _inner(kind):
        yield from _values(inner)


def _inner(kind: Any) -> tuple[Any, ...]:
    """The types that a type is made of."""
    if get_origin(kind) is Annotated:
        return get_args(kind)[:1]
    if get_origin(kind) in (Union, UnionType, tuple, list, dict):
        return tuple(each for each in get_args(kind) if each not in (Ellipsis, type(None)))
    return ()


def _docs(module: ModuleType) -> dict[tuple[str, str], str]:
    """What the classes of a module say of themselves, under an empty name, and of their fields, in a line each."""
    found: dict[tuple[str, str], str] = {}
    for node in ast.parse(inspect.getsource(module)).body:
        if not isinstance(node, ast.ClassDef):
            continue
        found[node.name, ""] = _first_line(ast.get_docstring(node))
        for field, text in zip(node.body, node.body[1:], strict=False):
            if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and isinstance(text, ast.Expr):
                said = text.value.value if isinstance(text.value, ast.Constant) else ""
                found[node.name, field.target.id] = _first_line(str(said))
    return found


def _first_line(text: str | None) -> str:
    return " ".join((text or "").partition("\n\n")[0].split())
