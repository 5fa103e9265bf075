"""Finds out from the words of an answer which options are right. Pure: strings and options only."""

import re
from collections.abc import Sequence

from quizapp.catalogue.formats.markdown.blocks import Block
from quizapp.catalogue.formats.markdown.options import LETTER, Option, head_of, uncoded
from quizapp.catalogue.formats.markdown.wording import unwrapped

_KEY = re.compile(
    r"^\W{0,4}(?:(?:options?|choices?|both|answers?)\s+)?[(\[*`]{0,3}(?P<letters>[A-La-l](?![\w'])[)\].*`]{0,3}"
    r"(?:\s*(?:,|&|/|;|\+|\b(?:and|or|e|y|et|und|en|ve)\b)\s*[(\[*`]{0,3}[A-La-l](?![\w'])[)\].*`]{0,3})*)(?P<rest>[\s\S]*)$",
    re.IGNORECASE,
)
# "a) e c)", "A und C": what joins two letters, which as "e" is a letter too.
_JOINS = re.compile(r"\b(?:and|or|y|et|und|en|ve)\b|(?<=[\s)])e(?=\s\W{0,3}[A-L]\b)", re.IGNORECASE)
_JOINED = re.compile(r"^\W{0,4}(?P<letters>[A-L]{2,5})(?![\w'])(?P<rest>[\s\S]*)$")
_BETWEEN = re.compile(r"\s*[;,]\s*(?=[A-La-l][.):]\s)")  # "A. tar; C. gzip"
_ORDINAL = re.compile(
    r"^\W{0,3}(?:(?:option|choice|opt)\s?|[CO])?(?P<number>\d{1,2})(?![\w.:/])(?P<rest>[\s\S]*)$", re.IGNORECASE
)
_OF_KEY = re.compile(
    r"^(?P<letter>[A-La-l])[.)]?(?:\s*[-:\u2013\u2014(]\s*(?P<right>correct|right)\)?)?$", re.IGNORECASE
)
# "1,3": the places of several options, which have no letters.
_ORDINALS = re.compile(r"^\s*(?P<numbers>\d{1,2}(?:\s*(?:,|;|&|\band\b)\s*\d{1,2})+)(?=\s*(?:\n|$))(?P<rest>[\s\S]*)$")
_ENDS_NUMBER = re.compile(r"\s*(?:$|[\n).:,;(*_\u2013\u2014-])")
_BREAK = re.compile(r"^(?:\s*<br\s?/?>)+\s*", re.IGNORECASE)  # between "Correct answer:" and the answer


def use_key(options: Sequence[Option], answer: str) -> str | None:
    """Mark the options that an answer names by their letters, numbers or words; returns what the answer says beside.

    None if it names none; then no option is changed.
    """
    head, _, rest = _BREAK.sub("", answer).partition("\n")
    head = uncoded(head)
    answer = f"{head}\n{rest}" if rest else head
    several = [LETTER.match(part) for part in _BETWEEN.split(head)]
    known = {option.letter: option for option in options}
    if len(several) > 1 and all(one is not None and one["letter"].upper() in known for one in several):
        for one in several:
            known[one["letter"].upper() if one is not None else ""].right = True
        return rest.strip()
    same = [option for option in options if len(head) > 1 and _same(option.text, head)]
    for pattern in (_KEY, _JOINED) if not same else ():
        found = pattern.match(answer)
        if found is None:
            continue
        letters = re.findall(r"[A-L]", _JOINS.sub(" ", found["letters"]).upper())
        if letters and all(letter in known for letter in letters):
            for letter in letters:
                known[letter].right = True
            return _beside(found["rest"], [known[letter].text for letter in letters])
    if same := same or [option for option in options if _same(option.text, head)]:
        for option in same:
            option.right = True
        return answer[len(head) :].strip()
    if several_named := _named_by_words(options, head):
        for option in several_named:
            option.right = True
        return answer[len(head) :].strip()
    if (several_numbers := _ORDINALS.match(answer)) is not None:
        return _use_ordinals(options, several_numbers)
    ordinal = _ORDINAL.match(answer)
    if ordinal is not None and _ENDS_NUMBER.match(ordinal["rest"]) is None:
        return None  # "1 point" names no option
    if ordinal is not None and 1 <= int(ordinal["number"]) <= len(options) and not any(o.letter for o in options):
        option = options[int(ordinal["number"]) - 1]
        option.right = True
        return _beside(ordinal["rest"], [option.text])
    return None


def _use_ordinals(options: Sequence[Option], found: re.Match[str]) -> str | None:
    """As `use_key` for an answer that names several options by their places."""
    places = [int(number) - 1 for number in re.findall(r"\d+", found["numbers"])]
    if any(option.letter for option in options) or not set(places) <= {*range(len(options))}:
        return None
    for place in places:
        options[place].right = True
    return found["rest"].strip()


def _named_by_words(options: Sequence[Option], head: str) -> list[Option]:
    """The options that a line names one by one, `rmdir, rm`, or the only one that begins so, "255" of "255 bits"."""
    parts = [part for part in re.split(r"\s*(?:[;,]|\band\b)\s*", head.strip()) if part]
    named = [next((option for option in options if _same(option.text, part)), None) for part in parts]
    if len(parts) > 1 and all(named):
        return [option for option in named if option is not None]
    words = _words(head)
    begun = [option for option in options if words and _words(option.text).startswith(f"{words} ")]
    return begun if len(begun) == 1 else []


def use_lettered(options: Sequence[Option], block: Block) -> bool:
    """Mark the options by a list of their letters, `A`, `B - Correct`; returns whether the list is one."""
    found = [_OF_KEY.match(head_of(item)) for item in block.children]
    letters = [one["letter"].upper() for one in found if one is not None]
    known = {option.letter: option for option in options}
    if len(letters) != len(found) or letters != [option.letter for option in options]:
        return False
    for one in found:
        if one is not None and one["right"]:
            known[one["letter"].upper()].right = True
    return True


def _beside(rest: str, texts: Sequence[str]) -> str:
    """What an answer says beside its letters, without the repeated text of the option."""
    plain = rest.lstrip(" .):,*_\u2013\u2014-\t")
    head, _, tail = plain.partition("\n")
    if any(_same(text, head) for text in texts):
        return tail.strip()
    return plain.strip()


def _same(one: str, other: str) -> bool:
    return _words(one) == _words(other) != ""


def _words(text: str) -> str:
    return " ".join(unwrapped(text.strip()).strip("*_`.\"' ").lower().split())
