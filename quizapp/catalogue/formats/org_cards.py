"""Cards that other programs of Emacs keep in Org: anki-editor (`ANKI_NOTE_TYPE`) and org-fc (the tag `fc`). Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from quizapp.catalogue.formats.bank import BankItem, ItemKind, foreign_key
from quizapp.catalogue.formats.cards import cards_of
from quizapp.catalogue.formats.org_text import markdown_of

ANKI = "ANKI_NOTE_TYPE"
FC = "fc"
_FRONTS, _BACKS = frozenset({"front", "question", "text"}), frozenset({"back", "answer", "extra", "back extra"})
_GAP = re.compile(
    r"\{\{([^{}@:]{1,500})\}(?:\{[^{}]{0,200}\})?(?:@\d{1,3})?\}"
)  # of org-fc: {{text}@0}, {{text}{hint}@0}
_LOOSE_GAP = re.compile(r"\{\{([^{}@:]{1,500})\}\}")


@dataclass
class OrgHeading:
    """A heading with what stands below it."""

    line: int
    level: int
    title: str
    tags: frozenset[str]
    body: list[str] = field(default_factory=list)
    properties: dict[str, str] = field(default_factory=dict)
    planned: str = ""
    """Its line of dates."""
    children: list["OrgHeading"] = field(default_factory=list)


def is_card(node: OrgHeading) -> bool:
    """Whether a heading is a card of one of these programs."""
    return ANKI in node.properties or FC in node.tags


def items(node: OrgHeading, section: str) -> Iterator[BankItem]:
    """The cards of a heading: its fields below headings of their names, else the heading and what stands below it."""
    deck = node.properties.get("ANKI_DECK", "").replace("::", " / ") or section
    kind = node.properties.get(ANKI, node.properties.get("FC_TYPE", "")).lower()
    fronts = [whole(child) for child in node.children if child.title.strip().lower() in _FRONTS]
    backs = [whole(child) for child in node.children if child.title.strip().lower() in _BACKS]
    title, said = markdown_of([node.title]), markdown_of(node.body)
    if "cloze" in kind:
        text = _numbered(joined(*fronts) or said or title)
        guid = node.properties.get("ANKI_NOTE_ID", "")
        yield from cards_of([text, *backs], notetype=kind, guid=guid, deck=deck, tags=(), html=False, line=node.line)
        return
    front = joined(*fronts) or (joined(title, said) if backs else title)
    back = joined(*backs) or said or joined(*(whole(child) for child in node.children))
    own = node.properties.get("ID") or node.properties.get("ANKI_NOTE_ID")
    key = foreign_key("org", own) if own else None
    tags = tuple(node.tags - {FC, ""})
    item = BankItem(kind=ItemKind.CARD, line=node.line, key=key, stem=front, feedback=back, section=deck, tags=tags)
    yield item
    if "reversed" in kind or kind == "double":
        yield replace(item, key=None if key is None else f"{key}-2", stem=back, feedback=front)


def whole(node: OrgHeading) -> str:
    """What stands below a heading; deeper ones as bold lines."""
    parts = [markdown_of(node.body)]
    for child in node.children:
        parts += [f"**{markdown_of([child.title])}**", whole(child)]
    return joined(*parts)


def joined(*texts: str) -> str:
    """The texts that are not empty, as paragraphs."""
    return "\n\n".join(text for text in texts if text)


def _numbered(text: str) -> str:
    """A text with the gaps of org-fc as Anki has them, each with a number of its own."""
    if "{{c" in text:
        return text
    parts = _GAP.split(text)
    return "".join(f"{{{{c{at // 2 + 1}::{part}}}}}" if at % 2 else part for at, part in enumerate(parts))
