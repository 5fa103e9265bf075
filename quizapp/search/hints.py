"""What may have been meant by a search that finds nothing, as by who comes from Anki or from a search of the web."""

import re
from collections.abc import Iterator

from quizapp.search.conditions import texts_in
from quizapp.search.language import All, Either, Node, parse
from quizapp.search.terms import NAMES, Tagged

_WITH_MINUS = re.compile(r"-(\w{2,})\Z")
_TERM = re.compile(r"([a-z]+):(.+)\Z", re.DOTALL)
_SIGNS = re.compile(r"[\\.\[\](){}^$|+?]")
# What Anki keeps as a tag, and is none here.
_ELSEWHERE = {
    "leech": "A leech is no tag here: is:leech finds them.",
    "marked": "Notes are not marked here; cards have flags, which flag:1 to flag:7 find.",
}
WORDS = "Words are found whole: a star finds what begins so, as in rout*."


def hint_for(query: str) -> str:
    """What to try in place of a query that finds nothing; empty if nothing comes to mind. Raises NotUnderstood."""
    asked = parse(query)
    said = next((_ELSEWHERE[tag] for tag in _tags_in(asked) if tag in _ELSEWHERE), None)
    texts = list(texts_in(asked))
    return said or next((hint for text in texts if (hint := _of_text(text))), WORDS if texts else "")


def _tags_in(node: Node) -> Iterator[str]:
    """The tags that a query looks for, not those that it excludes."""
    match node:
        case Tagged(pattern=pattern):
            yield pattern.lower()
        case All(parts=parts) | Either(parts=parts):
            for part in parts:
                yield from _tags_in(part)
        case _:
            return


def _of_text(text: str) -> str | None:
    """What a text that is looked for was perhaps meant to be."""
    minus, term = _WITH_MINUS.match(text), _TERM.match(text)
    if minus is not None:
        word = minus[1]
        return f'-{word} was looked for as an option of a command; -"{word}" in quotation marks leaves the word out.'
    if term is not None and term[1] in NAMES:
        return f"In quotation marks {text} is text. As a term, it has them after {term[1]}: or not at all."
    if text.startswith("*") and text.strip("*"):
        return f"A star at the beginning is text. Leave it out: {text.strip('*')} is found within longer names too."
    if "*" in text.strip("*"):
        made = ".*".join(_SIGNS.sub(r"\\\g<0>", part) for part in text.strip("*").split("*"))
        written = f'"{made}"' if " " in made else made
        return f"Within a word a star is text. What has anything in its place is found by re:{written}."
    return None
