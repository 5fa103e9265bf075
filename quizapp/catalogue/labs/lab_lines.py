"""Puts a value into a lab's text, in the lines of that field alone: comments and all else stay byte for byte. Pure."""

import json
from collections.abc import Mapping, Sequence
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.nodes import Node, ScalarNode
from ruamel.yaml.scalarstring import LiteralScalarString

from quizapp.catalogue.labs.lab_format import LabDefinition
from quizapp.catalogue.yaml_text import BadYaml, Document, read_mapping
from quizapp.errors import Invalid

Value = str | int | Sequence[str] | Mapping[str, Any]
WIDTH = 120  # of a line that is written out; longer ones are folded
_FIELDS = tuple(LabDefinition.model_fields)


class NoPlace(Invalid):
    """The text of a lab is written in a way in which one field cannot be changed by itself."""


def with_value(text: str, name: str, value: Value) -> str:
    """The text with another value of a field of the first level; an empty list takes the field out.

    A field that is not there is put where the format has it. Raises BadYaml for a text that cannot be read, and NoPlace
    if nothing but that field could be changed.
    """
    document = read_mapping(text)
    if document.data.get(name, type(_plain(value))()) == _plain(value):
        return text
    nodes = {key.value: (key, node) for key, node in document.root.value if isinstance(key, ScalarNode)}
    if document.root.flow_style:
        raise NoPlace("The text begins with a brace. Write each field on a line of its own.")
    if name not in nodes:
        changed = _put_in(text, document, name, value)
    elif not isinstance(value, Mapping) and _is_on_one_line(*nodes[name]) and "\n" not in (said := _written(value)):
        changed = _replaced(text, nodes[name][1], said)
    else:
        changed = _with_lines(text, document, name, value)
    return _if_only(changed, before=document, name=name, value=value)


def written_out(definition: Mapping[str, Any]) -> str:
    """The text of a definition that came without one."""
    yaml, out = YAML(typ="rt", pure=True), StringIO()
    yaml.width = WIDTH
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.dump(_with_blocks(dict(definition)), out)
    return out.getvalue()


def _with_blocks(data: Any) -> Any:
    """The same data, with texts of several lines as blocks."""
    match data:
        case str() if "\n" in data:
            return LiteralScalarString(data)
        case dict():
            return {name: _with_blocks(each) for name, each in data.items()}
        case list():
            return [_with_blocks(each) for each in data]
    return data


def _is_on_one_line(key: Node, node: Node) -> bool:
    is_block = isinstance(node, ScalarNode) and node.style in ("|", ">")
    return not is_block and bool(key.start_mark.line == node.start_mark.line == node.end_mark.line)


def _replaced(text: str, node: Node, said: str) -> str:
    """The text with another value between the marks of a node: a comment behind it stays."""
    return text[: node.start_mark.index] + said + text[node.end_mark.index :]


def _with_lines(text: str, document: Document, name: str, value: Value) -> str:
    lines = text.splitlines(keepends=True)
    begin, end = _lines_of(lines, document, name)
    return "".join((*lines[:begin], _field(name, value), *lines[end:]))


def _put_in(text: str, document: Document, name: str, value: Value) -> str:
    """The text with a new field, behind the last of those that the format has before it."""
    if not value:
        return text
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    before = [each for each in _FIELDS[: _FIELDS.index(name)] if each in document.data]
    at = _lines_of(lines, document, before[-1])[1] if before else document.root.start_mark.line
    return "".join((*lines[:at], _field(name, value), *lines[at:]))


def _lines_of(lines: Sequence[str], document: Document, name: str) -> tuple[int, int]:
    """From which line, from 0, to before which one a field stands, without blank lines and comments behind it."""
    starts = [key.start_mark.line for key, _ in document.root.value]
    at = next(key.start_mark.line for key, _ in document.root.value if key.value == name)
    end = min((start for start in starts if start > at), default=len(lines))
    while end > at + 1 and (not lines[end - 1].strip() or lines[end - 1].startswith(("#", "..."))):
        end -= 1
    return at, end


def _field(name: str, value: Value) -> str:
    """The lines of a field; none for an empty list."""
    if isinstance(value, Mapping):
        return written_out({name: value})
    if isinstance(value, str | int):
        return f"{name}: {_written(value)}\n"
    if not value:
        return ""
    if all("\n" not in each for each in value) and name in ("concepts", "tags"):
        return f"{name}: {_written(value)}\n"
    return f"{name}:\n" + "".join(f"  - {_scalar(each, indent=4)}\n" for each in value)


def _written(value: str | int | Sequence[str]) -> str:
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return _scalar(value, indent=2)
    return f"[{', '.join(_inline(each, is_listed=True) for each in value)}]"


def _scalar(text: str, *, indent: int) -> str:
    """A text as YAML: in one line, or as a block whose lines are indented so far."""
    if "\n" not in text.strip():
        return _inline(text.strip())
    lines = text.strip("\n").split("\n")
    if lines[0].startswith((" ", "\t")) or not all(each.isprintable() or each == "" for each in lines):
        return json.dumps(text, ensure_ascii=False)
    return "|\n" + "\n".join(f"{' ' * indent}{line}" if line else "" for line in lines)


def _inline(text: str, *, is_listed: bool = False) -> str:
    """A text of one line: plain where YAML reads the same text, else in quotes."""
    if _reads_as(text) == text and not (is_listed and set(text) & set(",[]{}:")):
        return text
    return "'" + text.replace("'", "''") + "'" if text.isprintable() else json.dumps(text, ensure_ascii=False)


def _reads_as(text: str) -> Any:
    try:
        return read_mapping(f"a: {text}").data["a"]
    except BadYaml:
        return None


def _plain(value: Value) -> Any:
    return value if isinstance(value, str | int) else dict(value) if isinstance(value, Mapping) else list(value)


def _if_only(changed: str, *, before: Document, name: str, value: Value) -> str:
    """The changed text, if it reads as before but for that field. Raises NoPlace."""
    try:
        after = dict(read_mapping(changed).data)
    except BadYaml:
        after = {}
    wanted = dict(before.data) | {name: _plain(value)}
    if not _is_same(after.pop(name, []), wanted.pop(name)) or after != wanted:
        raise NoPlace(f"The field {name} is written in a way that only the source can change. Change it there.")
    return changed


def _is_same(read: Any, wanted: Any) -> bool:
    """Whether what is read is what was wanted: the line end of a block does not count."""
    if isinstance(wanted, list):
        return isinstance(read, list) and [str(each).strip() for each in read] == [str(each).strip() for each in wanted]
    return str(read).strip() == str(wanted).strip()
