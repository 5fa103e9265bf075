"""The parts of a question that an editor may change, their rules and differences. Knows no form and no database."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from quizapp.catalogue.bounds import LEVELS, TAGS_MAX
from quizapp.catalogue.formats.markdown.conventions.dates import AS_OF_MAX_CHARS, iso_date
from quizapp.catalogue.html.rendering import FIELD_MAX_CHARS
from quizapp.catalogue.kinds.expected import read
from quizapp.catalogue.kinds.faults import NotExpected
from quizapp.catalogue.models import CHOICE_KINDS, EXPECTING_KINDS, KEY_MAX_CHARS, QuestionKind

CHOICES_MIN, CHOICES_MAX = 2, 8  # one is no choice; more than eight take longer to read than to decide
HINTS_MAX = 10  # each costs a quarter of the points
SOURCE_MAX_CHARS = 1024  # the width of the column

LABELS: Mapping[str, str] = {
    "prompt": "Question",
    "answer": "Answer",
    "must": "Must say",
    "bonus": "Bonus",
    "red_flags": "Red flags",
    "expected": "What is right",
    "hints": "Hints",
    "level": "Level",
    "source_url": "Source",
    "as_of": "Source checked",
    "tags": "Tags",
}


@dataclass(frozen=True, kw_only=True)
class ChoiceWording:
    """An option of a choice question."""

    id: int | None
    """The id of the stored Choice; None for an option that is being added."""
    text: str
    right: bool
    why: str


@dataclass(frozen=True, kw_only=True)
class Wording:
    """The parts of a question that the editor has a field for. All texts are Markdown, as `tidy` leaves them."""

    prompt: str
    answer: str
    must: tuple[str, ...]
    """Points that a right answer makes."""
    bonus: tuple[str, ...]
    """Points that a good answer makes beyond those."""
    red_flags: tuple[str, ...]
    """Statements that only a wrong answer makes."""
    choices: tuple[ChoiceWording, ...]
    hints: tuple[str, ...]
    """What helps to answer, from the first that is shown to the last."""
    expected: str
    """What is right, as it is written in a note; empty for kinds that have options or a text."""
    level: int | None
    """One of LEVELS; None if no level is given."""
    source_url: str
    """An http or https address, or empty."""
    as_of: str
    """When the source was last checked, such as 2026-11, or empty."""
    tags: tuple[str, ...]

    def without_lost_choices(self, saved: "Wording") -> "Wording":
        """The same wording, but an option that `saved` no longer has becomes a new one: its `id` is None."""
        ids = {choice.id for choice in saved.choices}
        return replace(
            self,
            choices=tuple(choice if choice.id in ids else replace(choice, id=None) for choice in self.choices),
        )


EMPTY = Wording(
    prompt="",
    answer="",
    must=(),
    bonus=(),
    red_flags=(),
    choices=(),
    hints=(),
    expected="",
    level=None,
    source_url="",
    as_of="",
    tags=(),
)


@dataclass(frozen=True, kw_only=True)
class Change:
    """A part of a question that differs between two wordings."""

    label: str
    """The part's name on pages."""
    before: str
    """Its older text; empty if the part is new."""
    after: str
    """Its newer text; empty if the part was removed."""


def without_ids(wording: Wording) -> Wording:
    """The same wording for another question, whose options are all new."""
    return replace(wording, choices=tuple(replace(choice, id=None) for choice in wording.choices))


def tidy(text: str) -> str:
    """A text as it is stored: line ends are LF, no NUL (PostgreSQL refuses it), no blank lines before or after it."""
    return text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n").strip("\n").rstrip()


def tidy_lines(lines: Iterator[str]) -> tuple[str, ...]:
    """Points of a guide, each on one line, without empty ones."""
    joined = (" ".join(part.strip() for part in tidy(line).split("\n")).strip() for line in lines)
    return tuple(line for line in joined if line)


def tidy_tags(names: Iterator[str]) -> tuple[str, ...]:
    """Tag names in alphabetical order, each once, with single spaces."""
    return tuple(sorted({" ".join(name.replace("\x00", "").split()) for name in names} - {""}))


def to_json(wording: Wording) -> dict[str, Any]:
    """A wording as the JSON data that a QuestionEdit stores."""
    return asdict(wording)


def from_json(kept: Mapping[str, Any]) -> Wording:
    """The wording in the JSON data of a QuestionEdit."""
    return Wording(
        prompt=kept["prompt"],
        answer=kept["answer"],
        must=tuple(kept["must"]),
        bonus=tuple(kept["bonus"]),
        red_flags=tuple(kept["red_flags"]),
        choices=tuple(ChoiceWording(**choice) for choice in kept["choices"]),
        hints=tuple(kept.get("hints", ())),  # older edits have neither
        expected=kept.get("expected", ""),
        level=kept["level"],
        source_url=kept["source_url"],
        as_of=kept["as_of"],
        tags=tuple(kept["tags"]),
    )


def changes(before: Wording, after: Wording) -> list[Change]:
    """The parts that differ between two wordings of one question, in the order of the editor's fields."""
    old, new = dict(_parts(before)), dict(_parts(after))
    return [
        Change(label=_label(key, before, after), before=old.get(key, ""), after=new.get(key, ""))
        for key in [*new, *(key for key in old if key not in new)]
        if old.get(key, "") != new.get(key, "")
    ]


def faults(wording: Wording, kind: QuestionKind, *, draft: bool, unfinished: bool = False) -> dict[str, str]:
    """The rules that a wording breaks: field name -> one sentence. A draft may stay without an answer.

    What is `unfinished`, which learners do not see, may also stay without options, or without what is right.
    """
    found = unaskable(wording, kind, draft=draft, unfinished=unfinished)
    if len(wording.hints) > HINTS_MAX:
        found["hints"] = (
            f"At most {HINTS_MAX} hints; these are {len(wording.hints)}. After four nothing is left to gain."
        )
    return found | _origin_faults(wording)


def unaskable(wording: Wording, kind: QuestionKind, *, draft: bool, unfinished: bool = False) -> dict[str, str]:
    """The faults with which a question cannot be asked, as in `faults`.

    All that counts where nothing is written anew: a file may say in its own words when an answer was last checked.
    """
    found = {
        name: f"At most {FIELD_MAX_CHARS:,} characters fit here."
        for name, text in _texts(wording).items()
        if len(text) > FIELD_MAX_CHARS
    }
    if not wording.prompt:
        found["prompt"] = "Write the question."
    if kind in CHOICE_KINDS:
        found |= _choice_faults(wording.choices, kind, unfinished=unfinished)
    elif kind in EXPECTING_KINDS:
        found |= {} if unfinished and not wording.expected else _expected_faults(wording.expected, kind)
    elif not wording.answer and not (draft or unfinished):
        found["answer"] = "Write an answer: without one this can no longer be asked."
    return found


def _choice_faults(choices: tuple[ChoiceWording, ...], kind: QuestionKind, *, unfinished: bool) -> dict[str, str]:
    right = sum(choice.right for choice in choices)
    if not (0 if unfinished else CHOICES_MIN) <= len(choices) <= CHOICES_MAX:
        sentence = f"A choice question has {CHOICES_MIN} to {CHOICES_MAX} options; this one would have {len(choices)}."
    elif not all(choice.text for choice in choices):
        sentence = "Every option needs a text. Tick Remove to take one out."
    elif any(max(len(choice.text), len(choice.why)) > FIELD_MAX_CHARS for choice in choices):
        sentence = f"An option and its reason have at most {FIELD_MAX_CHARS:,} characters each."
    elif unfinished:
        return {}
    elif kind is QuestionKind.SINGLE and right != 1:
        sentence = f"Exactly one option is right; {right} are ticked."
    elif kind is QuestionKind.MULTIPLE and right in (0, len(choices)):
        sentence = "At least one option is right and at least one is wrong."
    else:
        return {}
    return {"choices": sentence}


def _expected_faults(text: str, kind: QuestionKind) -> dict[str, str]:
    try:
        read(kind.value, text)
    except NotExpected as fault:
        return {"expected": str(fault)}
    return {}


def _origin_faults(wording: Wording) -> dict[str, str]:
    found = {}
    if wording.level is not None and wording.level not in LEVELS:
        found["level"] = f"A level is a number from {LEVELS[0]} to {LEVELS[-1]}."
    if wording.source_url and not is_web_address(wording.source_url):
        found["source_url"] = "A source is an address that begins with https:// or http://."
    elif len(wording.source_url) > SOURCE_MAX_CHARS:
        found["source_url"] = f"An address has at most {SOURCE_MAX_CHARS:,} characters."
    if wording.as_of and (iso_date(wording.as_of) is None or len(wording.as_of) > AS_OF_MAX_CHARS):
        found["as_of"] = "Write a year, a month or a day, such as 2026, 2026-11 or 2026-11-23."
    if len(wording.tags) > TAGS_MAX or any(len(tag) > KEY_MAX_CHARS for tag in wording.tags):
        found["tags"] = f"At most {TAGS_MAX} tags, each of at most {KEY_MAX_CHARS} characters."
    return found


def is_web_address(url: str) -> bool:
    """Whether `url` is an http(s) address. Blanks and control characters, which can hide a scheme, are refused."""
    try:
        parts = urlsplit(url)
    except ValueError:  # an unclosed bracket of an IPv6 address
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and url.isprintable() and " " not in url


def _texts(wording: Wording) -> dict[str, str]:
    """The fields that are one text each, as the editor shows them."""
    return {
        "prompt": wording.prompt,
        "answer": wording.answer,
        "must": "\n".join(wording.must),
        "bonus": "\n".join(wording.bonus),
        "red_flags": "\n".join(wording.red_flags),
        "expected": wording.expected,
        "hints": "\n".join(wording.hints),
    }


def _parts(wording: Wording) -> Iterator[tuple[str, str]]:
    """Every part of a question that can differ by itself: a key, which an edit does not change, and the part's text."""
    yield from _texts(wording).items()
    for number, choice in enumerate(wording.choices, start=1):
        key = f"choice {choice.id}" if choice.id is not None else f"new choice {number}"
        why = f"\nWhy: {choice.why}" if choice.why else ""
        yield key, f"{'Right' if choice.right else 'Wrong'}: {choice.text}{why}"
    yield "level", "" if wording.level is None else str(wording.level)
    yield "source_url", wording.source_url
    yield "as_of", wording.as_of
    yield "tags", ", ".join(wording.tags)


def _label(key: str, before: Wording, after: Wording) -> str:
    """The name of a part on pages. An option is called by its number in `after`, or in `before` if it was removed."""
    if key in LABELS:
        return LABELS[key]
    for wording in (after, before):
        for number, choice in enumerate(wording.choices, start=1):
            if key in (f"choice {choice.id}", f"new choice {number}"):
                return f"Option {number}"
    raise KeyError(key)
