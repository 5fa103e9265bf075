"""Reads cards of org-drill: headings of Emacs' Org with the tag `drill`, the answer below a deeper heading. Pure.

org-drill 2.7.0 hides whatever stands in square brackets, dates and `arr[0]` too; here a bracket behind a word, and one
with a date, a box or a count in it, is text. An item that org-drill calls empty is a draft.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from quizapp.catalogue.formats import org_cards
from quizapp.catalogue.formats.bank import BankItem, ItemKind, foreign_key, note_of
from quizapp.catalogue.formats.decoding import decoded
from quizapp.catalogue.formats.learnt import StateElsewhere, sm2_state
from quizapp.catalogue.formats.org_cards import OrgHeading, joined, whole
from quizapp.catalogue.formats.org_text import markdown_of
from quizapp.catalogue.formats.parsed import ParsedNote, Unreadable

CONVENTION = "org-drill"
TAG = "drill"
_HEADING = re.compile(r"(\*{1,60})[ \t]+(.*?)(?:[ \t]+:((?:[\w@#%]+:)+))?[ \t]*$")
_DRAWER = re.compile(r"\s*:([\w-]+):\s*$")
_PROPERTY = re.compile(r"\s*:([\w-]+):\s+(\S.*)$")
HEADING_MAX_CHARS = 1_000
HEADINGS_MAX = 40_000  # of a file: 5,000 cards with seven deeper ones each; they are read in 0.7 s
_SCHEDULED = re.compile(r"\s*(?:SCHEDULED|DEADLINE|CLOSED):")
_DUE = re.compile(r"SCHEDULED:\s*<(\d{4})-(\d{2})-(\d{2})")
_TITLE = re.compile(r"#\+title:\s*(\S.*)$", re.IGNORECASE | re.MULTILINE)
# A gap with its hint; no link, footnote, date, box or count.
_GAP = re.compile(
    r"(?<![\w\]\[)])\[(?!\[|fn:|\d{4}-\d\d|[ xX-]?\]|\d*/\d*\]|\d*%\])"
    r"([^\[\]\n]{1,500}?)(?:\|\|([^\[\]\n]{0,200}))?\](?![\[(])"
)
_CODE = re.compile(r"[=~][^=~\n]{1,500}[=~]")
_SAYS_NOTHING = frozenset({"item", "card", "question", "q", "fråga", "frage", "drill", ""})


def looks_like_drill(text: str) -> bool:
    """Whether a text has a heading with the tag, or cards of Org's other programs."""
    return org_cards.ANKI in text or any(
        {TAG, org_cards.FC} & _tags(found) for line in text.split("\n") if (found := _heading(line)) is not None
    )


def read(data: bytes, name: str) -> ParsedNote:
    """The cards of an Org file as a note, called by its title or else `name`. Raises Unreadable."""
    text = decoded(data)
    title = _TITLE.search(text)
    root = _tree(text.split("\n"))
    found = [(item, state) for node, path in _cards(root, ()) for item, state in _items(node, path)]
    note = note_of((item for item, _ in found), title=title[1] if title else name, convention=CONVENTION)
    states = {item.line: state for item, state in found if state is not None}
    asked = enumerate(note.everything_asked)
    placed = tuple((place, states.pop(one.line)) for place, one in asked if one.line in states)
    return replace(note, states=placed)


def _heading(line: str) -> re.Match[str] | None:
    return _HEADING.match(line) if line[:1] == "*" and len(line) <= HEADING_MAX_CHARS else None


def _tags(found: re.Match[str]) -> frozenset[str]:
    return frozenset((found[3] or "").lower().strip(":").split(":"))


def _tree(lines: Sequence[str]) -> OrgHeading:
    """The headings in one another; what is in drawers and dates is apart from the text. Raises Unreadable."""
    root = OrgHeading(line=1, level=0, title="", tags=frozenset())
    path, drawer, headings = [root], "", 0
    for number, line in enumerate(lines, start=1):
        heading = _heading(line)
        if heading is not None:
            headings += 1
            if headings > HEADINGS_MAX:
                raise Unreadable(f"The file has more than {HEADINGS_MAX:,} headings. Split it.", line=number)
            node = OrgHeading(line=number, level=len(heading[1]), title=heading[2], tags=_tags(heading))
            while path[-1].level >= node.level:
                path.pop()
            path[-1].children.append(node)
            path.append(node)
            drawer = ""
        elif found := _DRAWER.match(line):
            drawer = "" if found[1].upper() == "END" else found[1].upper()
        elif drawer:
            if drawer == "PROPERTIES" and (kept := _PROPERTY.match(line)):
                path[-1].properties[kept[1].upper()] = kept[2].strip()
        elif _SCHEDULED.match(line) and not path[-1].body:
            path[-1].planned = line
        else:
            path[-1].body.append(line)
    return root


def _cards(node: OrgHeading, path: tuple[str, ...]) -> Iterator[tuple[OrgHeading, tuple[str, ...]]]:
    """The items, each with the headings above it; a heading below an item belongs to the item."""
    waiting = [(node, path)]
    while waiting:
        one, above = waiting.pop()
        if TAG in one.tags or org_cards.is_card(one):
            yield one, above
            continue
        below = (*above, one.title) if one.title else above
        waiting += [(child, below) for child in reversed(one.children)]


def _items(node: OrgHeading, path: Sequence[str]) -> Iterator[tuple[BankItem, StateElsewhere | None]]:
    """The card of an item, and its way back if both sides are asked, with the item's schedule."""
    if TAG not in node.tags:
        for card in org_cards.items(node, " / ".join(path)):
            yield card, None
        return
    said = markdown_of(node.body)
    sides = [whole(child) for child in node.children]
    key = foreign_key("org", node.properties["ID"]) if "ID" in node.properties else None
    tags = tuple(node.tags - {TAG, ""})
    item = BankItem(kind=ItemKind.CARD, line=node.line, key=key, stem="", section=" / ".join(path), tags=tags)
    titled = "" if node.title.strip().lower() in _SAYS_NOTHING else markdown_of([node.title])
    if node.properties.get("DRILL_CARD_TYPE", "") in ("twosided", "multisided") and len(sides) > 1:
        yield replace(item, stem=joined(said, sides[0]), feedback=joined(*sides[1:])), _state(node)
        back = None if key is None else f"{key}-2"
        yield replace(item, key=back, stem=joined(said, sides[1]), feedback=joined(sides[0], *sides[2:])), None
    elif not any(sides) and (gapped := _gapped(node.body)) is not None:
        yield replace(item, stem=markdown_of(gapped[0]), feedback=markdown_of(gapped[1])), _state(node)
    else:
        yield replace(item, stem=said or titled or node.title, feedback=joined(*sides)), _state(node)


def _gapped(lines: Sequence[str]) -> tuple[list[str], list[str]] | None:
    """The text with its gaps empty, and with them filled; None without a gap."""
    asked, filled, is_code = list[str](), list[str](), False
    for line in lines:
        mark = line.strip().lower()
        is_code = (is_code or mark.startswith("#+begin_src")) and not mark.startswith("#+end_src")
        hidden = _CODE.sub(lambda found: "\0" * len(found[0]), line)
        gaps = [] if is_code else list(_GAP.finditer(hidden))
        asked.append(_with(line, gaps, lambda gap: f"[{gap[2] or '…'}]"))
        filled.append(_with(line, gaps, lambda gap: f"*{gap[1]}*"))
    return (asked, filled) if asked != filled else None


def _with(line: str, gaps: Sequence[re.Match[str]], said: Callable[[re.Match[str]], str]) -> str:
    out, at = [], 0
    for gap in gaps:
        out += [line[at : gap.start()], said(gap)]
        at = gap.end()
    return "".join([*out, line[at:]])


def _state(node: OrgHeading) -> StateElsewhere | None:
    """The schedule that org-drill keeps of an item; None without one."""
    due = _DUE.search(node.planned)
    if due is None:
        return None
    try:
        return sm2_state(
            due=date(int(due[1]), int(due[2]), int(due[3])),
            interval=float(node.properties["DRILL_LAST_INTERVAL"]),
            ease=float(node.properties["DRILL_EASE"]),
        )
    except (KeyError, ValueError):
        return None
