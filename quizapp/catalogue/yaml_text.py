"""YAML that somebody else wrote, read without surprises: plain values, no aliases, every fault with its line. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from quizapp.errors import Invalid

YAML_MAX_CHARS = 256 * 1024  # twenty times the largest lab; the slowest text of this size takes five seconds to read


class BadYaml(Invalid):
    """A text that is not the YAML wanted; `line` counts from 1."""

    def __init__(self, message: str, *, line: int = 1) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, kw_only=True)
class Document:
    """A mapping and where its parts stand."""

    data: Mapping[str, Any]
    root: MappingNode

    def line_of(self, path: Sequence[str | int]) -> int:
        """The line, from 1, of the value at `path`, or of the deepest part of it that is there."""
        node: Node = self.root
        line = 1
        for step in path:
            found = _child(node, step)
            if found is None:
                break
            line, node = found
        return line


def read_mapping(text: str) -> Document:
    """A mapping of plain values. Raises BadYaml for anything else, aliases and custom tags included."""
    if len(text) > YAML_MAX_CHARS:
        raise BadYaml(f"The YAML has more than {YAML_MAX_CHARS // 1024} KiB. Shorten it.")
    yaml = YAML(typ="safe", pure=True)  # pure: YAML 1.2, in which `no` and `on` are words
    try:
        root = yaml.compose(text)
        if not isinstance(root, MappingNode):
            raise BadYaml("There must be a mapping here: `name: value` lines.")
        _refuse_aliases(root)
        data = yaml.constructor.construct_document(root)
    except MarkedYAMLError as error:
        mark = error.problem_mark
        raise BadYaml(f"This is not valid YAML: {error.problem}.", line=1 if mark is None else mark.line + 1) from None
    except YAMLError:
        raise BadYaml("This is not valid YAML: it holds characters that no text has.") from None
    except RecursionError:
        raise BadYaml("The YAML is nested too deeply.") from None
    except ValueError as error:  # a date such as 2026-13-40
        raise BadYaml(f"The YAML holds a value that cannot be read: {error}.") from None
    return Document(data=data, root=root)


def _refuse_aliases(root: Node) -> None:
    """An alias is the same node met again; a few of them can stand for more than memory holds."""
    seen: set[int] = set()
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            raise BadYaml(
                "YAML aliases (`*name`) are not supported. Write the value out.", line=node.start_mark.line + 1
            )
        seen.add(id(node))
        waiting.extend(_children(node))


def _children(node: Node) -> Iterator[Node]:
    if isinstance(node, MappingNode):
        for key, value in node.value:
            yield key
            yield value
    elif isinstance(node, SequenceNode):
        yield from node.value


def _child(node: Node, step: str | int) -> tuple[int, Node] | None:
    """The line and node of one part of a mapping, by its key, or of a list, by its index."""
    if isinstance(node, MappingNode):
        for key, value in node.value:
            if isinstance(key, ScalarNode) and key.value == str(step):
                return key.start_mark.line + 1, value
    if isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
        child: Node = node.value[step]
        return child.start_mark.line + 1, child
    return None
