"""Reads questions from JSON, YAML and the front matter of notes: mappings that have a question, however deep. Pure.

People name the parts as they like (`correctAnswer`, `is_correct`, `answerIndex`), so the words below are looked for in
names without their signs and capitals. CrowdAnki's decks are read too.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from quizapp.catalogue.formats.bank import BankItem, ItemKind, foreign_key, note_of, question_of
from quizapp.catalogue.formats.bank_answer import FULL, BankAnswer
from quizapp.catalogue.formats.banks.data_options import BASE_UNKNOWN, Options, base_of, options_of
from quizapp.catalogue.formats.cards import cards_of
from quizapp.catalogue.formats.decoding import decoded
from quizapp.catalogue.formats.parsed import NoteWarning, ParsedNote, ParsedQuestion, Unreadable
from quizapp.catalogue.formats.tables import shown_text
from quizapp.catalogue.yaml_text import BadYaml, read_mapping

Fields = Mapping[str, Any]  # a mapping by its names as `_fields` writes them
_QUESTION = ("question", "questiontext", "prompt", "stem", "front", "q")
_BESIDE = ("text", "title", "term", "query", "statement")  # a question only beside options or an answer
_ANSWER = (
    "answer", "correctanswer", "correctanswers", "correct", "correctoption", "correctoptions", "correctoptionid",
    "correctchoice", "answerkey", "rightanswer", "back", "definition", "solution", "a", "answerindex", "correctindex",
    "correctanswerindex", "answerid", "answers",
)  # fmt: skip
_CARDS = ("front", "term")
_EXPLANATION = ("explanation", "rationale", "feedback", "reason", "explain", "answerexplanation")
_SECTION = ("category", "topic", "section", "domain", "subject", "deck", "module")
_NAMES = ("name", "title", "topic", "subject", "category")  # of what a list of questions stands in
_BANKS = ("questions", "quiz", "cards", "flashcards")  # fields of a front matter that hold questions
DEPTH_MAX = 20  # of mappings and lists in one another
_SIGNS = re.compile(r"[^a-z0-9]+")
_LIST = re.compile(r"\s*-\s")
SOUGHT_CHARS = 40  # of a question, by which its line is found


@dataclass(frozen=True, kw_only=True)
class _Found:
    """A mapping that asks."""

    fields: Fields
    section: str
    models: Mapping[str, str]
    """CrowdAnki's note types by their ids."""


def read_json(data: bytes, name: str) -> ParsedNote:
    """A JSON file as a note called `name`. Raises Unreadable."""
    text = decoded(data)
    try:
        whole = json.loads(text)
    except json.JSONDecodeError as error:
        raise Unreadable(f"This is no valid JSON: {error.msg.lower()}.", line=error.lineno) from None
    except (RecursionError, ValueError):
        raise Unreadable("The JSON is nested too deeply, or has a number that cannot be read.") from None
    return _note(whole, text, name, "JSON")


def read_yaml(data: bytes, name: str) -> ParsedNote:
    """A YAML file as a note called `name`. Raises Unreadable."""
    text = decoded(data)
    try:
        begun = next((line for line in text.split("\n") if line.strip() and line.strip() != "---"), "")
        whole = read_mapping(f"questions:\n{text.removeprefix('---')}" if _LIST.match(begun) else text).data
    except BadYaml as error:
        raise Unreadable(str(error), line=error.line) from None
    return _note(whole, text, name, "YAML")


def questions_in(front_matter: Mapping[str, Any], text: str) -> tuple[ParsedQuestion, ...]:
    """The questions that a note's front matter holds, as quizzes of some sites have them."""
    lists = {name: value for name, value in front_matter.items() if str(name).lower() in _BANKS or _holds_bank(value)}
    return tuple(question_of(item) for item in _items(lists, text)[0]) if lists else ()


def _holds_bank(value: Any) -> bool:
    """Whether a field of a front matter is a list of which each part is called `questions` or the like."""
    parts = value if isinstance(value, list) else []
    return bool(parts) and all(
        isinstance(one, dict) and any(str(name).lower() in _BANKS for name in one) for one in parts
    )


def _note(whole: Any, text: str, name: str, convention: str) -> ParsedNote:
    items, warnings = _items(whole, text)
    if not items:
        message = "No list of questions is in this file: give each a question, an answer, and options if it has some."
        raise Unreadable(message)
    title = whole.get("title") or whole.get("name") if isinstance(whole, dict) else None
    called = title if isinstance(title, str) and title.strip() else name
    return note_of(items, title=called, convention=convention, warnings=warnings)


def _items(whole: Any, text: str) -> tuple[list[BankItem], list[NoteWarning]]:
    """The questions in the order of the text, and what is told of all of them."""
    found = list(_asking(whole))
    options = [options_of(one.fields) for one in found]
    base = base_of(zip(options, (_first(one.fields, _ANSWER) for one in found), strict=True))
    items: list[BankItem] = []
    at = line = 0
    for one, own in zip(found, options, strict=True):
        asked = str(_question(one.fields) or next(iter(one.fields.get("fields", ())), ""))
        place = _place(text, asked, at)
        line, at = line + text.count("\n", at, place), place
        items += _items_of(one, own, base or 0, line + 1)
    message = "The number of the right option counts from 0 here, which nothing in the file says. Check one question."
    return items, [NoteWarning(line=1, message=message)] if base is BASE_UNKNOWN and items else []


def _items_of(one: _Found, options: Options, base: int, line: int) -> Iterator[BankItem]:
    fields = one.fields
    if "fields" in fields:
        notetype = one.models.get(str(fields.get("notemodeluuid", "")), "")
        texts = [str(text) for text in fields["fields"]]
        tags = [str(tag) for tag in fields.get("tags") or ()]
        guid = str(fields.get("guid", ""))
        yield from cards_of(texts, notetype=notetype, guid=guid, deck=one.section, tags=tags, html=True, line=line)
        return
    said = _first(fields, _ANSWER)
    why = _first(fields, _EXPLANATION)
    item = BankItem(
        kind=ItemKind.CARD if any(name in fields for name in _CARDS) and not options.texts else ItemKind.ESSAY,
        line=line,
        stem=shown_text(str(_question(fields))),
        key=_key(fields),
        feedback=shown_text(why) if isinstance(why, str) else "",
        section=_text(_first(fields, _SECTION)) or one.section,
        tags=tuple(str(tag) for tag in fields["tags"]) if isinstance(fields.get("tags"), list) else (),
        level=fields["difficulty"] if isinstance(fields.get("difficulty"), int) else None,
    )
    if options.texts:
        right = options.right(said, base)
        answers = [
            BankAnswer(
                text=shown_text(text), weight=FULL if place in right else 0, feedback=shown_text(options.whys[place])
            )
            for place, text in enumerate(options.texts)
        ]
        yield replace(item, kind=ItemKind.CHOICE, answers=tuple(answers), one_right=len(right) < 2)
    elif isinstance(said, bool):
        sides = (BankAnswer(text=word, weight=FULL if said is (word == "true") else 0) for word in ("true", "false"))
        yield replace(item, kind=ItemKind.TRUE_FALSE, answers=tuple(sides))
    else:
        values: list[Any] = said if isinstance(said, list) else [said]
        told = "\n\n".join(shown_text(str(text)) for text in values if isinstance(text, str | int | float))
        if item.kind is ItemKind.CARD:
            yield replace(item, feedback="\n\n".join(part for part in (told, item.feedback) if part))
        else:
            yield replace(item, answers=(BankAnswer(text=told, weight=FULL),) if told else ())


def _asking(whole: Any) -> Iterator[_Found]:
    """The mappings that ask, in the order of the text, each with the name of what it stands in."""
    models = {}
    if isinstance(whole, dict) and isinstance(whole.get("note_models"), list):
        known = [model for model in whole["note_models"] if isinstance(model, dict)]
        models = {str(model.get("crowdanki_uuid")): str(model.get("name", "")) for model in known}
    waiting: list[tuple[Any, str, int]] = [(whole, "", 0)]
    while waiting:
        value, section, depth = waiting.pop()
        if depth > DEPTH_MAX:
            continue
        if isinstance(value, list):
            waiting += [(one, section, depth + 1) for one in reversed(value)]
        elif isinstance(value, dict):
            fields = _fields(value)
            if _asks(fields):
                yield _Found(fields=fields, section=section, models=models)
                continue
            named = _text(_first(fields, _NAMES)) if depth else ""
            waiting += [(one, named or section, depth + 1) for one in reversed(list(value.values()))]


def _fields(mapping: Mapping[Any, Any]) -> Fields:
    return {_SIGNS.sub("", str(name).lower()): value for name, value in mapping.items()}


def _asks(fields: Fields) -> bool:
    if isinstance(fields.get("fields"), list) and "guid" in fields:
        return len(fields["fields"]) > 1  # a note of CrowdAnki
    return _question(fields) is not None


def _question(fields: Fields) -> str | None:
    """What a mapping asks; None for one that does not."""
    for name in _QUESTION:
        if isinstance(fields.get(name), str) and fields[name].strip():
            return str(fields[name])
    is_answered = options_of(fields).texts or isinstance(_first(fields, _ANSWER), str)
    named = next((name for name in _BESIDE if isinstance(fields.get(name), str) and fields[name].strip()), None)
    return str(fields[named]) if named is not None and is_answered else None


def _first(fields: Fields, names: Sequence[str]) -> Any:
    return next((fields[name] for name in names if fields.get(name) is not None), None)


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _key(fields: Fields) -> str | None:
    """The id of ours that a question has: others count anew in each file."""
    own = _text(fields.get("id"))
    return own if own and foreign_key("", own) == own else None


def _place(text: str, asked: str, at: int) -> int:
    """Where a question stands in the text behind `at`; `at` if it is written there in another way."""
    words = asked.strip().split("\n", 1)[0][:SOUGHT_CHARS]
    places = [
        text.find(form, at) for form in (words, json.dumps(words)[1:-1], json.dumps(words, ensure_ascii=False)[1:-1])
    ]
    return min((place for place in places if place >= 0), default=at)
