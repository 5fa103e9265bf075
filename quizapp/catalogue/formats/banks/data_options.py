"""The options of a question in JSON or YAML and which of them are right, however people write that. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_OPTIONS = ("options", "choices", "answers", "answeroptions", "possibleanswers", "alternatives", "variants")
_WRONG = ("incorrectanswers", "wronganswers", "distractors")
_CORRECT = ("correctanswer", "correct", "answer")  # beside the wrong ones alone
_TEXT = ("text", "option", "answer", "value", "label", "content", "choice", "answertext", "title", "body")
_RIGHT = ("correct", "iscorrect", "right", "isright", "isanswer", "iscorrectanswer")
_WHY = ("explanation", "feedback", "rationale", "why")
_ID = ("id", "letter", "key")
_SIGNS = re.compile(r"[^a-z0-9]+")
_LETTERS = re.compile(r"[A-Ha-h](?:\s*[,|;/&]?\s*[A-Ha-h])*$")
_LETTER = re.compile(r"[A-Ha-h][.):]\s+")
BASE_UNKNOWN = None
OPTIONS_MAX = 26


@dataclass(frozen=True, kw_only=True)
class Options:
    """The options of a question."""

    texts: Sequence[str] = ()
    whys: Sequence[str] = ()
    ids: Sequence[str] = ()
    """What each is called, such as "b"; empty without names."""
    marked: frozenset[int] = frozenset()
    """The places of those that say themselves that they are right."""

    def right(self, said: Any, base: int) -> frozenset[int]:
        """The places of the right ones: those that say so, or those that the question names."""
        if self.marked:
            return self.marked
        values = said if isinstance(said, list) else [said]
        return frozenset(place for value in values for place in self._places(value, base))

    def _places(self, value: Any, base: int) -> Iterable[int]:
        """The places that a text, an id, letters or a number from `base` on names."""
        if isinstance(value, int) and not isinstance(value, bool):
            return [value - base] if 0 <= value - base < len(self.texts) else []
        word = str(value).strip().lower()
        same = [place for place, text in enumerate(self.texts) if text.strip().lower() == word and word]
        same = same or [place for place, name in enumerate(self.ids) if name.lower() == word and word]
        if same or not isinstance(value, str):
            return same
        if _LETTERS.match(word):
            return [
                ord(letter) - ord("a") for letter in re.findall("[a-h]", word) if ord(letter) - 97 < len(self.texts)
            ]
        return (
            [int(word) - base] if word.isdigit() and len(word) < 3 and 0 <= int(word) - base < len(self.texts) else []
        )


def options_of(fields: Mapping[str, Any]) -> Options:
    """The options of a question's fields; none if it has not two."""
    for name in _OPTIONS:
        value = fields.get(name)
        if isinstance(value, list) and 1 < len(value) <= OPTIONS_MAX:
            return _listed(value)
        if isinstance(value, dict) and 1 < len(value) <= OPTIONS_MAX:
            texts = [str(text) for text in value.values()]
            return Options(texts=texts, whys=[""] * len(texts), ids=[str(one) for one in value])
    wrong = next((fields[name] for name in _WRONG if isinstance(fields.get(name), list)), None)
    correct = next((fields[name] for name in _CORRECT if isinstance(fields.get(name), str)), None)
    if wrong and correct is not None:
        texts = [correct, *map(str, wrong)][:OPTIONS_MAX]
        return Options(texts=texts, whys=[""] * len(texts), marked=frozenset({0}))
    return Options()


def base_of(asked: Iterable[tuple[Options, Any]]) -> int | None:
    """The number of the first option: 0 or 1, as the numbers of all questions say; BASE_UNKNOWN if they fit both."""
    numbers = [
        (value, len(options.texts))
        for options, said in asked
        if options.texts and not options.marked
        for value in (said if isinstance(said, list) else [said])
        if isinstance(value, int) and not isinstance(value, bool)
    ]
    if any(value == 0 for value, _ in numbers) or not numbers:
        return 0
    return 1 if any(value == count for value, count in numbers) else BASE_UNKNOWN


def _listed(values: Sequence[Any]) -> Options:
    texts, whys, ids, marked = [], [], [], set()
    for place, value in enumerate(values):
        parts = (
            {_SIGNS.sub("", str(name).lower()): part for name, part in value.items()} if isinstance(value, dict) else {}
        )
        text = next((parts[name] for name in _TEXT if isinstance(parts.get(name), str | int | float)), None)
        text = value if not isinstance(value, dict) else text
        texts.append(_LETTER.sub("", str(text if text is not None else ""), count=1))
        whys.append(next((parts[name] for name in _WHY if isinstance(parts.get(name), str)), ""))
        ids.append(str(next((parts[name] for name in _ID if parts.get(name) is not None), "")))
        if any(parts.get(name) in (True, "true", "True") for name in _RIGHT):
            marked.add(place)
    return Options(texts=texts, whys=whys, ids=ids, marked=frozenset(marked))
