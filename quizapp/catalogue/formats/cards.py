"""Turns a note of Anki into flashcards: basic and reversed note types, and gaps (cloze). Pure."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from quizapp.catalogue.formats.bank import BankItem, ItemKind, foreign_key
from quizapp.catalogue.formats.gap_words import numbers_of, with_gap
from quizapp.catalogue.formats.html_text import Converted, markdown_of
from quizapp.catalogue.formats.wording import plain

_SOUND = re.compile(r"\[sound:([^\]\n]{1,300})\]")
GAPS_MAX = 100  # cards of one note; Anki itself takes 500
# What Anki says of a learner's cards in tags of its own; its export without schedules leaves these out too.
PERSONAL_TAGS = frozenset({"leech", "marked"})


def cards_of(
    fields: Sequence[str], *, notetype: str, guid: str, deck: str, tags: Sequence[str], html: bool, line: int
) -> Iterator[BankItem]:
    """The cards of a note with these fields, the front first; what each card is, its note type's name says."""
    texts = [*fields, "", ""]
    made = partial(
        BankItem,
        kind=ItemKind.CARD,
        line=line,
        tags=tuple(tag for tag in tags if tag.lower() not in PERSONAL_TAGS),
        section=deck.replace("::", " / ").replace("\x1f", " / "),
    )
    key = foreign_key("anki", guid) if guid else None
    gaps = numbers_of(texts[0]) if "{{c" in texts[0] else []
    if gaps:
        yield from _gap_cards(made, key, texts, gaps[:GAPS_MAX], html=html)
        return
    front, back = _markdown(texts[0], html=html), _markdown(texts[1], html=html)
    kind = notetype.lower()
    optional = "optional" in kind
    reversed_too = "reversed" in kind and (not optional or bool(texts[2].strip()))
    rest = [_markdown(text, html=html) for text in fields[3 if optional else 2 :] if text.strip()]
    said = _sounds_said(front, back, *rest)
    behind = "\n\n".join(part.text for part in (back, *rest) if part.text)
    yield made(key=key, stem=front.text, feedback=behind, warnings=said)
    if reversed_too:
        yield made(key=None if key is None else f"{key}-2", stem=back.text, feedback=front.text)


def _gap_cards(
    made: Callable[..., BankItem], of_note: str | None, texts: Sequence[str], gaps: Sequence[int], *, html: bool
) -> Iterator[BankItem]:
    """A card for each number of a gap, as Anki makes them."""
    extra = [_markdown(text, html=html) for text in texts[1:] if text.strip()]
    for number in gaps:
        front = _markdown(with_gap(texts[0], number), html=html)
        whole = _markdown(with_gap(texts[0], None), html=html)
        key = of_note if of_note is None or number == gaps[0] else f"{of_note}-{number}"
        answer = "\n\n".join(part.text for part in (whole, *extra) if part.text)
        said = _sounds_said(whole, *extra) if number == gaps[0] else ()
        yield made(key=key, stem=front.text, feedback=answer, warnings=said)


def _markdown(text: str, *, html: bool) -> Converted:
    sounds = tuple(_SOUND.findall(text)) if "[sound:" in text else ()
    shown = markdown_of(text) if html else Converted(text=plain(text))
    return Converted(text=shown.text, media=sounds)


def _sounds_said(*texts: Converted) -> tuple[str, ...]:
    sounds = [name for text in texts for name in text.media]
    return (f"Its sounds are not imported: {', '.join(sounds)[:300]}.",) if sounds else ()
