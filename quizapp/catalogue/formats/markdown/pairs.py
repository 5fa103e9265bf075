"""Questions written in other ways than bold list items: `Q:`/`A:` paragraphs and headings that ask. Pure."""

import re
from collections.abc import Sequence

from markdown_it.tree import SyntaxTreeNode

from quizapp.catalogue.formats.markdown.items import Source, real_answer
from quizapp.catalogue.formats.markdown.labels import take_id
from quizapp.catalogue.formats.parsed import ParsedQuestion

_PAIR = re.compile(r"^\**Q\s?\d*[:.]\**\s*(?P<q>.+?)(?:\n\**A\s?\d*[:.]\**\s*(?P<a>.+))?$", re.DOTALL)
_ANSWER = re.compile(r"^\**A(?:nswer)?\s?\d*[:.]\**\s*", re.IGNORECASE)
_HEADED = re.compile(r"^(?:(?:Q\s?\d*|\d{1,3})\s*[:.)]\s*)?(?P<q>.+\?)$|^Q\s?\d*\s*[:.)]\s*(?P<plain>.+)$")


def paragraph_questions(nodes: Sequence[SyntaxTreeNode], source: Source) -> tuple[list[ParsedQuestion], set[int]]:
    """`Q: …` paragraphs, their `A: …` on the next line or in the next paragraph; and the lines they stand in."""
    found: list[ParsedQuestion] = []
    lines: set[int] = set()
    for index, node in enumerate(nodes):
        match = _PAIR.match(_content(node)) if node.type == "paragraph" else None
        if match is None or node.map is None:
            continue
        lines |= set(range(*node.map))
        answer = match["a"] or ""
        following = nodes[index + 1] if index + 1 < len(nodes) else None
        if not answer and following is not None and _ANSWER.match(_content(following)) and following.map is not None:
            answer = _ANSWER.sub("", _content(following))
            lines |= set(range(*following.map))
        found.append(_question(match["q"], answer, node.map[0] + 1, source))
    return found, lines


def heading_questions(
    title: str, line: int, nodes: Sequence[SyntaxTreeNode], source: Source
) -> tuple[list[ParsedQuestion], set[int]]:
    """Headings that ask, of the section itself or below it, answered by what follows them; and the lines they cover."""
    found: list[ParsedQuestion] = []
    lines: set[int] = set()
    asked: str | None = _asked(title)
    asked_line = line
    answer: list[SyntaxTreeNode] = []
    for node in [*nodes, None]:
        if node is None or node.type == "heading":
            if asked is not None and (answer or asked_line != line):
                found.append(_question(asked, source.markdown(answer, drop=set()), asked_line, source))
                lines |= {number for one in answer if one.map is not None for number in range(*one.map)}
            if node is not None and node.map is not None:
                asked, asked_line, answer = _asked(_content(node)), node.map[0] + 1, []
                lines |= set(range(*node.map)) if asked is not None else set()
        else:
            answer.append(node)
    return found, lines


def _asked(heading: str) -> str | None:
    match = _HEADED.match(heading.strip())
    return (match["q"] or match["plain"]) if match is not None else None


def _question(prompt: str, answer: str, line: int, source: Source) -> ParsedQuestion:
    text, key = take_id(prompt)
    return ParsedQuestion(
        key=key,
        line=line,
        prompt=source.capped(text.strip().strip("*").strip(), line),
        answer=source.capped(real_answer(_ANSWER.sub("", answer)), line),
    )


def _content(node: SyntaxTreeNode) -> str:
    return node.children[0].content if node.type in ("paragraph", "heading") and node.children else ""
