"""Reads YAML of any origin: plain values only, no aliases, every fault with its line. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, StringMark, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.scanner import Scanner

from quizapp.errors import Invalid

YAML_MAX_CHARS = 256 * 1024  # 20 times the largest lab
TOKENS_MAX = 10_000  # names, values and signs: twenty times those of the largest lab; reading takes time for each
BRACKETS_MAX = 50  # in one another: the time goes with their square


class BadYaml(Invalid):
    """A text that is no YAML mapping of plain values; `line` and `column` count from 1."""

    def __init__(self, message: str, *, line: int = 1, column: int = 1) -> None:
        super().__init__(message)
        self.line = line
        self.column = column


class BoundedScanner(Scanner):
    """Cuts YAML into tokens. Raises BadYaml at the first beyond TOKENS_MAX, and at brackets beyond BRACKETS_MAX."""

    def __init__(self, loader: Any = None) -> None:
        super().__init__(loader)
        self._fetched = 0

    def fetch_more_tokens(self) -> Any:
        """Fetch at least one token, as the parser asks for it."""
        self._fetched += 1
        if self._fetched > TOKENS_MAX:
            raise self._bad(f"The YAML has more than {TOKENS_MAX:,} names, values and signs. Shorten it.")
        if self.flow_level > BRACKETS_MAX:
            raise self._bad(f"The YAML is nested too deeply: brackets in more than {BRACKETS_MAX} others.")
        return super().fetch_more_tokens()

    def _bad(self, message: str) -> BadYaml:
        line, column = _place(self.reader.get_mark())
        return BadYaml(message, line=line, column=column)


@dataclass(frozen=True, kw_only=True)
class Document:
    """A mapping, with the places of its parts in the text."""

    data: Mapping[str, Any]
    root: MappingNode
    """The parsed text with a place for each part."""

    def place_of(self, path: Sequence[str | int]) -> tuple[int, int]:
        """Line and column, from 1, of the part at `path` (of its key), or of the deepest part of `path` that exists."""
        node: Node = self.root
        place = (1, 1)
        for step in path:
            found = _child(node, step)
            if found is None:
                break
            place, node = found
        return place


def read_mapping(text: str) -> Document:
    """A mapping of plain values. Raises BadYaml for anything else, aliases and custom tags included."""
    if len(text) > YAML_MAX_CHARS:
        raise BadYaml(f"The YAML has more than {YAML_MAX_CHARS // 1024} KiB. Shorten it.")
    yaml = YAML(typ="safe", pure=True)  # pure: YAML 1.2, in which `no` and `on` are texts
    yaml.Scanner = BoundedScanner
    try:
        root = yaml.compose(text)
        if not isinstance(root, MappingNode):
            raise BadYaml("There must be a mapping here: `name: value` lines.")
        _refuse_aliases(root)
        data = yaml.constructor.construct_document(root)
    except MarkedYAMLError as error:
        line, column = (1, 1) if error.problem_mark is None else _place(error.problem_mark)
        raise BadYaml(f"This is not valid YAML: {error.problem}.", line=line, column=column) from None
    except YAMLError:
        raise BadYaml("This is not valid YAML: it holds characters that no text has.") from None
    except RecursionError:
        raise BadYaml("The YAML is nested too deeply.") from None
    except ValueError as error:  # a date such as 2026-13-40
        raise BadYaml(f"The YAML holds a value that cannot be read: {error}.") from None
    return Document(data=data, root=root)


def _refuse_aliases(root: Node) -> None:
    """Raise BadYaml for an alias: a few aliases of aliases can stand for more data than memory holds."""
    seen: set[int] = set()
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            line, column = _place(node.start_mark)
            message = "YAML aliases (`*name`) are not supported. Write the value out."
            raise BadYaml(message, line=line, column=column)
        seen.add(id(node))
        waiting.extend(_children(node))


def _children(node: Node) -> Iterator[Node]:
    if isinstance(node, MappingNode):
        for key, value in node.value:
            yield key
            yield value
    elif isinstance(node, SequenceNode):
        yield from node.value


def _child(node: Node, step: str | int) -> tuple[tuple[int, int], Node] | None:
    """The place and node of one part of a mapping, by its key, or of a list, by its index."""
    if isinstance(node, MappingNode):
        for key, value in node.value:
            if isinstance(key, ScalarNode) and key.value == str(step):
                return _place(key.start_mark), value
    if isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
        child: Node = node.value[step]
        return _place(child.start_mark), child
    return None


def _place(mark: StringMark) -> tuple[int, int]:
    """Line and column of a mark, from 1."""
    return mark.line + 1, mark.column + 1
